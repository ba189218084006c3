import Ledger
import PostingEngine
import TestSupport
import Testing

/// What holds after every month that documents can make.
@Suite struct GeneratedMonthTests {
  private static let documents = 150

  /// A runner with no case.
  private static func runner() throws -> CaseRunner {
    let runner = try CaseRunner(configuration: Books.configuration())
    return runner
  }

  private static func accepted(_ verdict: Verdict, _ document: GeneratedMonth.Document) -> Bool {
    verdict.kind == .accepted && verdict.waiting == nil
  }

  @Test(arguments: Seed.forThisRun.prefix(8))
  func `every document of a month is accepted and balances`(seed: Seed) throws {
    let runner = try Self.runner()
    for document in GeneratedMonth(seed, documents: Self.documents).documents {
      let verdict = try runner.submit(Array(document.json.utf8))
      #expect(
        Self.accepted(verdict, document),
        "\(document.json): \(verdict.exceptions.map(\.cause)) \(verdict.errors.map(\.detail))")
    }
  }
}
