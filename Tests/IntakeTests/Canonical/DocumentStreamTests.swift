import Intake
import Ledger
import TestSupport
import Testing

@Suite struct DocumentStreamTests {
  /// What a stream gives when its bytes come in chunks of `size`: `line:text`, or the fault's code.
  private static func pieces(
    _ text: String, _ format: IntakeFormat = .auto, size: Int = .max,
    limits: IntakeLimits = .standard
  ) -> [String] {
    var stream = DocumentStream(format: format, limits: limits)
    let bytes = Array(text.utf8)
    var pieces: [DocumentPiece] = []
    var start = 0
    while start < bytes.count {
      let end = size >= bytes.count - start ? bytes.count : start + size
      pieces += stream.push(bytes[start..<end])
      start = end
    }
    pieces += stream.finish()
    #expect(pieces.map(\.index) == Array(0..<pieces.count))
    return pieces.map { piece in
      switch piece.content {
      case .success(let bytes):
        "\(piece.line):\(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })"
      case .failure(let problem): "\(piece.line):\(problem.code)"
      }
    }
  }

  static let cases: [(String, IntakeFormat, [String])] = [
    (#" {"a":1} "#, .auto, [#"1:{"a":1}"#]),
    ("{\n\"a\":\n\"}\"}\n", .auto, [#"1:{"a":"}"}"#]),
    ("{\"a\":1}\n{\"b\":2}\n", .auto, [#"1:{"a":1}"#, #"2:{"b":2}"#]),
    ("{\n}\n\n{\"b\":2}", .auto, ["1:{}", #"4:{"b":2}"#]),
    ("{} x\n{}", .auto, ["1:{}x", "2:{}"]),
    ("{\"a\":1}\r\n\r\n  \n{\"b\":2}", .ndjson, [#"1:{"a":1}"#, #"4:{"b":2}"#]),
    ("{\n{\"b\":2}\nx", .ndjson, ["1:{", #"2:{"b":2}"#, "3:x"]),
    ("", .ndjson, []),
    ("\n \n", .ndjson, []),
    ("", .auto, ["1:empty"]),
    (" \n", .json, ["2:empty"]),
    ("[]", .auto, []),
    ("[ {\"a\":[1,2]} ,\n{\"b\":\"]},\\\"\"}]", .auto, [#"1:{"a":[1,2]}"#, #"2:{"b":"]},\""}"#]),
    ("[1,\"x\"]", .json, ["1:1", "1:\"x\""]),
    ("[{},]", .json, ["1:{}", "1:invalid_json"]),
    ("[,{}]", .json, ["1:invalid_json"]),
    ("[{} {}]", .json, ["1:{}{}"]),
    ("[{}", .json, ["1:invalid_json"]),
    ("[{},{", .json, ["1:{}", "1:invalid_json"]),
    ("[{}] x", .json, ["1:{}", "1:invalid_json"]),
    ("{\"a\":1}\n{\"b\":2}", .json, [#"1:{"a":1}{"b":2}"#]),
    ("<?xml version='1.0'?>\n<Invoice/>", .auto, ["1:<?xmlversion='1.0'?><Invoice/>"]),
    ("<Invoice/>\n", .ubl, ["1:<Invoice/>"]),
    ("nonsense", .auto, ["1:nonsense"]),
  ]

  @Test(arguments: cases)
  func `gives the same documents however the bytes are cut`(
    text: String, format: IntakeFormat, expected: [String]
  ) {
    for size in [1, 2, 3, 7, .max] {
      #expect(DocumentStreamTests.pieces(text, format, size: size) == expected)
    }
  }

  @Test func `skips a line past the limit and goes on with the next`() {
    let limits = IntakeLimits(bodyBytes: 10)
    let text = "{\"a\":1}\n\"" + String(repeating: "x", count: 50) + "\"\n{\"b\":2}\n"
    for size in [1, 4, .max] {
      #expect(
        DocumentStreamTests.pieces(text, .ndjson, size: size, limits: limits) == [
          #"1:{"a":1}"#, "2:too_large", #"3:{"b":2}"#,
        ])
    }
  }

  @Test(arguments: [
    "{\"a\":\"xxxxxxxxxxxx\"}", "[{\"a\":\"xxxxxxxxxxxx\"},{}]", "<aaaaaaaaaaaaaa/>",
  ])
  func `stops at a document past the limit`(text: String) {
    for size in [1, 4, .max] {
      #expect(
        DocumentStreamTests.pieces(text, size: size, limits: IntakeLimits(bodyBytes: 10))
          == ["1:too_large"])
    }
  }

  @Test func `gives the elements of an array before its end is there`() {
    var stream = DocumentStream()
    #expect(stream.push(Array("[{},".utf8)).count == 1)
    #expect(stream.push(Array("{},{".utf8)).count == 1)
    #expect(stream.push(Array("}]".utf8)).count == 1)
    #expect(stream.finish().isEmpty)
  }
}
