import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// What holds after every month that documents can make.
@Suite struct GeneratedMonthTests {
  private static let documents = 150
  private static let afterwards = CalendarDate("2026-12-31") ?? .first

  private static func runner() throws -> CaseRunner {
    try CaseRunner(configuration: Books.configuration())
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

  /// Debits less credits by entity, account and currency; zeros are left out.
  private static func balances(_ runner: CaseRunner) throws -> [[String]: [Int64]] {
    var balances: [[String]: [Int64]] = [:]
    for entry in try runner.entries(after: 0).map(\.record.entry) {
      for line in entry.lines {
        let key = [
          entry.head.legalEntity.code, entry.head.ledger, line.account.code,
          entry.head.currency.code,
        ]
        let sign: Int64 = line.side == .debit ? 1 : -1
        var sums = balances[key] ?? [0, 0]
        sums[0] += sign * line.amount.minorUnits
        sums[1] += sign * line.functionalAmount.minorUnits
        balances[key] = sums
      }
    }
    return balances.filter { $0.value != [0, 0] }
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `every entry balances, and receivables equal their control account after every document`(
    seed: Seed
  ) throws {
    let runner = try Self.runner()
    for (index, document) in GeneratedMonth(seed, documents: Self.documents).documents.enumerated()
    {
      try Self.submit([document], to: runner)
      guard index.isMultiple(of: 5) || index > Self.documents - 5 else { continue }
      try expectTieOut(runner, on: Self.afterwards, after: document.id)
    }
    for entry in try runner.entries(after: 0).map(\.record.entry) {
      var sums: (Int64, Int64) = (0, 0)
      for line in entry.lines {
        let sign: Int64 = line.side == .debit ? 1 : -1
        sums.0 += sign * line.amount.minorUnits
        sums.1 += sign * line.functionalAmount.minorUnits
      }
      #expect(sums == (0, 0))
    }
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `receivables equal their control account at the end of any day`(seed: Seed) throws {
    let runner = try Self.runner()
    try Self.submit(GeneratedMonth(seed, documents: Self.documents).documents, to: runner)
    for day in [1, 5, 10, 15, 20, 25, 31] {
      try expectTieOut(
        runner, on: try #require(CalendarDate(year: 2026, month: 1, day: day)), after: "the month")
    }
  }

  private func expectTieOut(
    _ runner: CaseRunner, on day: CalendarDate, after document: String
  ) throws {
    for rules in runner.ruleBook.entities.values {
      let report = try runner.store.read {
        try AgeingReport(
          of: rules.entity.id, functional: rules.entity.functionalCurrency, on: day, in: $0)
      }
      #expect(report.tiesOut, "after \(document) on \(day): \(report.tieOuts)")
      for tieOut in report.tieOuts {
        let rows = report.rows.filter { $0.total.currency == tieOut.currency }
        #expect(
          rows.reduce(0) { $0 + $1.ages.values.reduce(0) { $0 + $1.minorUnits } }
            == tieOut.items.amount.minorUnits)
      }
    }
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `any order of independent documents, and any replay, gives the same balances`(
    seed: Seed
  ) throws {
    let month = GeneratedMonth(seed, documents: Self.documents)
    let runner = try Self.runner()
    try Self.submit(month.documents, to: runner)
    let other = try Self.runner()
    var random = SeededGenerator(seed)
    // Each customer's documents in their order, the customers mixed anew.
    var groups = Dictionary(grouping: month.documents, by: \.group)
    while let group = groups.keys.sorted().randomElement(using: &random) {
      let count = Int.random(in: 1...5, using: &random)
      try Self.submit(groups[group, default: []].prefix(count), to: other)
      groups[group] = Array(groups[group, default: []].dropFirst(count))
      if groups[group]?.isEmpty == true { groups[group] = nil }
    }
    let balances = try Self.balances(runner)
    #expect(try Self.balances(other) == balances)
    for document in month.documents.shuffled(using: &random) {
      #expect(try other.submit(Array(document.json.utf8)).kind == .repeat)
    }
    #expect(try Self.balances(other) == balances)
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `a summary holds what its details sum to, and takes each of them once`(seed: Seed) throws {
    let policies = Dictionary(
      uniqueKeysWithValues: ["DE01", "US01", "UK01", "JP01", "KW01"].map {
        ($0, [AccountingCase.Policy(key: "posting", value: "summary")])
      })
    let runner = try CaseRunner(configuration: Books.configuration(policies: policies))
    try Self.submit(GeneratedMonth(seed, documents: Self.documents).documents, to: runner)
    let before = try Self.balances(runner)
    let details = try runner.entries(after: 0)
    let run = SummaryRun(runner.acceptance)
    let period = try #require(FiscalPeriod("2026-01"))
    var carried: [PostingNumber] = []
    for code in policies.keys {
      let entity = LegalEntityID(code)
      for _ in 0..<2 {
        try runner.store.write { transaction throws in
          let plan = try run.plan(of: entity, period: period, in: transaction)
          carried += plan.details.flatMap { $0 }
          _ = try run.carryOut(
            plan, of: entity, at: runner.now, actor: "test", in: transaction)
        }
      }
    }
    #expect(carried.count == details.count && Set(carried).count == details.count)
    let doubled = try Self.balances(runner)
    #expect(doubled == before.mapValues { $0.map { 2 * $0 } })
  }
}
