import XMLTree

/// How SAP's several layers word answers and troubles.
enum SAPWords {
  static func answer(_ content: XMLElement, in version: SOAPVersion) -> WireResponse {
    envelope(content, in: version, status: 200)
  }

  /// A trouble of the SOAP service. Faults come from the runtime, pages from the layer in front of it.
  static func soap(_ version: SOAPVersion) -> @Sendable (Trouble) -> WireResponse {
    { $0.status == 500 ? fault($0, in: version) : page($0) }
  }

  static func fault(_ trouble: Trouble, in version: SOAPVersion) -> WireResponse {
    let isSenders = trouble.status < 500
    let content: XMLElement
    switch version {
    case .v11:
      content = XMLElement(
        version.name("Fault"),
        children: [
          .element(.plain("faultcode", "soap-env:\(isSenders ? "Client" : "Server")")),
          .element(.plain("faultstring", trouble.message)),
        ])
    case .v12:
      let value = XMLElement(
        version.name("Value"), text: "env:\(isSenders ? "Sender" : "Receiver")")
      let language = XMLAttribute(
        XMLName("lang", in: "http://www.w3.org/XML/1998/namespace"), "en")
      let text = XMLElement(version.name("Text"), attributes: [language], text: trouble.message)
      content = XMLElement(
        version.name("Fault"),
        children: [
          .element(XMLElement(version.name("Code"), children: [.element(value)])),
          .element(XMLElement(version.name("Reason"), children: [.element(text)])),
        ])
    }
    return envelope(content, in: version, status: 500)
  }

  private static func envelope(
    _ content: XMLElement, in version: SOAPVersion, status: Int
  ) -> WireResponse {
    let envelope = XMLElement(
      version.name("Envelope"),
      children: [
        .element(XMLElement(version.name("Header"))),
        .element(XMLElement(version.name("Body"), children: [.element(content)])),
      ])
    let type = version == .v11 ? "text/xml" : "application/soap+xml"
    let prefix = version == .v11 ? "soap-env" : "env"
    do throws(XMLFault) {
      return WireResponse(
        status: status, headers: [("Content-Type", "\(type); charset=utf-8")],
        body: try XMLWriter.write(
          envelope,
          prefixes: [version.namespace: prefix, SAPSchema.namespace: "n0"]))
    } catch {
      return page(Trouble(status: 500, code: "malformed", message: error.detail))
    }
  }

  /// Pages of the web layer; 429 has none.
  @Sendable static func page(_ trouble: Trouble) -> WireResponse {
    var response = WireResponse(status: trouble.status)
    if trouble.status != 429 {
      response.headers = [("Content-Type", "text/html; charset=utf-8")]
      response.body = .whole(
        Array(
          """
          <html><head><title>\(title(trouble.status))</title></head>
          <body><h1>\(title(trouble.status))</h1><p>\(trouble.message.withoutMarkup)</p></body></html>
          """.utf8))
    }
    if let seconds = trouble.retryAfter {
      response.headers.append(("Retry-After", String(seconds)))
    }
    return response
  }

  static let logon: WireResponse = {
    var response = page(
      Trouble(status: 401, code: "unauthorized", message: "Logon failed"))
    response.headers.append(
      ("WWW-Authenticate", "Basic realm=\"SAP NetWeaver Application Server\""))
    return response
  }()

  private static func title(_ status: Int) -> String {
    switch status {
    case 401: "Logon Error Message"
    case 404: "404 Not found"
    case 503: "503 Service Unavailable"
    default: "\(status) Application Server Error"
    }
  }

  /// Faults of the gateway are JSON as its answers are; what is in front of it says pages.
  @Sendable static func odata(_ trouble: Trouble) -> WireResponse {
    guard [400, 404, 405, 422, 500].contains(trouble.status) else { return page(trouble) }
    return .json(
      .object([
        (
          "error",
          .object([
            ("code", .string("/IWBEP/\(trouble.code)")),
            (
              "message",
              .object([("lang", "en"), ("value", .string(trouble.message))])
            ), ("innererror", .object([("transactionid", "0")])),
          ])
        )
      ]), status: trouble.status)
  }
}

extension String {
  fileprivate var withoutMarkup: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }
}
