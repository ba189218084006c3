import Testing
import XMLTree

@Suite struct XMLReaderTests {
  @Test func `keeps names, attributes, text and lines`() throws {
    let root = try read(
      """
      <?xml version="1.0"?>
      <!-- note --><i:a xmlns:i="urn:i" b="1 &amp; &#38; &lt;" i:b="2">
        <c xmlns="urn:d">x<![CDATA[<y>]]>z</c>
        <e> </e>
      </i:a>
      """)
    #expect(root.name == XMLName("a", in: "urn:i"))
    #expect(root.attribute("b") == "1 & & <")
    #expect(root.attribute(XMLName("b", in: "urn:i")) == "2")
    #expect(root.elements.map(\.line) == [3, 4])
    #expect(root.children.count == 2)
    #expect(root.first(XMLName("c", in: "urn:d"))?.text == "x<y>z")
    #expect(root.first(XMLName("e"))?.text == " ")
    #expect(root.first(XMLName("e"))?.trimmedText == "")
  }

  @Test func `keeps blanks beside text and drops those between elements`() throws {
    let root = try read("<a> one <b/> two <c/> </a>")
    #expect(
      root.children == [
        .text(" one "), .element(XMLElement(XMLName("b"))), .text(" two "),
        .element(XMLElement(XMLName("c"))),
      ])
    #expect(root.text == " one  two ")
    #expect(root.trimmedText == "one  two")
  }

  @Test func `finds children by name and by path`() throws {
    let root = try read("<a><b><c>1</c></b><b><c>2</c></b><d/></a>")
    let b = XMLName("b")
    let c = XMLName("c")
    #expect(root.all(b).map { $0.first(c)?.text } == ["1", "2"])
    #expect(root.first([b, c])?.text == "1")
    #expect(root.first([XMLName("d"), c]) == nil)
    #expect(root.first(XMLName("b", in: "urn:other")) == nil)
  }

  @Test(arguments: [
    ("<a/>", "UTF-8 without declaration", "a"),
    ("\u{FEFF}<a/>", "a byte order mark", "a"),
    ("<?xml version='1.0' encoding='utf-8'?><a/>", "a declared encoding", "a"),
  ])
  func `reads UTF-8`(text: String, what: String, name: String) throws {
    #expect(try read(text).name.local == name, "\(what)")
  }

  @Test func `reads the encodings that billing systems still write`() throws {
    let head = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>M".utf8)
    let root = try XMLReader().read(head + [0xFC] + Array("ller</a>".utf8))
    #expect(root.text == "Müller")
  }

  @Test(arguments: [true, false], [true, false])
  func `reads UTF-16 of either order, marked or not`(isBigEndian: Bool, isMarked: Bool) throws {
    let text = "<?xml version='1.0' encoding='UTF-16'?><a b='\u{20AC}'>M\u{FC}ller \u{1F600}</a>"
    let bytes = utf16((isMarked ? "\u{FEFF}" : "") + text, isBigEndian: isBigEndian)
    for length in 1...bytes.count {
      let reader = XMLPushReader()
      for start in stride(from: 0, to: bytes.count, by: length) {
        try reader.feed(Array(bytes[start..<min(start + length, bytes.count)]))
      }
      let root = try reader.finish()
      #expect(root.attribute("b") == "\u{20AC}")
      #expect(root.text == "M\u{FC}ller \u{1F600}")
    }
  }

  @Test func `reads the same tree however the bytes are cut`() throws {
    let text =
      "<?xml version=\"1.0\"?>\r\n<ä:a xmlns:ä='urn:ä' x='&quot;€'>Grüße &amp; 💶"
      + "<!-- <x = '> --><![CDATA[ ]] ]]]><b c='1'/>\r\n<?pi a='b' ?>ende</ä:a>\n"
    let bytes = Array(text.utf8)
    let whole = try XMLReader().read(bytes)
    for size in 1...bytes.count {
      let reader = XMLPushReader()
      for start in stride(from: 0, to: bytes.count, by: size) {
        try reader.feed(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(try reader.finish() == whole, "pieces of \(size) bytes")
    }
  }

  @Test func `keeps a skipped element without its content`() throws {
    let attachment = String(repeating: "QUJD", count: 1 << 20)
    let reader = XMLReader(skipping: [XMLName("blob")])
    let root = try read("<a><blob mime='x'>\(attachment)<deep><er/></deep></blob><b/></a>", reader)
    let blob = try #require(root.first(XMLName("blob")))
    #expect(blob.attribute("mime") == "x")
    #expect(blob.children.isEmpty)
    #expect(root.elements.map(\.name.local) == ["blob", "b"])
  }
}

/// Reads a document given as text.
func read(_ text: String, _ reader: XMLReader = XMLReader()) throws(XMLFault) -> XMLElement {
  try reader.read(Array(text.utf8))
}

func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
  text.utf16.flatMap { unit in
    let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    return isBigEndian ? bytes : bytes.reversed()
  }
}
