/// Writes elements as UTF-8, the same bytes for the same element.
public struct XMLWriter {
  /// Namespace → prefix, at most one of them the default namespace. Grows where a namespace turns up
  /// that has none.
  private var prefixes: [String: String]
  /// The namespace of the last name and its prefix: the next name mostly has the same.
  private var last = (namespace: "", prefix: "")
  private var added = 0
  private var out: [UInt8] = []

  private init(prefixes: [String: String]) {
    self.prefixes = prefixes
  }

  /// Writes `root`.
  ///
  /// Every namespace in `prefixes` is declared on the root, ordered by prefix, so that names inside
  /// text (`xsi:type`) may use them; `""` makes one the default namespace. Namespaces that `prefixes`
  /// lacks are declared as `ns1`, `ns2` … in order of appearance.
  ///
  /// - Throws: ``XMLFault`` with `cannot_write` for a character that XML 1.0 cannot carry, an invalid
  ///   name or prefix, or a prefix given twice.
  public static func write(
    _ root: XMLElement, prefixes: [String: String] = [:], declaration: Bool = true
  ) throws(XMLFault) -> [UInt8] {
    var prefixes = prefixes
    for (namespace, prefix) in prefixes {
      guard !namespace.isEmpty, prefix.isEmpty || isName(prefix), prefix != "xmlns",
        (prefix == "xml") == (namespace == xmlNamespace)
      else {
        throw refused("\(prefix) cannot be the prefix of \(namespace)")
      }
    }
    guard Set(prefixes.values).count == prefixes.count else {
      throw refused("two namespaces have the same prefix")
    }
    prefixes[xmlNamespace] = "xml"
    var writer = XMLWriter(prefixes: prefixes)
    if declaration {
      writer.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }
    try writer.write(root: root)
    return writer.out
  }

  private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

  private static func refused(_ detail: String) -> XMLFault {
    XMLFault(code: .cannotWrite, line: 0, detail: detail)
  }

  private mutating func put(_ text: String) {
    // The copy shares the text's bytes.
    var text = text
    text.withUTF8 { out.append(contentsOf: $0) }
  }

  private mutating func put(_ byte: UInt8) { out.append(byte) }

  /// The root declares the namespaces, which are all known only when its content is written.
  private mutating func write(root: XMLElement) throws(XMLFault) {
    let prefix = try prefix(of: root.name, isAttribute: false)
    put(UInt8(ascii: "<"))
    put(root.name, prefix)
    let place = out.count
    let standard = prefixes.first { $0.value.isEmpty }?.key ?? ""
    try content(of: root, prefix, inside: root.name.namespace.isEmpty ? "" : standard)
    var declarations = XMLWriter(prefixes: prefixes)
    for (namespace, prefix) in prefixes.sorted(by: { $0.value < $1.value })
    where prefix != "xml" && !(prefix.isEmpty && root.name.namespace.isEmpty) {
      declarations.put(prefix.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\"")
      try declarations.escape(namespace, inAttribute: true)
      declarations.put(UInt8(ascii: "\""))
    }
    out.insert(contentsOf: declarations.out, at: place)
  }

  /// - Parameter inherited: The default namespace in force outside this element.
  private mutating func element(
    _ element: XMLElement, inherited: String
  ) throws(XMLFault) {
    var current = inherited
    let prefix = try prefix(of: element.name, isAttribute: false)
    put(UInt8(ascii: "<"))
    put(element.name, prefix)
    if prefix.isEmpty, element.name.namespace != inherited {
      current = element.name.namespace
      put(" xmlns=\"")
      try escape(current, inAttribute: true)
      put(UInt8(ascii: "\""))
    }
    try content(of: element, prefix, inside: current)
  }

  /// All behind an element's name and its declaration.
  ///
  /// - Parameter current: The default namespace in force inside the element.
  private mutating func content(
    of element: XMLElement, _ prefix: String, inside current: String
  ) throws(XMLFault) {
    for attribute in element.attributes {
      put(UInt8(ascii: " "))
      put(attribute.name, try self.prefix(of: attribute.name, isAttribute: true))
      put("=\"")
      try escape(attribute.value, inAttribute: true)
      put(UInt8(ascii: "\""))
    }
    switch element.content {
    case .nodes(let nodes) where nodes.isEmpty: return put("/>")
    case .text(let text):
      put(UInt8(ascii: ">"))
      try escape(text, inAttribute: false)
    case .nodes(let nodes):
      put(UInt8(ascii: ">"))
      for node in nodes {
        switch node {
        case .text(let text): try escape(text, inAttribute: false)
        case .element(let child): try self.element(child, inherited: current)
        }
      }
    }
    put("</")
    put(element.name, prefix)
    put(UInt8(ascii: ">"))
  }

  private mutating func put(_ name: XMLName, _ prefix: String) {
    if !prefix.isEmpty {
      put(prefix)
      put(UInt8(ascii: ":"))
    }
    put(name.local)
  }

  /// Empty for a name that is written without one.
  private mutating func prefix(of name: XMLName, isAttribute: Bool) throws(XMLFault) -> String {
    guard Self.isName(name.local) else {
      throw Self.refused("“\(name.local)” is not a name in XML")
    }
    guard !name.namespace.isEmpty else { return "" }
    if name.namespace != last.namespace {
      last = (name.namespace, prefixes[name.namespace] ?? addPrefix(for: name.namespace))
    }
    guard !last.prefix.isEmpty || !isAttribute else {
      throw Self.refused(
        "attribute \(name) needs a prefix: the default namespace does not hold for attributes")
    }
    return last.prefix
  }

  private mutating func addPrefix(for namespace: String) -> String {
    let taken = Set(prefixes.values)
    repeat { added += 1 } while taken.contains("ns\(added)")
    let prefix = "ns\(added)"
    prefixes[namespace] = prefix
    return prefix
  }

  private mutating func escape(_ text: String, inAttribute: Bool) throws(XMLFault) {
    // The copy shares the text's bytes.
    var plain = text
    let isPlain = plain.withUTF8 { bytes in
      guard bytes.allSatisfy(Self.isPlain) else { return false }
      out.append(contentsOf: bytes)
      return true
    }
    if !isPlain { try escapeScalars(text, inAttribute: inAttribute) }
  }

  /// Whether a byte stands for itself wherever it is. 0xEF may begin a character that XML does not
  /// have.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<")
      && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"") && byte != 0xEF
  }

  private mutating func escapeScalars(_ text: String, inAttribute: Bool) throws(XMLFault) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": put("&amp;")
      case "<": put("&lt;")
      case ">": put("&gt;")
      case "\"" where inAttribute: put("&quot;")
      case "\n" where inAttribute: put("&#10;")
      case "\t" where inAttribute: put("&#9;")
      case "\r": put("&#13;")
      default:
        guard Self.isCharacter(scalar) else {
          throw Self.refused(
            "character U+\(String(scalar.value, radix: 16, uppercase: true)) cannot stand in XML")
        }
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// XML 1.0, production 2.
  private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Namespaces in XML 1.0, NCName.
  private static func isName(_ text: String) -> Bool {
    // The names of nearly all messages.
    var plain = text
    let isPlain = plain.withUTF8 { bytes in
      bytes.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
    }
    if isPlain, !text.isEmpty { return true }
    guard let first = text.unicodeScalars.first, isNameStart(first) else { return false }
    return text.unicodeScalars.dropFirst().allSatisfy(isNamePart)
  }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D,
      0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF,
      0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
      true
    default: false
    }
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: isNameStart(scalar)
    }
  }
}
