import StrictJSON
import TestSupport
import Testing

@Suite struct JSONWriterTests {
  private func sample(_ layout: JSONWriter.Layout) -> String {
    var writer = JSONWriter(layout, capacity: 1)
    writer.object { writer in
      writer.key("text")
      writer.string("a\"b\\c\n\u{01}\u{1F}é")
      writer.key("number")
      writer.number(-12)
      writer.key("list")
      writer.array { writer in
        writer.bool(true)
        writer.null()
        writer.array { _ in }
        writer.object { _ in }
      }
      writer.key(String("any \"key\""))
      writer.plainString("x")
      writer.key("raw")
      writer.json(Array("[1]".utf8))
      writer.key("date")
      writer.dateString(year: 987, month: 1, day: 31)
    }
    return writer.text
  }

  @Test func `writes without blanks`() {
    #expect(
      sample(.compact)
        == #"{"text":"a\"b\\c\n\u0001\u001fé","number":-12,"list":[true,null,[],{}],"any \"key\"":"x","raw":[1],"date":"0987-01-31"}"#
    )
  }

  @Test func `writes with line breaks for people`() {
    #expect(
      sample(.indented) == #"""
        {
          "text": "a\"b\\c\n\u0001\u001fé",
          "number": -12,
          "list": [
            true,
            null,
            [],
            {}
          ],
          "any \"key\"": "x",
          "raw": [1],
          "date": "0987-01-31"
        }
        """#)
  }

  @Test(arguments: [
    (Int64(0), 0, "0"), (0, 2, "0.00"), (5, 3, "0.005"), (-5, 3, "-0.005"), (123_450, 2, "1234.50"),
    (-3, 0, "-3"), (.max, 18, "9.223372036854775807"), (.min, 0, "-9223372036854775808"),
  ])
  func `writes decimal numbers`(coefficient: Int64, scale: Int, text: String) {
    var writer = JSONWriter(capacity: 0)
    writer.decimalString(coefficient, scale: scale)
    #expect(writer.text == "\"\(text)\"")
  }

  @Test(arguments: Seed.forThisRun)
  func `any text is read back as it was`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<100 {
      let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        Unicode.Scalar(
          UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x2_FFFF), using: &random))
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      var writer = JSONWriter(capacity: 0)
      writer.object { writer in
        writer.key(text)
        writer.string(text)
      }
      let root = try JSONText(writer.bytes).root
      let member = try #require(root.object?.first { _ in true })
      #expect(member.key.utf8.elementsEqual(text.utf8))
      #expect(member.value.string.map { $0.utf8.elementsEqual(text.utf8) } == true)
    }
  }

  @Test func `can be used again after it was emptied`() {
    var writer = JSONWriter()
    writer.array { $0.number(1) }
    writer.removeAll()
    writer.array { $0.number(2) }
    #expect(writer.text == "[2]")
  }
}
