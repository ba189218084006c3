import Ledger
import PosternConfiguration
import Testing

@Suite struct HostileYAMLTests {
  private func read(_ bytes: [UInt8]) -> (value: YAMLValue?, problems: [Problem]) {
    let findings = FindingList()
    let value = YAMLReader().read(bytes, file: "x.yaml", into: findings)
    return (value, findings.sorted.map(\.problem))
  }

  private func faults(_ text: String) -> [String] {
    read([UInt8](text.utf8)).problems.map { "\($0.code) \($0.pointer)" }
  }

  /// Ten levels of ten references each, as values and as keys.
  static let bombs = [": [", "? ["].map { opening in
    var text = "a0: &a0 [x]\n"
    for level in 1...10 {
      let references = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text +=
        opening == ": ["
        ? "a\(level): &a\(level) [\(references)]\n"
        : "? &a\(level) [\(references)]\n: x\n"
    }
    return text
  }

  @Test(arguments: bombs)
  func `refuses an alias bomb at its first alias`(bomb: String) {
    #expect(faults(bomb) == ["yaml_anchor x.yaml:2"])
  }

  @Test func `refuses a bomb behind a quote that is none`() {
    // The apostrophe looks like an opening quote to a glance at the bytes.
    let bomb = "[x, 'y', \"z\" , a: 'b]: '\n" + (Self.bombs.last ?? "")
    #expect(faults(bomb).isEmpty == false)
  }

  @Test func `refuses an anchor without an alias`() {
    #expect(faults("a: &x 1\nb: 2\n") == ["yaml_anchor x.yaml:1"])
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
    "a: " + String(repeating: "[", count: 33), String(repeating: "- ", count: 100_000),
    String(repeating: "? ", count: 100_000),
    (0..<1_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
  ])
  func `refuses depth`(text: String) {
    let faults = faults(text)
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("too_deep") == true)
  }

  @Test func `survives brackets that hide behind quotes`() {
    let text = "a: 'x' 'y\n" + String(repeating: "[", count: 5_000)
    #expect(faults(text).isEmpty == false)
  }

  @Test func `refuses ten megabytes without reading them`() {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 10 << 20)
    #expect(read(bytes).problems.map(\.code) == ["too_large"])
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "invalid_utf8"), ([0x61, 0x3A, 0x20, 0x00], "invalid_yaml"),
      ([0x61, 0x3A, 0x20, 0x01, 0x0A], "invalid_yaml"),
    ] as [([UInt8], String)])
  func `refuses bytes that are no text`(bytes: [UInt8], code: String) {
    #expect(read(bytes).problems.map(\.code) == [code])
  }

  @Test(
    arguments: [
      ("a: !!binary aGFsbG8=\n", "yaml_tag x.yaml:1"),
      ("a: 1\nb: !secret x\n", "yaml_tag x.yaml:2"),
      ("a: !!map {}\n", nil), ("? [a, b]\n: c\n", "yaml_key x.yaml:1"),
      ("a: 1\n---\nb: 2\n", "invalid_yaml x.yaml:2"), ("a: 1\n b: 2\n", "invalid_yaml x.yaml:2"),
      ("a: 'open\n", "invalid_yaml x.yaml:2"), ("a:\n\tb: 1\n", "yaml_tab x.yaml:2"),
      ("a: [1,\n\t2]\n", nil), ("a: '* no alias'\n", nil),
      ("a: 2 *3\n", nil), ("a: \"*.csv\"\n", nil), ("# *x &y [[[[\na: 1\n", nil), ("", nil),
      ("# only\n", nil),
    ] as [(String, String?)])
  func `tells what it does not take, and where`(text: String, fault: String?) {
    #expect(faults(text) == (fault.map { [$0] } ?? []))
  }

  @Test func `every key that stands twice is found, in quotes or not`() {
    let text = "a: 1\nb: { c: 1, c: 2 }\n'a': 2\n\"d\": 1\nd: 2\na: 3\n"
    #expect(
      faults(text) == [
        "duplicate_key x.yaml:2", "duplicate_key x.yaml:3", "duplicate_key x.yaml:5",
        "duplicate_key x.yaml:6",
      ])
  }

  @Test func `duplicates are found in files with other line ends`() {
    #expect(faults("a: 1\r\n# x\r\nb: 1\r\nb: 2\r\n") == ["duplicate_key x.yaml:4"])
  }

  @Test func `a file of nothing but duplicates is given up`() {
    let text = (0..<1_000).map { "k\($0): 1\nk\($0): 2\n" }.joined()
    let faults = faults(text)
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("duplicate_key x.yaml:") == true)
  }

  @Test func `values know their lines`() throws {
    let value = try #require(read([UInt8]("a: 1\nb:\n  - x\n  - y: z\nc: |\n  text\n".utf8)).value)
    #expect(value["a"]?.place.line == 1)
    #expect(value["b"]?.list?.map(\.place.line) == [3, 4])
    #expect(value["b"]?.list?.last?["y"]?.text == "z")
    #expect(value["c"]?.text == "text\n")
  }
}
