import CLibxml2

/// Reads a document that arrives in pieces; hostile input is refused as soon as it shows.
public final class XMLPushReader {
  /// libxml2 copies what it is given, so large pieces are handed over in parts of this size.
  private static let partBytes = 64 << 10

  private let builder: TreeBuilder
  private let context: xmlParserCtxtPtr?
  private var scanner: MarkupScanner
  /// The first bytes, until there are enough to tell the encoding.
  private var head: [UInt8] = []
  /// nil for encodings that extend ASCII.
  private var decoder: UTF16Decoder?
  private var started = false
  private var received = 0

  public init(limits: XMLLimits = .standard, skipping: Set<XMLName> = []) {
    Self.prepareLibrary
    builder = TreeBuilder(limits: limits, skipping: skipping)
    scanner = MarkupScanner(limit: limits.attributes)
    var handler = Self.handler()
    context = xmlCreatePushParserCtxt(
      &handler, Unmanaged.passUnretained(builder).toOpaque(), nil, 0, nil)
    guard let context else { return }
    builder.attach(to: context)
    use(Self.options)
  }

  /// Without NOENT, "&amp;" in an attribute would reach the events as "&#38;". It cannot expand
  /// anything else: entities need a DTD, and that ends the reading.
  private static let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue

  private func use(_ options: UInt32) {
    _ = xmlCtxtUseOptions(context, Int32(bitPattern: options))
  }

  deinit {
    xmlFreeParserCtxt(context)
  }

  /// Takes the next bytes.
  ///
  /// - Throws: The first fault; every later call throws it again.
  public func feed(_ bytes: [UInt8]) throws(XMLFault) {
    try unwrapped(
      bytes.withUnsafeBytes { piece in result { () throws(XMLFault) in try take(piece) } })
  }

  /// Ends the document.
  ///
  /// - Returns: Its root element.
  public func finish() throws(XMLFault) -> XMLElement {
    if !started { try start() }
    if let decoder, !decoder.isComplete { builder.refuseUTF16() }
    try parse(UnsafeRawBufferPointer(start: nil, count: 0), last: true)
    guard let root = builder.root else {
      throw XMLFault(
        code: .invalidXML, line: builder.line, detail: "the document has no root element")
    }
    return root
  }

  func take(_ bytes: UnsafeRawBufferPointer) throws(XMLFault) {
    if let fault = builder.fault { throw fault }
    received += bytes.count
    guard received <= builder.limits.bytes else {
      builder.refuse(.tooLarge, "the document is longer than \(builder.limits.bytes) bytes")
      return try check()
    }
    var rest = bytes[...]
    if !started {
      head.append(contentsOf: rest.prefix(4 - head.count))
      rest = rest.dropFirst(head.count - (received - bytes.count))
      guard head.count == 4 else { return }
      try start()
    }
    while !rest.isEmpty {
      let part = rest.prefix(Self.partBytes)
      rest = rest.dropFirst(Self.partBytes)
      try decode(UnsafeRawBufferPointer(rebasing: part))
    }
  }

  private func start() throws(XMLFault) {
    started = true
    if let (wide, mark) = UTF16Decoder.starting(with: head) {
      decoder = wide
      head.removeFirst(mark)
      // The parser gets UTF-8, whatever the document says of itself.
      use(Self.options | XML_PARSE_IGNORE_ENC.rawValue)
    } else if head.contains(0) {
      builder.refuse(
        .unsupportedEncoding, "the document is in UTF-32, or is not XML at all", line: 1)
      return try check()
    }
    let first = head
    try unwrapped(
      first.withUnsafeBytes { piece in
        result { () throws(XMLFault) in try decode(piece) }
      })
  }

  private func decode(_ bytes: UnsafeRawBufferPointer) throws(XMLFault) {
    guard decoder != nil else { return try parse(bytes, last: false) }
    guard let text = decoder?.decode(bytes) else {
      builder.refuseUTF16()
      return try check()
    }
    try unwrapped(
      text.withUnsafeBytes { piece in
        result { () throws(XMLFault) in try parse(piece, last: false) }
      })
  }

  private func parse(_ bytes: UnsafeRawBufferPointer, last: Bool) throws(XMLFault) {
    if let fault = builder.fault { throw fault }
    guard let context else {
      throw XMLFault(code: .tooLarge, line: 0, detail: "no memory is left for the XML parser")
    }
    guard scanner.scan(bytes) else {
      builder.refuse(
        .tooLarge, "an element has more than \(builder.limits.attributes) attributes")
      return try check()
    }
    let characters = bytes.bindMemory(to: CChar.self)
    _ = withExtendedLifetime(builder) {
      xmlParseChunk(context, characters.baseAddress, Int32(characters.count), last ? 1 : 0)
    }
    if let line = scanner.wrongLine ?? (last && scanner.isInsideCharacter ? builder.line : nil),
      builder.isUTF8
    {
      builder.refuseEncoding(line: line)
    }
    if context.pointee.wellFormed == 0 {
      builder.refuse(.invalidXML, "the document is not well-formed")
    }
    try check()
  }

  private func check() throws(XMLFault) {
    if let fault = builder.fault { throw fault }
  }

  private func result(_ body: () throws(XMLFault) -> Void) -> Result<Void, XMLFault> {
    do throws(XMLFault) {
      try body()
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  private func unwrapped(_ result: Result<Void, XMLFault>) throws(XMLFault) {
    if case .failure(let fault) = result { throw fault }
  }

  /// Runs once per process, however many readers there are.
  private static let prepareLibrary: Void = xmlInitParser()

  private static func handler() -> xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.startDocument = { TreeBuilder.from($0)?.startDocument() }
    handler.internalSubset = { user, _, _, _ in
      TreeBuilder.from(user)?.refuse(.dtdRefused, "the document has a document type declaration")
    }
    handler.startElementNs = {
      user, local, _, namespace, namespaceCount, declared, count, _, attributes in
      guard let local else { return }
      TreeBuilder.from(user)?.start(
        local: local, namespace: namespace, declared: declared, namespaceCount: Int(namespaceCount),
        attributeCount: Int(count), attributes: attributes)
    }
    handler.endElementNs = { user, _, _, _ in TreeBuilder.from(user)?.end() }
    handler.processingInstruction = { user, target, _ in
      TreeBuilder.from(user)?.instruction(target: target)
    }
    let text: charactersSAXFunc = { user, bytes, count in
      TreeBuilder.from(user)?.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
    handler.characters = text
    handler.ignorableWhitespace = text
    handler.cdataBlock = text
    handler.serror = { user, error in
      guard let error else { return }
      TreeBuilder.from(user)?.failed(
        code: Int(error.pointee.code), level: error.pointee.level,
        message: error.pointee.message.map { String(cString: $0) } ?? "",
        line: Int(error.pointee.line))
    }
    return handler
  }
}

extension TreeBuilder {
  fileprivate static func from(_ user: UnsafeMutableRawPointer?) -> TreeBuilder? {
    user.map { Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
  }
}
