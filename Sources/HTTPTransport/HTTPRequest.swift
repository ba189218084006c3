/// One request, sent at most once.
public struct HTTPRequest: Hashable, Sendable {
  /// Longest time a request takes unless it says otherwise.
  public static let defaultTimeout = Duration.seconds(30)

  public var method: HTTPMethod
  /// Absolute, `http` or `https`, already percent-encoded, without user and password.
  public var url: String
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// From the call to the last byte of the answer, a wait for a free connection included.
  public var timeout: Duration

  public init(
    _ method: HTTPMethod,
    _ url: String,
    headers: HTTPHeaders = [:],
    body: [UInt8] = [],
    timeout: Duration = HTTPRequest.defaultTimeout
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
  }
}
