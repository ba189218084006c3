import Ledger
import PosternConfiguration
import TestSupport
import Testing

@Suite struct MutationTests {
  /// What configuration files are damaged with.
  private static let pieces = [
    "\n", "  ", "\t", ":", ": ", "- ", "? ", "{", "}", "[", "]", ",", "'", "\"", "#", "&a ", "*a",
    "!x ", "|", ">", "%", "@", "\u{0}", "\u{7}", "\u{E000}", "\u{FEFF}", "---\n", "...\n", "<<: ",
    "account: 1\n", "when: ", "from: 2026-01-01\n", "~", "\r\n", "é",
  ]
  private static let mutationsPerSeed = 4

  @Test(arguments: Seed.forThisRun)
  func `a damaged file either loads or is told by name`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let intact = try ConfigurationTemplate(using: &random).files
    let names = intact.keys.filter { !$0.hasPrefix("schemas/") && !$0.hasPrefix(".") }.sorted()
    for _ in 0..<Self.mutationsPerSeed {
      let name = names[Int.random(in: 0..<names.count, using: &random)]
      var bytes = try #require(intact[name])
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...6, using: &random))
        let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
        bytes.replaceSubrange(start..<end, with: piece.utf8)
      }
      var files = intact
      files[name] = bytes
      do {
        _ = try SampleFolder.loader.load(ConfigurationFolder(files: files), at: "/x")
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(
          error.problems.contains { $0.pointer.hasPrefix(name) || name.hasPrefix("charts/") },
          "\(name)")
        #expect(error.problems.allSatisfy { !$0.detail.isEmpty && !$0.fix.isEmpty })
      }
    }
  }
}
