import Foundation
import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// What holds when every type of document is there: rules that do not change change nothing, and the
/// order of what is independent does not matter.
@Suite struct GeneratedStoryTests {
  private static let stories = 39

  private static func configuration(_ seed: Seed) throws -> LoadedConfiguration {
    var random = SeededGenerator(seed)
    var policies: [String: [AccountingCase.Policy]] = [:]
    for entity in GeneratedStories.entities {
      policies[entity] = [
        ("deferral", ["monthly", "daily"]),
        ("creditReshaping", ["byLine", "proportional", "deferredFirst"]),
        ("contractChange", ["prospective", "catchUp"]), ("revisions", ["whole", "difference"]),
        ("lostChargeback", ["loss", "claim"]), ("correctionRate", ["invoice", "day"]),
        ("deferralExceptions", ["[{ product: MILESTONE, method: milestone }]"]),
      ].compactMap { key, values in
        values.randomElement(using: &random).map { AccountingCase.Policy(key: key, value: $0) }
      }
    }
    let file = try String(
      contentsOfFile: Books.path + "/entities/US01.yaml", encoding: .utf8)
    return try Books.configuration(
      policies: policies,
      files: [
        "entities/US01.yaml": file + "ledgers: \(GeneratedStories.ledgers)\n",
        "rates/average.csv": GeneratedStories.rates,
        "intercompany.yaml": GeneratedStories.agreements,
      ])
  }

