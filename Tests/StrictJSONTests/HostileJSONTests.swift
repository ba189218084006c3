import StrictJSON
import TestSupport
import Testing

@Suite struct HostileJSONTests {
  static let sample = #"{"a":[1,-2.5e3,true,false,null,"x\n\u00e9é😀"],"b":{"c":{}},"d":""}"#

  @Test func `refuses a text that is cut off at any byte`() throws {
    let bytes = Array(HostileJSONTests.sample.utf8)
    #expect(throws: Never.self) { try JSONText(bytes) }
    for length in 0..<bytes.count {
      #expect(throws: JSONFault.self, "cut at \(length)") { try JSONText(Array(bytes[..<length])) }
    }
  }

  @Test(arguments: Seed.forThisRun)
  func `answers any bytes with a value or a fault`(seed: Seed) {
    var random = SeededGenerator(seed)
    for _ in 0..<500 {
      var bytes = Array(HostileJSONTests.sample.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      switch Result(catching: { () throws(JSONFault) in try JSONText(bytes) }) {
      case .success(let text):
        // What was read can be written and read again.
        #expect(throws: Never.self) { try JSONText(text.root.written) }
      case .failure(let fault):
        #expect((0...bytes.count).contains(fault.offset))
        #expect(fault.line >= 1)
      }
    }
  }

  @Test(arguments: ["[", "{\"a\":"])
  func `refuses nesting past the limit without recursion`(open: String) {
    let fault = #expect(throws: JSONFault.self) {
      try JSONText(String(repeating: open, count: 1_000_000))
    }
    #expect(fault?.code == .tooDeep)
    #expect(fault?.offset == open.utf8.count * 32)
  }

  @Test func `takes nesting up to the limit`() throws {
    let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(throws: Never.self) { try JSONText(text) }
    #expect(throws: JSONFault.self) { try JSONText("[" + text + "]") }
  }

  @Test func `refuses a string of ten megabytes`() {
    let fault = #expect(throws: JSONFault.self) {
      try JSONText("{\"x\":\"" + String(repeating: "y", count: 10_000_000) + "\"}")
    }
    #expect(fault?.code == .tooLarge)
    #expect(fault?.pointer == "/x")
  }

  @Test func `refuses more values than the limit`() {
    let text = "[" + String(repeating: "0,", count: 100) + "0]"
    let fault = #expect(throws: JSONFault.self) {
      try JSONText(text, limits: JSONLimits(nodes: 50))
    }
    #expect(fault?.code == .tooLarge)
    #expect(throws: Never.self) { try JSONText(text, limits: JSONLimits(nodes: 102)) }
  }

  @Test func `checks a hundred thousand keys without comparing each with each`() throws {
    let keys = (0..<100_000).map { "\"k\($0)\":0" }.joined(separator: ",")
    let clock = ContinuousClock()
    let start = clock.now
    let count = try JSONText("{\(keys)}").root.object?.count
    #expect(count == 100_000)
    #expect(clock.now - start < .seconds(30))
  }
}
