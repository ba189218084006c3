/// What goes back over HTTP.
public struct WireResponse: Sendable {
  public enum Body: Sendable {
    case whole([UInt8])
    /// Pieces until nil; for answers larger than memory should hold.
    case pieces(@Sendable () -> @Sendable () async -> [UInt8]?)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body

  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = .whole(body)
  }

  public init(
    status: Int, contentType: String,
    pieces: @escaping @Sendable () -> @Sendable () async -> [UInt8]?
  ) {
    self.status = status
    headers = [("Content-Type", contentType)]
    body = .pieces(pieces)
  }

  static func json(
    _ value: JSONText, status: Int = 200, contentType: String = "application/json"
  ) -> WireResponse {
    WireResponse(status: status, headers: [("Content-Type", contentType)], body: value.bytes)
  }
}

/// What an exchange comes to: an answer, or none.
enum WireOutcome: Sendable {
  case answer(WireResponse)
  /// The connection is closed without a byte.
  case close
  /// The connection is reset.
  case reset
}