  private static func submit(
    _ documents: some Sequence<GeneratedMonth.Document>, to runner: CaseRunner
  ) throws {
    for document in documents {
      let verdict = try runner.submit(Array(document.json.utf8))
      #expect(
        verdict.kind == .accepted && verdict.waiting == nil,
        "\(document.json): \(verdict.exceptions.map(\.cause)) \(verdict.errors.map(\.detail))")
    }
  }

  /// The documents of stories, one story's in their order, in any order otherwise.
  private static func mixed(
    _ stories: [[GeneratedMonth.Document]], using random: inout SeededGenerator
  ) -> [GeneratedMonth.Document] {
    var rest = stories.filter { !$0.isEmpty }.map { $0[...] }
    var mixed: [GeneratedMonth.Document] = []
    while let place = rest.indices.randomElement(using: &random) {
      if let next = rest[place].popFirst() { mixed.append(next) }
      if rest[place].isEmpty { rest.remove(at: place) }
    }
    return mixed
  }

  private static func close(_ text: String, in runner: CaseRunner) throws {
    let month = try #require(FiscalPeriod(text))
    for entity in GeneratedStories.entities {
      let id = LegalEntityID(entity)
      for ledger in runner.ruleBook.entities[id]?.ledgers.map(\.name) ?? [] {
        let books = EntityPeriod(entity: id, period: month, ledger: ledger)
        try runner.carryOut(Recognition(runner.acceptance), books)
        try runner.carryOut(Revaluation(runner.acceptance), books)
      }
    }
  }

  /// Debits less credits by entity, ledger, account and currency; zeros are left out.
  private static func balances(_ runner: CaseRunner) throws -> [String: [Int64]] {
    var balances: [String: [Int64]] = [:]
    for entry in try runner.entries(after: 0).map(\.record.entry) {
      let head = entry.head
      for line in entry.lines {
        let key =
          "\(head.legalEntity) \(head.ledger) \(line.account.code) \(head.currency) \(line.party ?? "")"
        let sign: Int64 = line.side == .debit ? 1 : -1
        var sums = balances[key] ?? [0, 0]
        sums[0] += sign * line.amount.minorUnits
        sums[1] += sign * line.functionalAmount.minorUnits
        balances[key] = sums
      }
    }
    return balances.filter { $0.value != [0, 0] }
  }

  /// Receivables and schedules equal their accounts, in every ledger.
  private func expectTied(_ runner: CaseRunner, through text: String) throws {
    let month = try #require(FiscalPeriod(text))
    for entity in GeneratedStories.entities {
      let id = LegalEntityID(entity)
      let rules = try #require(runner.ruleBook.entities[id])
      for ledger in rules.ledgers.map(\.name) {
        try runner.store.read { queries in
          let report = try AgeingReport(
            of: id, ledger: ledger, functional: rules.entity.functionalCurrency,
            on: month.lastDay, in: queries)
          #expect(report.tiesOut, "\(entity) \(ledger) \(month): \(report.tieOuts)")
          let statement = try DeferralStatement(of: id, ledger: ledger, over: month, in: queries)
          #expect(statement.tiesOut, "\(entity) \(ledger) \(month): \(statement.rows)")
        }
      }
    }
    for pair in try runner.store.read({
      IntercompanyCheck(try $0.intercompanyBalances(through: month.lastDay))
    }).pairs where pair.ledger == EntryHead.primaryLedger {
      #expect(pair.difference.isZero, "\(pair)")
    }
  }

  private static func toldStories(
    _ seed: Seed, posting isPosted: Bool = false
  ) throws -> CaseRunner {
    let runner = try CaseRunner(configuration: configuration(seed))
    let stories = GeneratedStories(seed, stories: Self.stories)
    var random = SeededGenerator(seed)
    try submit(mixed(stories.first, using: &random), to: runner)
    if isPosted { try runner.postEverything() }
    try close("2026-01", in: runner)
    try submit(mixed(stories.second, using: &random), to: runner)
    try close("2026-02", in: runner)
    return runner
  }

  @Test(arguments: Seed.forThisRun.prefix(6), [false, true])
  func `subledgers equal their accounts in every ledger, and the same rules change nothing`(
    seed: Seed, isPosted: Bool
  ) async throws {
    let runner = try Self.toldStories(seed, posting: isPosted)
    try expectTied(runner, through: "2026-01")
    try expectTied(runner, through: "2026-02")
    var options = RulesTrial.Options()
    options.documentLimit = 5
    let result = try await RulesTrial(runner.acceptance, store: runner.store).run(options)
    #expect(result.looked > 100)
    #expect(
      result.changed == 0, "\(result.stopped) \(result.documents.map(\.document))")
  }

  @Test(arguments: Seed.forThisRun.prefix(6))
  func `any order of independent documents, of one customer too, gives the same balances`(
    seed: Seed
  ) throws {
    let stories = GeneratedStories(seed, stories: Self.stories)
    var random = SeededGenerator(seed)
    var expected: [String: [Int64]]?
    for _ in 0..<2 {
      let runner = try CaseRunner(configuration: Self.configuration(seed))
      for (month, part) in [("2026-01", stories.first), ("2026-02", stories.second)] {
        var rest = Self.mixed(part, using: &random)[...]
        while !rest.isEmpty {
          let batch = rest.prefix(Int.random(in: 1...15, using: &random))
          rest = rest.dropFirst(batch.count)
          try runner.submitTogether(batch.map { Array($0.json.utf8) })
        }
        try Self.close(month, in: runner)
      }
      for document in (stories.first + stories.second).joined().shuffled(using: &random) {
        #expect(try runner.submit(Array(document.json.utf8)).kind == .repeat)
      }
      let balances = try Self.balances(runner)
      #expect(balances == expected ?? balances)
      expected = balances
    }
    #expect(expected?.isEmpty == false)
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `everything taken back leaves nothing on any account of any ledger`(seed: Seed) throws {
    let runner = try Self.toldStories(seed, posting: true)
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    var rest = try runner.store.read { try $0.documents(filter) }.filter {
      $0.identity.type != .void && $0.state != .discarded && $0.state != .reversed
    }
    let reversal = Reversal(runner.acceptance.compensation, actor: "test")
    let now = runner.now
    // The last first, but for what settles a revision and is older.
    while !rest.isEmpty {
      let before = rest.count
      rest = try rest.reversed().filter { document in
        try runner.store.write { transaction throws in
          guard try transaction.document(document.identity)?.number == document.number else {
            return false
          }
          do {
            _ = try reversal.reverse(
              document.identity, reason: "all of it", at: now, in: transaction)
            return false
          } catch let problem as Problem where problem.code == "settled_since" {
            return true
          } catch let problem as Problem where problem.code == "not_reversible" {
            return false
          }
        }
      }.reversed()
      try #require(rest.count < before, "\(rest.map(\.identity))")
    }
    let after = try Self.balances(runner)
    #expect(after.isEmpty, "\(after.sorted { $0.key < $1.key })")
  }
}
