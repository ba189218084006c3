import HTTPTransport

extension HTTPResponse {
  static func json(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: [UInt8](body.utf8))
  }
}
