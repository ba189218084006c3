import Testing
import XMLTree

@Suite struct HostileXMLTests {
  static let entityBomb =
    "<?xml version='1.0'?>\n<!DOCTYPE lolz [\n<!ENTITY lol 'lol'>\n"
    + (1...9).map { "<!ENTITY lol\($0) '\(String(repeating: "&lol\($0 - 1);", count: 10))'>\n" }
    .joined() + "]>\n<lolz>&lol9;</lolz>"

  @Test(arguments: [
    (entityBomb, 1), ("<!DOCTYPE a><a/>", 1),
    ("\n<!DOCTYPE a SYSTEM 'http://localhost:1/a.dtd'><a/>", 2),
    ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>", 1),
    ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/hostname'> %x;]><a/>", 1),
  ])
  func `refuses a document type declaration`(text: String, fromLine: Int) {
    let fault = fault(text)
    #expect(fault?.code == .dtdRefused)
    #expect((fault?.line ?? 0) >= fromLine)
  }

  @Test(arguments: [
    ("<a>\n<b>\n</a>", 3), ("<a>", 1), ("", 1), ("   \n", 2), ("plain", 1), ("<a/><b/>", 1),
    ("<a>&nbsp;</a>", 1), ("<a b='1' b='2'/>", 1), ("<p:a/>", 1), ("<a>\u{1}</a>", 1),
    ("<a b='<'/>", 1), ("<a>&#0;</a>", 1), ("<a>]]></a>", 1), ("<a", 1), ("<", 1),
    ("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", 1),
  ])
  func `refuses what is not well-formed, with the line`(text: String, line: Int) {
    let fault = fault(text)
    #expect(fault?.code == .invalidXML, "\(text)")
    #expect(fault?.line == line, "\(text)")
    #expect(fault?.detail.isEmpty == false)
  }

