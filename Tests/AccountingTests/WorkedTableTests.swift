import Foundation
import Testing
import Yams

/// Which of the worked tables of the accounting treatment have a case.
@Suite struct WorkedTableTests {
  static let tables: [String] = {
    let file = CaseReader.folder + "/worked-tables.txt"
    return ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
      .split(separator: "\n").map(String.init)
  }()

  static func proven() throws -> Set<String> {
    var proven: Set<String> = []
    for name in CaseReader.names {
      let accountingCase = try CaseReader.read(name)
      proven.formUnion(accountingCase.tables)
      proven.formUnion(accountingCase.steps.flatMap(\.entries).compactMap(\.table))
    }
    return proven
  }

  /// Why a table has no case, by its number.
  static func reasons() throws -> [String: String] {
    let file = CaseReader.folder + "/not-from-a-document.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    guard case .mapping(let mapping)? = try Yams.compose(yaml: text) else { return [:] }
    return Dictionary(
      mapping.map { ($0.scalar?.string ?? "", $1.scalar?.string ?? "") },
      uniquingKeysWith: { first, _ in first })
  }

  @Test func `cases name tables that there are`() throws {
    #expect(Self.tables.count == 96)
    #expect(try Self.proven().subtracting(Self.tables).isEmpty)
    #expect(try Set(Self.reasons().keys).subtracting(Self.tables).isEmpty)
    #expect(try Set(Self.reasons().keys).intersection(Self.proven()).isEmpty)
  }

  @Test func `every worked table has a case, or a reason why not`() throws {
    let known = try Self.proven().union(Self.reasons().keys)
    let missing = Self.tables.filter { !known.contains($0) }
    #expect(missing.isEmpty, "without a case: \(missing.joined(separator: " "))")
  }
}
