/// Writes elements as UTF-8, the same bytes for the same element.
public struct XMLWriter {
  /// Namespace → prefix, at most one of them the default namespace.
  private let prefixes: [String: String]
  /// The namespace of the last name and its prefix: the next name mostly has the same.
  private var last = (namespace: "", prefix: "")
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
    var missing: [String] = []
    var last = ""
    collect(root, into: &missing, known: prefixes, last: &last)
    var taken = Set(prefixes.values)
    var number = 0
    for namespace in missing {
      repeat { number += 1 } while taken.contains("ns\(number)")
      prefixes[namespace] = "ns\(number)"
      taken.insert("ns\(number)")
    }
    var writer = XMLWriter(prefixes: prefixes)
    if declaration {
      writer.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }
    try writer.element(root, isRoot: true, inherited: "")
    return writer.out
  }

  private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

  private static func refused(_ detail: String) -> XMLFault {
    XMLFault(code: .cannotWrite, line: 0, detail: detail)
  }

  /// Namespaces without a prefix; an attribute cannot use the default namespace.
  ///
  /// - Parameter last: the namespace that was looked at last.
  private static func collect(
    _ element: XMLElement, into missing: inout [String], known: [String: String],
    last: inout String
  ) {
    func note(_ namespace: String) {
      guard namespace != last else { return }
      last = namespace
      if !namespace.isEmpty, known[namespace] == nil, !missing.contains(namespace) {
        missing.append(namespace)
      }
    }
    note(element.name.namespace)
    for attribute in element.attributes { note(attribute.name.namespace) }
    for case .element(let child) in element.children {
      collect(child, into: &missing, known: known, last: &last)
    }
  }

  private mutating func put(_ text: String) {
    out.append(contentsOf: text.utf8)
  }

  private mutating func put(_ byte: UInt8) { out.append(byte) }

  /// - Parameter inherited: The default namespace in force outside this element.
  private mutating func element(
    _ element: XMLElement, isRoot: Bool, inherited: String
  ) throws(XMLFault) {
    let rootDefault = isRoot ? prefixes.first { $0.value.isEmpty }?.key ?? "" : inherited
    var current = rootDefault
    let prefix = try prefix(of: element.name, isAttribute: false)
    put(UInt8(ascii: "<"))
    put(element.name, prefix)
    if isRoot {
      for (namespace, prefix) in prefixes.sorted(by: { $0.value < $1.value })
      where prefix != "xml" && !(prefix.isEmpty && element.name.namespace.isEmpty) {
        put(prefix.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\"")
        try escape(namespace, inAttribute: true)
        put("\"")
      }
      if element.name.namespace.isEmpty { current = "" }
    } else if prefix.isEmpty, element.name.namespace != inherited {
      current = element.name.namespace
      put(" xmlns=\"")
      try escape(current, inAttribute: true)
      put("\"")
    }
    for attribute in element.attributes {
      put(" ")
      put(attribute.name, try self.prefix(of: attribute.name, isAttribute: true))
      put("=\"")
      try escape(attribute.value, inAttribute: true)
      put("\"")
    }
    guard !element.children.isEmpty else { return put("/>") }
    put(UInt8(ascii: ">"))
    for child in element.children {
      switch child {
      case .text(let text): try escape(text, inAttribute: false)
      case .element(let child): try self.element(child, isRoot: false, inherited: current)
      }
    }
    put(UInt8(ascii: "<"))
    put(UInt8(ascii: "/"))
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
    if name.namespace != last.namespace {
      last = (name.namespace, prefixes[name.namespace] ?? "")
    }
    let prefix = last.prefix
    guard !name.namespace.isEmpty else { return "" }
    guard !prefix.isEmpty || !isAttribute else {
      throw Self.refused(
        "attribute \(name) needs a prefix: the default namespace does not hold for attributes")
    }
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
    if text.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "z") ~= $0 && !(0x5B...0x60 ~= $0) }
    ),
      !text.isEmpty
    {
      return true
    }
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
