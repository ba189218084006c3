import CLibxml2

/// Receives libxml2's events and builds the tree; the first fault ends it.
final class TreeBuilder {
  private struct Open {
    var element: XMLElement
    var namespaces: Int
    var hasElements = false
  }

  private struct NameKey: Hashable {
    let local: UnsafePointer<xmlChar>
    let namespace: UnsafePointer<xmlChar>?
  }

  let limits: XMLLimits
  let skipping: Set<XMLName>
  private(set) var fault: XMLFault?
  private(set) var root: XMLElement?

  private var context: xmlParserCtxtPtr?
  private var open: [Open] = []
  /// Text since the last tag.
  private var pending: [UInt8] = []
  private var nodes = 0
  private var namespaces = 0
  /// Levels inside an element whose content is skipped; 0 outside.
  private var skipped = 0
  /// libxml2 keeps one copy of each name, so its address stands for the name.
  private var names: [NameKey: XMLName] = [:]
  /// Every name, prefix and namespace that libxml2 keeps for good.
  private var words: Set<UnsafePointer<xmlChar>> = []

  init(limits: XMLLimits, skipping: Set<XMLName>) {
    self.limits = limits
    self.skipping = skipping
  }

  func attach(to context: xmlParserCtxtPtr) {
    self.context = context
  }

  var line: Int {
    guard let input = context?.pointee.input else { return 0 }
    return Int(input.pointee.line)
  }

  func refuse(_ code: XMLFault.Code, _ detail: String, line: Int? = nil) {
    guard fault == nil else { return }
    fault = XMLFault(code: code, line: line ?? self.line, detail: detail)
    if let context { xmlStopParser(context) }
  }

  /// Puts wrong bytes in the place of whatever libxml2 took them for.
  func refuseEncoding(line: Int) {
    if fault?.code == .invalidXML { fault = nil }
    refuse(.invalidUTF8, "the document has bytes that are not UTF-8", line: line)
  }

  func refuseUTF16() {
    refuse(.invalidUTF8, "the document has bytes that are neither UTF-16 nor UTF-8")
  }

  // MARK: Events

  func startDocument() {
    guard let encoding = declaredEncoding, !Self.encodings.contains(encoding) else { return }
    refuse(.unsupportedEncoding, "the document is in \(encoding)")
  }

  /// Whether the bytes are to be UTF-8.
  var isUTF8: Bool {
    guard let encoding = declaredEncoding else { return true }
    return Self.unicode.contains(encoding)
  }

  /// In upper case; nil when the document does not say.
  private var declaredEncoding: String? {
    guard let declared = context?.pointee.encoding ?? context?.pointee.input?.pointee.encoding
    else { return nil }
    return String(cString: declared).uppercased()
  }

  private static let unicode: Set<String> = ["UTF-8", "UTF8", "US-ASCII", "ASCII"]
  private static let encodings =
    unicode.union(["ISO-8859-1", "ISO-8859-15", "WINDOWS-1252"])

  func start(
    local: UnsafePointer<xmlChar>, namespace: UnsafePointer<xmlChar>?,
    declared: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, namespaceCount: Int,
    attributeCount: Int, attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard fault == nil else { return }
    nodes += 1 + attributeCount
    guard nodes <= limits.nodes else {
      return refuse(.tooLarge, "the document has more than \(limits.nodes) nodes")
    }
    guard open.count + max(0, skipped - 1) < limits.depth else {
      return refuse(.tooDeep, "elements are nested deeper than \(limits.depth) levels")
    }
    namespaces += namespaceCount
    guard namespaces <= limits.namespaces else {
      return refuse(.tooLarge, "more than \(limits.namespaces) namespaces are declared at once")
    }
    for index in 0..<(namespaceCount * 2) { note(declared?[index]) }
    let name = name(local, namespace)
    if skipped > 0 {
      for index in 0..<attributeCount { note(attributes?[index * 5]) }
      skipped += 1
      return
    }
    flush(beforeElement: true)
    guard fault == nil else { return }
    let element = XMLElement(
      name, attributes: read(attributes, count: attributeCount), line: line)
    open.append(Open(element: element, namespaces: namespaceCount))
    if skipping.contains(element.name) { skipped = 1 }
  }

