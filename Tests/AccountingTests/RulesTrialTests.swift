import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import TestSupport
import Testing

/// Past documents through other rules.
@Suite struct RulesTrialTests {
  private static func month(_ seed: Seed) throws -> CaseRunner {
    let runner = try CaseRunner(configuration: Books.configuration())
    for document in GeneratedMonth(seed, documents: 120).documents {
      _ = try runner.submit(Array(document.json.utf8))
    }
    return runner
  }

  private func trial(
    _ runner: CaseRunner, _ files: [String: String], documents: Int = 0
  ) async throws -> TrialResult {
    let rules = try Books.configuration(files: files).rules
    var options = RulesTrial.Options()
    options.documentLimit = documents
    return try await RulesTrial(
      Acceptance(ruleBook: rules, installation: Books.installation), store: runner.store
    ).run(options)
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `the same rules change nothing`(seed: Seed) async throws {
    let runner = try Self.month(seed)
    let result = try await trial(runner, [:], documents: 5)
    #expect(result.looked > 100)
    #expect(result.changed == 0, "\(result.documents.map(\.document))")
    #expect(result.changes.isEmpty)
  }

  @Test func `a moved account is told by entity and period, to the cent, with its documents`()
    async throws
  {
    let runner = try Self.month(Seed(7))
    let before = try runner.entries(after: 0)
    let result = try await trial(
      runner, ["accounts/revenue.yaml": "- account: revenue-services\n"], documents: 1_000)
    var moved: [LegalEntityID: Int64] = [:]
    for entry in before.map(\.record.entry) {
      for line in entry.lines where line.role == .revenue && line.account.code != "revenue-services"
      {
        moved[entry.head.legalEntity, default: 0] +=
          (line.side == .credit ? 1 : -1) * line.functionalAmount.minorUnits
      }
    }
    var told: [LegalEntityID: Int64] = [:]
    for (place, change) in result.changes where place.account.code == "revenue-services" {
      told[place.entity, default: 0] -= change.difference.minorUnits
    }
    #expect(told == moved)
    #expect(result.documents.count == result.changed)
    #expect(result.documents.allSatisfy { !$0.document.lines.isEmpty })
    for (entity, changes) in Dictionary(grouping: result.changes, by: \.key.entity) {
      #expect(
        changes.reduce(0) { $0 + $1.value.difference.minorUnits } == 0, "\(entity) balances")
    }
    #expect(try runner.entries(after: 0) == before)
  }

  @Test func `what waits for a closed period is no doing of the rules`() async throws {
    let runner = try CaseRunner(configuration: Books.configuration())
    let period = FiscalPeriod(containing: try #require(CalendarDate("2026-03-01")))
    runner.ruleBook.entities[LegalEntityID("DE01")]?.closedPeriods.insert(period)
    let verdict = try runner.submit(
      Array(
        """
        { "type": "invoice", "source": "billing", "id": "INV-1", "entity": "DE01",
          "documentDate": "2026-03-10", "currency": "EUR", "customer": { "id": "C-1" },
          "approval": { "by": "test", "at": "2026-03-10T10:00:00Z" },
          "lines": [{ "id": "1", "product": "PLAN", "net": "100.00" }],
          "totals": { "net": "100.00", "tax": "0.00", "gross": "100.00" } }
        """.utf8))
    #expect(verdict.waiting != nil)
    let result = try await trial(runner, [:])
    #expect(result.looked == 1 && result.changed == 0)
  }

  @Test func `a document that other rules would stop says why`() async throws {
    let runner = try Self.month(Seed(7))
    let result = try await trial(
      runner, ["accounts/revenue.yaml": "- when: { product: PLAN }\n  account: revenue\n"],
      documents: 1_000)
    #expect(result.stopped["missing_mapping"].map { $0 > 0 } == true)
    #expect(result.documents.contains { $0.document.because == "missing_mapping" })
  }
}
