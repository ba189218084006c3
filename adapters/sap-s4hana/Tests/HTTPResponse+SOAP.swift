import HTTPTransport

extension HTTPResponse {
  /// A SOAP 1.1 envelope around `body`.
  static func soap(_ status: Int, _ body: String) -> HTTPResponse {
    let envelope =
      #"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>"#
      + body + "</s:Body></s:Envelope>"
    return HTTPResponse(status: status, body: [UInt8](envelope.utf8))
  }
}
