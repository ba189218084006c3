import StrictJSON
import TestSupport
import Testing

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", JSONFault.Code.invalidJSON, 0),
    ("  ", .invalidJSON, 2),
    ("{", .invalidJSON, 1),
    ("[1,]", .invalidJSON, 3),
    (#"{"a":1,}"#, .invalidJSON, 7),
    (#"{"a" 1}"#, .invalidJSON, 5),
    ("{a:1}", .invalidJSON, 1),
    ("{'a':1}", .invalidJSON, 1),
    ("[1 2]", .invalidJSON, 3),
    ("[1}", .invalidJSON, 2),
    ("// x\n1", .invalidJSON, 0),
    ("[1 /* x */]", .invalidJSON, 3),
    ("1 2", .invalidJSON, 2),
    ("{}{}", .invalidJSON, 2),
    ("\u{FEFF}{}", .invalidJSON, 0),
    ("NaN", .invalidJSON, 0),
    ("Infinity", .invalidJSON, 0),
    ("nul", .invalidJSON, 3),
    ("nulx", .invalidJSON, 0),
    ("tru", .invalidJSON, 3),
    ("trux", .invalidJSON, 0),
    ("True", .invalidJSON, 0),
    ("01", .invalidJSON, 0),
    ("-01", .invalidJSON, 0),
    ("+1", .invalidJSON, 0),
    (".5", .invalidJSON, 0),
    ("1.", .invalidJSON, 2),
    ("1e", .invalidJSON, 2),
    ("1e+", .invalidJSON, 3),
    ("-", .invalidJSON, 1),
    ("1.x", .invalidJSON, 2),
    ("\"a", .invalidJSON, 2),
    ("\"a\nb\"", .invalidJSON, 2),
    (#""\x""#, .invalidJSON, 1),
    (#""\u12g4""#, .invalidJSON, 1),
    (#""\u12"#, .invalidJSON, 5),
    (#""\"#, .invalidJSON, 2),
    (#""\ud800""#, .invalidUTF8, 1),
    (#""\ud800\u0041""#, .invalidUTF8, 1),
    (#""\udc00""#, .invalidUTF8, 1),
    (#"{"a":1,"a":2}"#, .duplicateKey, 8),
    (#"{"a":1,"\u0061":2}"#, .duplicateKey, 8),
    (#"{"":1,"":2}"#, .duplicateKey, 7),
  ])
  func `refuses what is no strict JSON, and says where`(
    text: String, code: JSONFault.Code, offset: Int
  ) {
    let fault = #expect(throws: JSONFault.self) { try JSONText(text) }
    #expect(fault?.code == code)
    #expect(fault?.offset == offset)
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xC3, 0x28],
    ] as [[UInt8]])
  func `refuses bytes that are not UTF-8`(sequence: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let fault = #expect(throws: JSONFault.self) { try JSONText([quote] + sequence + [quote]) }
    #expect(fault?.code == .invalidUTF8)
    #expect(fault?.offset == 1)
  }

  @Test(arguments: [
    ("null", JSONKind.null), ("true", .true), ("false", .false), ("0", .number), ("-0", .number),
    ("12.50e-3", .number), (#""""#, .string), ("[]", .array), (" {} ", .object),
  ])
  func `reads every kind of value`(text: String, kind: JSONKind) throws {
    #expect(try JSONText(text).root.kind == kind)
  }

  @Test func `names line and pointer of a fault`() {
    let fault = #expect(throws: JSONFault.self) {
      try JSONText("{\"a/b\": [0, {\n\"x\": 1,\n\"x\": 2}]}")
    }
    #expect(fault?.code == .duplicateKey)
    #expect(fault?.line == 3)
    #expect(fault?.pointer == "/a~1b/1/x")
    #expect(fault?.detail == "An object has the key \"x\" twice, at byte 23 (line 3)")
  }

  @Test func `finds a duplicate among many keys, by its bytes and not by how it is written`() {
    let keys = (0..<1_000).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(throws: Never.self) { try JSONText("{\(keys)}") }
    let plain = #expect(throws: JSONFault.self) { try JSONText("{\(keys),\"k500\":1}") }
    #expect(plain?.code == .duplicateKey)
    #expect(plain?.pointer == "/k500")
    let escaped = #expect(throws: JSONFault.self) { try JSONText("{\(keys),\"k50\\u0030\":1}") }
    #expect(escaped?.code == .duplicateKey)
  }

  @Test func `keeps the text of a number`() throws {
    let root = try JSONText("[1.10, 12345678901234567890.123456789, -0.0, 1E5, 7]").root
    #expect(
      root.array?.map(\.numberText) == [
        "1.10", "12345678901234567890.123456789", "-0.0", "1E5", "7",
      ])
    #expect(root[4]?.int == 7)
    #expect(root[0]?.int == nil)
  }

  @Test func `decodes escapes`() throws {
    let root = try JSONText(#"["\"\\\/\b\f\n\r\t","\u00e9\u20AC\ud83d\uDE00","é€😀"]"#).root
    #expect(root[0]?.string == "\"\\/\u{08}\u{0C}\n\r\t")
    #expect(root[1]?.string == "é€😀")
    #expect(root[2]?.string == "é€😀")
  }

  @Test func `walks objects and arrays`() throws {
    let root = try JSONText(#"{"a":{"b":[true,null,{"c/~d":"x"}]},"e":[]}"#).root
    #expect(root.object?.map(\.key) == ["a", "e"])
    #expect(root["a"]?["b"]?.array?.count == 3)
    #expect(root["a"]?["b"]?[0]?.bool == true)
    #expect(root["a"]?["b"]?[1]?.isNull == true)
    let deep = root["a"]?["b"]?[2]?["c/~d"]
    #expect(deep?.string == "x")
    #expect(deep?.pointer == "/a/b/2/c~1~0d")
    #expect(root["e"]?.array?.isEmpty == true)
    #expect(root["e"]?.pointer == "/e")
    #expect(root["e"]?[0] == nil)
    #expect(root["f"] == nil)
    #expect(root.pointer == "")
    #expect(
      root["a"]?["b"]?[2].map { String(decoding: $0.written, as: UTF8.self) } == #"{"c/~d":"x"}"#)
    #expect(deep.map { String(decoding: $0.written, as: UTF8.self) } == #""x""#)
  }
}
