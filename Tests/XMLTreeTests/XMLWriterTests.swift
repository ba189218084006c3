import Testing
import XMLTree

@Suite struct XMLWriterTests {
  static let sample = XMLElement(
    XMLName("order", in: "urn:o"),
    attributes: [
      XMLAttribute(XMLName("id"), "a<b>&\"c'\t\n"), XMLAttribute(XMLName("x", in: "urn:x"), "1"),
    ],
    children: [
      .element(XMLElement(XMLName("plain"), text: "1 < 2 & ]]> \r\n€")),
      .text("tail"),
      .element(XMLElement(XMLName("empty", in: "urn:x"))),
    ])

  @Test func `escapes, declares every prefix on the root and ends empty elements short`() throws {
    let text = try write(Self.sample, ["urn:o": "o", "urn:x": "x", "urn:unused": "a"])
    #expect(
      text == """
        <?xml version="1.0" encoding="UTF-8"?>
        <o:order xmlns:a="urn:unused" xmlns:o="urn:o" xmlns:x="urn:x" \
        id="a&lt;b&gt;&amp;&quot;c'&#9;&#10;" x:x="1">\
        <plain>1 &lt; 2 &amp; ]]&gt; &#13;
        €</plain>tail<x:empty/></o:order>
        """)
  }

  @Test func `switches the default namespace off and on again`() throws {
    let inner = XMLElement(XMLName("c", in: "urn:d"))
    let root = XMLElement(
      XMLName("a", in: "urn:d"),
      children: [.element(XMLElement(XMLName("b"), children: [.element(inner)]))])
    #expect(
      try write(root, ["urn:d": ""], declaration: false)
        == "<a xmlns=\"urn:d\"><b xmlns=\"\"><c xmlns=\"urn:d\"/></b></a>")
    let outside = XMLElement(XMLName("r"), children: [.element(inner)])
    #expect(
      try write(outside, ["urn:d": ""], declaration: false) == "<r><c xmlns=\"urn:d\"/></r>")
  }

  @Test func `names the namespaces that nobody named in order of appearance`() throws {
    let root = XMLElement(
      XMLName("a", in: "urn:z"), children: [.element(XMLElement(XMLName("b", in: "urn:y")))])
    #expect(
      try write(root, ["urn:other": "ns1"], declaration: false)
        == "<ns2:a xmlns:ns1=\"urn:other\" xmlns:ns2=\"urn:z\" xmlns:ns3=\"urn:y\"><ns3:b/></ns2:a>"
    )
  }

  @Test(arguments: [
    [:], ["urn:o": "", "urn:x": "x"], ["urn:o": "o", "urn:x": "x"],
  ])
  func `reads back what it wrote`(prefixes: [String: String]) throws {
    let bytes = try XMLWriter.write(Self.sample, prefixes: prefixes)
    #expect(try XMLReader().read(bytes) == Self.sample)
  }

  @Test(arguments: [
    XMLElement(XMLName("a"), text: "bell \u{7}"), XMLElement(XMLName("a"), text: "\u{FFFE}"),
    XMLElement(XMLName("a"), attributes: [XMLAttribute(XMLName("b"), "\u{0}")]),
    XMLElement(XMLName("a b")), XMLElement(XMLName("")), XMLElement(XMLName("1a")),
    XMLElement(XMLName("a:b")), XMLElement(XMLName("a><script")),
    XMLElement(XMLName("a"), attributes: [XMLAttribute(XMLName("b", in: "urn:default"), "1")]),
  ])
  func `refuses what XML cannot carry`(element: XMLElement) {
    #expect {
      _ = try XMLWriter.write(element, prefixes: ["urn:default": ""])
    } throws: {
      ($0 as? XMLFault)?.code == .cannotWrite
    }
  }

  @Test(arguments: [
    ["urn:a": "p", "urn:b": "p"], ["urn:a": "p q"], ["urn:a": "xmlns"], ["": "p"], ["urn:a": "xml"],
  ])
  func `refuses prefixes that cannot be declared`(prefixes: [String: String]) {
    #expect(throws: XMLFault.self) {
      try XMLWriter.write(XMLElement(XMLName("a")), prefixes: prefixes)
    }
  }

  private func write(
    _ root: XMLElement, _ prefixes: [String: String], declaration: Bool = true
  ) throws -> String {
    String(
      decoding: try XMLWriter.write(root, prefixes: prefixes, declaration: declaration),
      as: UTF8.self)
  }
}
