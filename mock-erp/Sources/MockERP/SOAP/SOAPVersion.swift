import XMLTree

/// The two versions of SOAP and how each words answers and faults.
enum SOAPVersion: Sendable {
  case v11
  case v12

  init?(namespace: String) {
    switch namespace {
    case "http://schemas.xmlsoap.org/soap/envelope/": self = .v11
    case "http://www.w3.org/2003/05/soap-envelope": self = .v12
    default: return nil
    }
  }

  var namespace: String {
    switch self {
    case .v11: "http://schemas.xmlsoap.org/soap/envelope/"
    case .v12: "http://www.w3.org/2003/05/soap-envelope"
    }
  }

  private var prefix: String { self == .v11 ? "soap" : "env" }

  private var contentType: String {
    self == .v11 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8"
  }

  func name(_ local: String) -> XMLName { XMLName(local, in: namespace) }

  /// The response element of an operation inside an envelope.
  func answer(_ operation: String, _ children: [XMLElement]) -> WireResponse {
    respond(
      200,
      XMLElement(
        XMLName("\(operation)Response", in: GenericSOAP.namespace),
        children: children.map { .element($0) }))
  }

  /// Words a trouble as a fault.
  var word: @Sendable (Trouble) -> WireResponse {
    { trouble in
      var response = respond(status(of: trouble), fault(trouble))
      if let seconds = trouble.retryAfter {
        response.headers.append(("Retry-After", String(seconds)))
      }
      return response
    }
  }

  // MARK: Parts

  private func respond(_ status: Int, _ content: XMLElement) -> WireResponse {
    let envelope = XMLElement(
      name("Envelope"),
      children: [.element(XMLElement(name("Body"), children: [.element(content)]))])
    let prefixes = [
      namespace: prefix, GenericSOAP.namespace: "g", SOAPUser.namespace: "wsse",
    ]
    do throws(XMLFault) {
      return WireResponse(
        status: status, headers: [("Content-Type", contentType)],
        body: try XMLWriter.write(envelope, prefixes: prefixes))
    } catch {
      // A text in the books has a character that XML cannot carry.
      return WireResponse(status: 500, headers: [("Content-Type", "text/plain")])
    }
  }

  /// Whether the sender is to blame; a planted status never says so.
  private func isSenders(_ trouble: Trouble) -> Bool {
    [400, 401, 404, 405, 413, 422].contains(trouble.status) && trouble.code != "planted"
  }

  private func status(of trouble: Trouble) -> Int {
    guard isSenders(trouble) else { return trouble.status }
    return self == .v11 ? 500 : 400
  }

  private func code(of trouble: Trouble) -> String {
    switch (trouble.code, self) {
    case ("version_mismatch", _): "\(prefix):VersionMismatch"
    case ("must_understand", _): "\(prefix):MustUnderstand"
    case ("unauthorized", .v11): "wsse:FailedAuthentication"
    case (_, .v11): isSenders(trouble) ? "soap:Client" : "soap:Server"
    case (_, .v12): isSenders(trouble) ? "env:Sender" : "env:Receiver"
    }
  }

  private func fault(_ trouble: Trouble) -> XMLElement {
    var problem = [
      XMLElement.own("Code", trouble.code), XMLElement.own("Message", trouble.message),
    ]
    if let field = trouble.field { problem.append(.own("Field", field)) }
    let detail = XMLElement.own("Problem", problem)
    switch self {
    case .v11:
      return XMLElement(
        name("Fault"),
        children: [
          .element(XMLElement(XMLName("faultcode"), text: code(of: trouble))),
          .element(XMLElement(XMLName("faultstring"), text: trouble.message)),
          .element(XMLElement(XMLName("detail"), children: [.element(detail)])),
        ])
    case .v12:
      var code = [XMLNode.element(XMLElement(name("Value"), text: code(of: trouble)))]
      if trouble.code == "unauthorized" {
        let value = XMLElement(name("Value"), text: "wsse:FailedAuthentication")
        code.append(.element(XMLElement(name("Subcode"), children: [.element(value)])))
      }
      let language = XMLAttribute(
        XMLName("lang", in: "http://www.w3.org/XML/1998/namespace"), "en")
      let text = XMLElement(name("Text"), attributes: [language], text: trouble.message)
      return XMLElement(
        name("Fault"),
        children: [
          .element(XMLElement(name("Code"), children: code)),
          .element(XMLElement(name("Reason"), children: [.element(text)])),
          .element(XMLElement(name("Detail"), children: [.element(detail)])),
        ])
    }
  }
}

extension XMLElement {
  /// An element of the dialect's namespace that holds a text.
  static func own(_ local: String, _ text: String) -> XMLElement {
    XMLElement(XMLName(local, in: GenericSOAP.namespace), text: text)
  }

  /// An element of the dialect's namespace that holds elements.
  static func own(_ local: String, _ elements: [XMLElement]) -> XMLElement {
    XMLElement(XMLName(local, in: GenericSOAP.namespace), children: elements.map { .element($0) })
  }
}