  func instruction(target: UnsafePointer<xmlChar>?) {
    note(target)
  }

  func end() {
    guard fault == nil else { return }
    if skipped > 1 {
      skipped -= 1
      return
    }
    skipped = 0
    flush(beforeElement: false)
    guard fault == nil, let closed = open.popLast() else { return }
    namespaces -= closed.namespaces
    if open.isEmpty {
      root = closed.element
    } else {
      open[open.count - 1].element.append(.element(closed.element))
      open[open.count - 1].hasElements = true
    }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard fault == nil, skipped == 0 else { return }
    pending.append(contentsOf: bytes)
    if pending.count > limits.textBytes {
      refuse(.tooLarge, "a text is longer than \(limits.textBytes) bytes")
    }
  }

  func failed(code: Int, level: xmlErrorLevel, message: String, line: Int) {
    // A namespace need not be a URI for us.
    let isHarmless = code == Int(XML_WAR_NS_URI.rawValue)
    guard level != XML_ERR_WARNING, !isHarmless else { return }
    if let encoding = declaredEncoding, !Self.encodings.contains(encoding) {
      return refuse(.unsupportedEncoding, "the document is in \(encoding)", line: line)
    }
    // Markup longer than libxml2 looks ahead: ten million bytes.
    if code == Int(XML_ERR_INTERNAL_ERROR.rawValue), message.contains("Huge input") {
      return refuse(.tooLarge, "a tag, comment or section has no end within reach", line: line)
    }
    let isEncoding = [
      Int(XML_ERR_INVALID_ENCODING.rawValue), Int(XML_I18N_CONV_FAILED.rawValue),
    ].contains(code)
    if code == Int(XML_ERR_DOCUMENT_END.rawValue), !open.isEmpty || skipped > 0 {
      return refuse(.invalidXML, "the document ends before its root element does", line: line)
    }
    let text = message.split(whereSeparator: \.isNewline).first.map(String.init)
    refuse(isEncoding ? .invalidUTF8 : .invalidXML, text ?? "not well-formed", line: line)
  }

  // MARK: Parts

  /// Turns the text since the last tag into a node. Blanks between elements are not kept.
  private func flush(beforeElement: Bool) {
    guard !pending.isEmpty else { return }
    defer { pending.removeAll(keepingCapacity: true) }
    guard let last = open.indices.last else { return }
    let betweenElements = beforeElement || open[last].hasElements
    if betweenElements, pending.allSatisfy(\.isXMLBlank) { return }
    nodes += 1
    guard nodes <= limits.nodes else {
      return refuse(.tooLarge, "the document has more than \(limits.nodes) nodes")
    }
    open[last].element.append(.text(String(decoding: pending, as: UTF8.self)))
  }

  /// libxml2's table of names has a fixed size, so looking one up slows down with their number.
  private func note(_ word: UnsafePointer<xmlChar>?) {
    guard let word, words.insert(word).inserted, words.count > limits.names else { return }
    refuse(.tooLarge, "the document has more than \(limits.names) different names")
  }

  private func name(
    _ local: UnsafePointer<xmlChar>, _ namespace: UnsafePointer<xmlChar>?
  ) -> XMLName {
    let key = NameKey(local: local, namespace: namespace)
    if let known = names[key] { return known }
    note(local)
    let name = XMLName(
      namespace: namespace.map { String(cString: $0) } ?? "", local: String(cString: local))
    names[key] = name
    return name
  }

  /// libxml2 gives five pointers per attribute: local name, prefix, namespace, value, end of value.
  private func read(
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int
  ) -> [XMLAttribute] {
    guard count > 0, let attributes else { return [] }
    var list: [XMLAttribute] = []
    list.reserveCapacity(count)
    for index in 0..<count {
      let part = attributes + index * 5
      guard let local = part[0], let start = part[3], let end = part[4] else { continue }
      let bytes = UnsafeBufferPointer(start: start, count: end - start)
      guard bytes.count <= limits.textBytes else {
        refuse(.tooLarge, "an attribute is longer than \(limits.textBytes) bytes")
        return []
      }
      list.append(XMLAttribute(name(local, part[2]), String(decoding: bytes, as: UTF8.self)))
    }
    return list
  }
}
