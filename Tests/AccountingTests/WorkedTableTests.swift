import Foundation
import Testing

/// Every worked table of the accounting treatment has a case.
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

  @Test func `cases name tables that there are`() throws {
    #expect(Self.tables.count == 96)
    #expect(try Self.proven().subtracting(Self.tables).isEmpty)
  }

  @Test func `every worked table has a case`() throws {
    let proven = try Self.proven()
    let missing = Self.tables.filter { !proven.contains($0) }
    #expect(missing.isEmpty, "without a case: \(missing.joined(separator: " "))")
  }
}
