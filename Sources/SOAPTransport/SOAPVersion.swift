/// The two versions of SOAP and what differs between them on the wire.
public enum SOAPVersion: String, Hashable, Sendable, CaseIterable {
  /// W3C Note, 8 May 2000.
  case soap11 = "1.1"
  /// W3C Recommendation, second edition, 27 April 2007.
  case soap12 = "1.2"

  /// The namespace of the envelope.
  public var namespace: String {
    switch self {
    case .soap11: "http://schemas.xmlsoap.org/soap/envelope/"
    case .soap12: "http://www.w3.org/2003/05/soap-envelope"
    }
  }

  /// The version whose envelope has that namespace.
  public init?(namespace: String) {
    guard let version = Self.allCases.first(where: { $0.namespace == namespace }) else {
      return nil
    }
    self = version
  }

  /// How a header block says that the receiver must understand it.
  var mustUnderstand: String {
    switch self {
    case .soap11: "1"
    case .soap12: "true"
    }
  }
}
