public import XMLTree

/// A fault as the service stated it.
public struct SOAPFault: Hashable, Sendable {
  public var version: SOAPVersion
  /// Without its prefix: `Client`, `Server.userException` in SOAP 1.1; `Sender`, `Receiver` in 1.2.
  public var code: String
  /// SOAP 1.2 only, the outermost first, without prefixes.
  public var subcodes: [String]
  /// In English where the service gives several languages.
  public var reason: String
  /// Who found the fault: the actor of SOAP 1.1, the role of SOAP 1.2.
  public var actor: String?
  /// The `detail` element itself, with the service's own elements in it.
  public var detail: XMLElement?

  public init(
    version: SOAPVersion, code: String, subcodes: [String] = [], reason: String,
    actor: String? = nil, detail: XMLElement? = nil
  ) {
    self.version = version
    self.code = code
    self.subcodes = subcodes
    self.reason = reason
    self.actor = actor
    self.detail = detail
  }

  /// Reads a `Fault` element; parts that are missing stay empty.
  init(_ element: XMLElement, version: SOAPVersion) {
    self.version = version
    switch version {
    case .soap11:
      // The parts are in no namespace; some services put them into the envelope's.
      func part(_ local: String) -> XMLElement? {
        element.first(XMLName(local)) ?? element.first(XMLName(local, in: version.namespace))
      }
      code = Self.local(part("faultcode")?.trimmedText)
      subcodes = []
      reason = part("faultstring")?.trimmedText ?? ""
      actor = part("faultactor")?.trimmedText
      detail = part("detail")
    case .soap12:
      func name(_ local: String) -> XMLName { XMLName(local, in: version.namespace) }
      code = Self.local(element.first([name("Code"), name("Value")])?.trimmedText)
      var inner = element.first([name("Code"), name("Subcode")])
      subcodes = []
      while let subcode = inner {
        subcodes.append(Self.local(subcode.first(name("Value"))?.trimmedText))
        inner = subcode.first(name("Subcode"))
      }
      let texts = element.first(name("Reason"))?.all(name("Text")) ?? []
      let language = XMLName("lang", in: "http://www.w3.org/XML/1998/namespace")
      let english = texts.first { $0.attribute(language)?.lowercased().hasPrefix("en") == true }
      reason = (english ?? texts.first)?.trimmedText ?? ""
      actor = element.first(name("Role"))?.trimmedText
      detail = element.first(name("Detail"))
    }
  }

  private static func local(_ name: String?) -> String {
    guard let name else { return "" }
    return name.split(separator: ":").last.map(String.init) ?? ""
  }
}

extension SOAPFault: CustomStringConvertible {
  public var description: String {
    ([code] + subcodes).joined(separator: " / ") + ": " + reason
  }
}
