import HTTPTransport

extension HTTPResponse {
  /// A SOAP 1.1 envelope around `body`.
  static func soap(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
    let envelope =
      #"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:j="urn:generic-erp:journal:1">"#
      + "<s:Body>\(body)</s:Body></s:Envelope>"
    return HTTPResponse(status: status, headers: headers, body: [UInt8](envelope.utf8))
  }
}
