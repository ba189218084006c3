/// An answer, whatever its status: 404 and 500 are answers too.
public struct HTTPResponse: Hashable, Sendable {
  /// 200 to 599; interim answers (1xx) are left out.
  public var status: Int
  public var headers: HTTPHeaders
  /// Decoded when the server compressed it.
  public var body: [UInt8]

  public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The status is 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }

  /// The body as UTF-8; wrong bytes become U+FFFD.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
