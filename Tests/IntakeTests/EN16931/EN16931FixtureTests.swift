import Foundation
import Intake
import Ledger
import LedgerJSON
import Testing

/// One folder per case: `document.xml`, what became of it in `expected.txt`, and in `source.txt` how
/// the source is configured where that matters.
@Suite struct EN16931FixtureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")
  static let cases: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).sorted()
  }()

  @Test(arguments: cases)
  func `gives what the fixture expects`(name: String) throws {
    let folder = Self.folder.appendingPathComponent(name)
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("document.xml")))
    let settings = try? String(
      contentsOf: folder.appendingPathComponent("source.txt"), encoding: .utf8)
    let source = try IntakeSource(fixture: settings ?? "")
    let read = EN16931Reader(source: source).read(bytes)
    if case .document(let document) = read { try expectKept(document) }
    let result = ResultText(read).text
    let golden = folder.appendingPathComponent("expected.txt")
    let expected = try? String(contentsOf: golden, encoding: .utf8)
    if expected != result, ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(result.utf8).write(to: golden)
    }
    #expect(result == expected)
  }
}

extension IntakeSource {
  private struct UnknownSetting: Error { let line: String }

  /// Reads lines such as `identity: sellerAndNumber`.
  fileprivate init(fixture: String) throws {
    self.init(code: "billing", entity: LegalEntityID("DEMO"), approval: .trusted)
    for line in fixture.split(separator: "\n") {
      let words = line.split(whereSeparator: { " :=".contains($0) }).map(String.init)
      switch words.first {
      case "identity": identity = try #require(IdentityPolicy(rawValue: words[1]))
      case "approval": approval = try #require(ApprovalPolicy(rawValue: words[1]))
      case "selfBilled": selfBilled = try #require(SelfBilledPolicy(rawValue: words[1]))
      case "format": format = try #require(IntakeFormat(rawValue: words[1]))
      case "documentPeriodAppliesToLines": documentPeriodAppliesToLines = words[1] == "true"
      case "entityFrom":
        entity = nil
        entityFrom = EntityMapping(
          field: try #require(EntityMapping.Field(rawValue: words[1])),
          entities: [words[2]: LegalEntityID(words[3])])
      default: throw UnknownSetting(line: String(line))
      }
    }
  }
}

/// Expects that a document comes back as it was from its canonical JSON.
func expectKept(_ document: Document) throws {
  let kept = try DocumentReader.stored.read(DocumentWriter.bytes(of: document)).get()
  #expect(kept == document)
}
