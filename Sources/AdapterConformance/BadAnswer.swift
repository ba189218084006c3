/// What comes instead of an answer that can be read.
public enum BadAnswer: String, Hashable, Sendable, CaseIterable {
  /// Booked, and half of the answer comes.
  case truncated
  /// Booked, and an answer without a body.
  case empty
  /// Booked, and values of other types than are expected.
  case otherTypes
  /// Booked, and an answer in another format: XML.
  case otherFormat
  /// Booked, and a page for people.
  case page
  /// Booked, and a success with an error inside, in a shape that is nobody's.
  case errorInside
  /// Booked, and the answer in another encoding.
  case otherEncoding
  /// Booked, and an answer larger than anybody reads: five gigabytes.
  case endless
  /// Booked, and the answer comes after our time limit.
  case slow
  /// Not booked: the session or token has just expired.
  case expiredSession
  /// Not booked: the certificate is not that of the server.
  case foreignCertificate

  /// Whether the ERP booked the entry before the answer went bad.
  public var isBooked: Bool { self != .expiredSession && self != .foreignCertificate }

  /// The bytes of the answer; nil where it is not the body that is bad, or the true answer is needed.
  var body: [UInt8]? {
    switch self {
    case .empty: []
    case .otherTypes:
      Array(#"{"id":{},"result":7,"status":1,"number":[],"results":"none","items":null}"#.utf8)
    case .otherFormat:
      Array(
        "<?xml version=\"1.0\"?><Result><Status>posted</Status><Number>7</Number></Result>".utf8)
    case .page: Array("<!doctype html><html><body><h1>Sign in</h1></body></html>".utf8)
    case .errorInside:
      Array(#"{"error":{"code":"internal","message":"Something went wrong"}}"#.utf8)
    case .truncated, .otherEncoding, .endless, .slow, .expiredSession, .foreignCertificate: nil
    }
  }
}