  @Test(arguments: [
    [UInt8]("<a>\n".utf8) + [0xFF] + Array("</a>".utf8),
    Array("<a>\n<b c='".utf8) + [0xC3, 0x28] + Array("'/></a>".utf8),
    Array("<a>\n".utf8) + [0xED, 0xA0, 0x80] + Array("</a>".utf8),
    Array("<a>\n".utf8) + [0xC0, 0xBC] + Array("</a>".utf8),
    Array("<a>\n<![CDATA[".utf8) + [0x80] + Array("]]></a>".utf8),
    Array("<a>\n<".utf8) + [0xE4] + Array("/></a>".utf8),
    Array("<a>\n<!-- ".utf8) + [0xE4] + Array(" --></a>".utf8),
  ])
  func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
    let fault = fault(bytes)
    #expect(fault?.code == .invalidUTF8, "\(bytes)")
    #expect(fault?.line == 2)
  }

  @Test func `refuses UTF-16 that ends in a character or has half a pair`() {
    let whole = utf16("<a>x</a>", isBigEndian: false)
    #expect(fault(Array(whole.dropLast()))?.code == .invalidUTF8)
    #expect(fault(utf16("<a>", isBigEndian: false) + [0x3D, 0xD8])?.code == .invalidUTF8)
    #expect(fault(utf16("<a>", isBigEndian: true) + [0xDE, 0x00, 0, 0x3C])?.code == .invalidUTF8)
    #expect(fault(utf16("<!DOCTYPE a><a/>", isBigEndian: true))?.code == .dtdRefused)
    #expect(fault(utf16("<a></b>", isBigEndian: true))?.code == .invalidXML)
  }

  static let otherEncodings: [[UInt8]] = [
    Array("<?xml version='1.0' encoding='UTF-7'?><a/>".utf8),
    Array("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>".utf8),
    Array("<?xml version='1.0' encoding='no-such'?><a/>".utf8),
    [0, 0, 0, 0x3C, 0, 0, 0, 0x61, 0, 0, 0, 0x2F, 0, 0, 0, 0x3E],
    [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0, 0x61, 0, 0, 0, 0x2F, 0, 0, 0, 0x3E, 0, 0, 0],
  ]

  @Test(arguments: otherEncodings)
  func `refuses other encodings`(bytes: [UInt8]) {
    #expect(fault(bytes)?.code == .unsupportedEncoding)
  }

  @Test func `refuses nesting below the limit of levels, also in skipped content`() throws {
    let limits = XMLLimits(depth: 5)
    func nested(_ levels: Int) -> String {
      String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
    }
    _ = try read(nested(5), XMLReader(limits: limits))
    #expect(fault(nested(6), XMLReader(limits: limits))?.code == .tooDeep)
    let skipping = XMLReader(limits: limits, skipping: [XMLName("s")])
    _ = try read("<s>\(nested(4))</s>", skipping)
    #expect(fault("<s>\(nested(5))</s>", skipping)?.code == .tooDeep)
    #expect(fault(String(repeating: "<a>", count: 2_000_000))?.code == .tooDeep)
  }

  @Test func `refuses a document that is too long before reading on`() throws {
    let megabyte = [UInt8](repeating: 0x20, count: 1 << 20)
    var given = 0
    #expect {
      _ = try XMLReader(limits: XMLLimits(bytes: 8 << 20)).read(pieces: {
        given += 1
        return given > 1024 ? nil : megabyte
      })
    } throws: { error in
      (error as? XMLFault)?.code == .tooLarge
    }
    #expect(given == 9)
  }

  @Test(arguments: [
    "<a>\(String(repeating: "x", count: 101))</a>",
    "<a b='\(String(repeating: "x", count: 101))'/>",
    "<a>\(String(repeating: "&lt;", count: 101))</a>",
    "<a>\(String(repeating: "<b/>", count: 50))</a>",
    "<a>\(String(repeating: "<b/>x", count: 25))</a>",
    "<a \((1...50).map { "b\($0)=''" }.joined(separator: " "))/>",
  ])
  func `refuses more text or nodes than the limits`(text: String) {
    let limits = XMLLimits(textBytes: 100, nodes: 50)
    #expect(fault(text, XMLReader(limits: limits))?.code == .tooLarge)
    #expect(fault(text) == nil)
  }

  @Test func `refuses a tag with many attributes before libxml2 compares them`() throws {
    let list = (0..<400_000).map { "a\($0)=''" }.joined(separator: " ")
    #expect(fault("<a \(list)/>")?.code == .tooLarge)
    let harmless = String(repeating: "= ", count: 1000)
    let root = try read(
      "<a b='\(harmless)'><!--<\(harmless)--><![CDATA[<\(harmless)]]>\(harmless)<?x \(harmless)?></a>"
    )
    #expect(root.text.count == 4001)
  }

  @Test func `refuses namespaces piled up over levels`() {
    let limits = XMLLimits(namespaces: 10)
    func level(_ number: Int) -> String {
      "<a \((0..<4).map { "xmlns:p\(number)\($0)='urn:\($0)'" }.joined(separator: " "))>"
    }
    let three = level(1) + level(2) + level(3)
    #expect(fault(three, XMLReader(limits: limits))?.code == .tooLarge)
    let beside = "<r>\(level(1))</a>\(level(2))</a>\(level(3))</a></r>"
    #expect(fault(beside, XMLReader(limits: limits)) == nil)
  }

  @Test(
    arguments: [
      { "<b\($0)/>" }, { "<b c\($0)=''/>" }, { "<s><b\($0)/></s>" }, { "<s><b c\($0)=''/></s>" },
      { "<?b\($0)?>" }, { "<b xmlns:p='urn:\($0)'/>" }, { "<b xmlns:p\($0)='urn:x'/>" },
    ] as [@Sendable (Int) -> String])
  func `refuses more different names than libxml2 looks up quickly`(
    part: @Sendable (Int) -> String
  ) {
    let reader = XMLReader(limits: XMLLimits(names: 60), skipping: [XMLName("s")])
    #expect(fault("<a>\((1...50).map(part).joined())</a>", reader) == nil)
    #expect(fault("<a>\((1...61).map(part).joined())</a>", reader)?.code == .tooLarge)
  }

  @Test(arguments: ["<a ", "<!--", "<a b='"])
  func `refuses markup without end`(start: String) {
    let bytes = Array(start.utf8) + [UInt8](repeating: 0x61, count: 11_000_000)
    #expect(fault(bytes)?.code == .tooLarge)
  }

  @Test func `stays refused once it was`() {
    let reader = XMLPushReader()
    for text in ["<!DOCTYPE a>", "<a/>"] {
      #expect(throws: XMLFault.self) { try reader.feed(Array(text.utf8)) }
    }
    #expect(throws: XMLFault.self) { _ = try reader.finish() }
  }

  @Test func `every code says what to do`() {
    for code in XMLFault.Code.allCases {
      #expect(!XMLFault(code: code, line: 1, detail: "").fix.isEmpty)
    }
  }
}

/// The fault of reading, `nil` when there is none.
private func fault(_ text: String, _ reader: XMLReader = XMLReader()) -> XMLFault? {
  fault(Array(text.utf8), reader)
}

private func fault(_ bytes: [UInt8], _ reader: XMLReader = XMLReader()) -> XMLFault? {
  do throws(XMLFault) {
    _ = try reader.read(bytes)
    return nil
  } catch {
    return error
  }
}
