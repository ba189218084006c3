public import HTTPTransport
public import XMLTree

/// A SOAP request: header blocks and one body element.
public struct SOAPMessage: Hashable, Sendable {
  public var version: SOAPVersion
  /// The action URI of the operation, without quotes; `""` when the service asks for none.
  public var action: String
  public var headers: [XMLElement]
  public var body: XMLElement
  /// Namespace → prefix for header and body. The envelope is `soap`, WS-Security `wsse` and `wsu`,
  /// unless this says otherwise.
  public var prefixes: [String: String]

  public init(
    _ version: SOAPVersion, action: String, headers: [XMLElement] = [], body: XMLElement,
    prefixes: [String: String] = [:]
  ) {
    self.version = version
    self.action = action
    self.headers = headers
    self.body = body
    self.prefixes = prefixes
  }

  /// The envelope with its content.
  public var envelope: XMLElement {
    func part(_ local: String, _ children: [XMLElement]) -> XMLNode {
      .element(
        XMLElement(
          XMLName(local, in: version.namespace), children: children.map { .element($0) }))
    }
    let header = headers.isEmpty ? [] : [part("Header", headers)]
    return XMLElement(
      XMLName("Envelope", in: version.namespace), children: header + [part("Body", [body])])
  }

  /// The envelope as UTF-8.
  ///
  /// - Throws: ``XMLFault`` with `cannot_write` for content that XML cannot carry.
  public func encoded() throws(XMLFault) -> [UInt8] {
    var all = prefixes
    if all[version.namespace] == nil { all[version.namespace] = "soap" }
    if !headers.isEmpty {
      for (namespace, prefix) in WSSecurity.prefixes
      where all[namespace] == nil && headers.contains(where: { $0.mentions(namespace) }) {
        all[namespace] = prefix
      }
    }
    return try XMLWriter.write(envelope, prefixes: all)
  }

  /// The HTTP request that carries the message.
  ///
  /// SOAP 1.1 sends `text/xml` and always a quoted `SOAPAction`; SOAP 1.2 sends the action as a
  /// parameter of `application/soap+xml` (RFC 3902) and leaves it out when it is empty.
  ///
  /// - Parameter headers: Further header fields, such as an authorization.
  public func request(
    to url: String, headers: HTTPHeaders = [:], timeout: Duration = HTTPRequest.defaultTimeout
  ) throws(XMLFault) -> HTTPRequest {
    var fields = headers
    switch version {
    case .soap11:
      fields["Content-Type"] = "text/xml; charset=utf-8"
      fields["SOAPAction"] = quoted(action)
    case .soap12:
      let parameter = action.isEmpty ? "" : "; action=\(quoted(action))"
      fields["Content-Type"] = "application/soap+xml; charset=utf-8\(parameter)"
    }
    if fields["Accept"] == nil {
      fields["Accept"] = version == .soap11 ? "text/xml" : "application/soap+xml"
    }
    return HTTPRequest(.post, url, headers: fields, body: try encoded(), timeout: timeout)
  }

  /// A quoted-string of RFC 9110.
  private func quoted(_ text: String) -> String {
    let quote = UInt8(ascii: "\"")
    let slash = UInt8(ascii: "\\")
    var bytes = [quote]
    for byte in text.utf8 {
      if byte == quote || byte == slash { bytes.append(slash) }
      bytes.append(byte)
    }
    return String(decoding: bytes + [quote], as: UTF8.self)
  }
}

extension XMLElement {
  /// Whether this element or one in it has a name or attribute in that namespace.
  fileprivate func mentions(_ namespace: String) -> Bool {
    name.namespace == namespace || attributes.contains { $0.name.namespace == namespace }
      || elements.contains { $0.mentions(namespace) }
  }
}
