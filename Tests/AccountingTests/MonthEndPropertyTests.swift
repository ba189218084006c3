import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// What holds of generated months when they are closed, and when everything is taken back.
@Suite struct MonthEndPropertyTests {
  private static let documents = 90
  private static let entities = ["DE01", "JP01", "KW01", "UK01", "US01"]

  /// Deferral, accrual, summaries and revisions as the seed has it.
  private static func runner(
    _ random: inout SeededGenerator, posting: String = "detail"
  ) throws -> CaseRunner {
    let policies = entities.map { entity in
      let chosen = [
        ("deferral", ["monthly", "daily", "halfMonth", "thirty360"]),
        ("recognition", ["detail", "summary"]), ("usageAccrual", ["nextDay", "whenBilled"]),
        ("posting", [posting]),
      ].compactMap { key, values in
        values.randomElement(using: &random).map { AccountingCase.Policy(key: key, value: $0) }
      }
      return (entity, chosen)
    }
    return try CaseRunner(
      configuration: Books.configuration(
        policies: Dictionary(uniqueKeysWithValues: policies)))
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

  /// Releases, accrues and values the month in every entity.
  private static func close(_ month: FiscalPeriod, in runner: CaseRunner) throws {
    for entity in entities {
      let books = EntityPeriod(entity: LegalEntityID(entity), period: month)
      try runner.carryOut(Recognition(runner.acceptance), books)
      try runner.carryOut(Accrual(runner.acceptance), books)
      try runner.carryOut(Revaluation(runner.acceptance), books)
    }
  }

  /// Debits less credits by entity, ledger, account and currency; zeros are left out.
  private static func balances(_ runner: CaseRunner) throws -> [String: [Int64]] {
    var balances: [String: [Int64]] = [:]
    for entry in try runner.entries(after: 0).map(\.record.entry)
    where entry.head.kind != .summary {
      for line in entry.lines {
        let head = entry.head
        let key =
          "\(head.legalEntity) \(head.ledger) \(line.account.code) \(head.currency)"
        let sign: Int64 = line.side == .debit ? 1 : -1
        var sums = balances[key] ?? [0, 0]
        sums[0] += sign * line.amount.minorUnits
        sums[1] += sign * line.functionalAmount.minorUnits
        balances[key] = sums
      }
    }
    return balances.filter { $0.value != [0, 0] }
  }

  private func expectTied(_ runner: CaseRunner, through month: FiscalPeriod) throws {
    for entity in Self.entities {
      let id = LegalEntityID(entity)
      let functional = try #require(runner.ruleBook.entities[id]).entity.functionalCurrency
      try runner.store.read { queries in
        let statement = try DeferralStatement(
          of: id, ledger: EntryHead.primaryLedger, over: month, in: queries)
        #expect(statement.tiesOut, "\(entity) \(month): \(statement.rows)")
        let report = try AgeingReport(
          of: id, functional: functional, on: month.lastDay, in: queries)
        #expect(report.tiesOut, "\(entity) \(month): \(report.tieOuts)")
      }
    }
  }

  private static func month(_ text: String) throws -> FiscalPeriod {
    try #require(FiscalPeriod(text))
  }

  @Test(arguments: Seed.forThisRun.prefix(4), ["detail", "summary"])
  func `schedules and receivables equal their accounts after every month end`(
    seed: Seed, posting: String
  ) throws {
    var random = SeededGenerator(seed)
    let runner = try Self.runner(&random, posting: posting)
    try Self.submit(
      GeneratedMonth(seed, documents: Self.documents, isServed: true).documents, to: runner)
    for text in ["2026-01", "2026-02", "2026-03"] {
      let month = try Self.month(text)
      try expectTied(runner, through: month)
      try Self.close(month, in: runner)
      if posting == "summary" {
        for entity in Self.entities {
          try runner.carryOut(
            SummaryRun(runner.acceptance),
            EntityPeriod(entity: LegalEntityID(entity), period: month))
        }
      }
      try expectTied(runner, through: month)
      let before = try Self.balances(runner)
      try Self.close(month, in: runner)
      #expect(try Self.balances(runner) == before, "a further run of \(month) changes nothing")
    }
  }

  @Test(arguments: Seed.forThisRun.prefix(4), [false, true])
  func `everything taken back leaves nothing on any account`(seed: Seed, isPosted: Bool) throws {
    var random = SeededGenerator(seed)
    let runner = try Self.runner(&random)
    try Self.submit(
      GeneratedMonth(seed, documents: Self.documents, isServed: true).documents, to: runner)
    try Self.close(Self.month("2026-01"), in: runner)
    try Self.close(Self.month("2026-02"), in: runner)
    let before = try Self.balances(runner)
    #expect(!before.isEmpty)
    if isPosted { try runner.postEverything() }
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let documents = try runner.store.read { try $0.documents(filter) }
    let reversal = Reversal(runner.acceptance.compensation, actor: "test")
    let now = runner.now
    for document in documents.reversed() {
      try runner.store.write { transaction throws in
        guard try !transaction.entries(of: document.number).isEmpty else { return }
        _ = try reversal.reverse(document.identity, reason: "all of it", at: now, in: transaction)
      }
    }
    let after = try Self.balances(runner)
    #expect(after.isEmpty, "\(after.sorted { $0.key < $1.key })")
    for entity in Self.entities {
      let id = LegalEntityID(entity)
      let functional = try #require(runner.ruleBook.entities[id]).entity.functionalCurrency
      let last = try Self.month("2026-12")
      try runner.store.read { queries in
        for part in [StoredOpenItemChange.Part.receivable, .credit] {
          let open = try queries.openBalances(
            of: id, ledger: EntryHead.primaryLedger, part, functional: functional, on: last.lastDay)
          #expect(open.isEmpty)
        }
        let deferred = try queries.scheduleWaterfall(
          of: id, ledger: EntryHead.primaryLedger, after: last)
        #expect(deferred.isEmpty)
        let accrued = try queries.standingAccruals(
          of: id, ledger: EntryHead.primaryLedger, on: last.lastDay, meter: nil)
        #expect(accrued.isEmpty)
      }
    }
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `any split into batches, with repeats among them, gives the same closing balances`(
    seed: Seed
  ) throws {
    var random = SeededGenerator(seed)
    var same = random
    let documents = GeneratedMonth(seed, documents: Self.documents, isServed: true).documents
    let runner = try Self.runner(&random)
    let other = try Self.runner(&same)
    try Self.submit(documents, to: runner)
    var rest = documents[...]
    var handedOver: [GeneratedMonth.Document] = []
    while !rest.isEmpty {
      let batch = Array(rest.prefix(Int.random(in: 1...20, using: &random)))
      rest = rest.dropFirst(batch.count)
      let repeats = handedOver.shuffled(using: &random).prefix(3)
      try other.submitTogether((batch + repeats).map { Array($0.json.utf8) })
      handedOver += batch
    }
    try Self.close(Self.month("2026-01"), in: runner)
    try Self.close(Self.month("2026-01"), in: other)
    #expect(try Self.balances(other) == Self.balances(runner))
  }
}
