import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import Testing

/// The policy `posting: summary`, from the document to the ERP and back.
@Suite struct SummaryPostingTests {
  let fixture: EngineFixture
  let erp: FakeERP
  let period = FiscalPeriod(containing: Sample.day("2026-03-02"))

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private static let book: RuleBook = {
    var book = Sample.book()
    book.entities[Sample.germany]?.policies.posting = .summary
    return book
  }()

  private func summarise() throws -> StoredRun? {
    let run = SummaryRun(fixture.acceptance(Self.book))
    return try fixture.store.write { transaction throws in
      try run.carryOut(
        run.plan(of: Sample.germany, period: period, in: transaction), of: Sample.germany,
        at: fixture.clock.now, actor: "test", in: transaction)
    }
  }

  /// Debits less credits by account in what the ERP booked.
  private var booked: [String: Int64] {
    var sums: [String: Int64] = [:]
    for line in erp.current.bookings.flatMap(\.entry.lines) {
      sums[line.account.code, default: 0] +=
        (line.side == .debit ? 1 : -1) * line.amount.minorUnits
    }
    return sums.filter { $0.value != 0 }
  }

  @Test func `many documents are one entry in the ERP, and each is posted with its number`()
    async throws
  {
    for number in 1...3 {
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00"), Self.book)
    }
    try fixture.accept(try Sample.payment("PAY-1", "10.00", to: [("INV-1", "10.00")]), Self.book)
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.bookings.isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .accepted)
    let run = try #require(try summarise())
    #expect(try summarise() == nil, "nothing is summarised twice")
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.bookings.count == 1)
    #expect(booked == ["receivable": 20_00, "revenue": -30_00, "bank": 10_00])
    let summary = try fixture.store.read { try $0.postings(of: run.number) }
    #expect(summary.map(\.state) == [.posted])
    for (type, id) in [
      (DocumentType.invoice, "INV-1"), (.invoice, "INV-2"), (.invoice, "INV-3"),
      (.payment, "PAY-1"),
    ] {
      #expect(try fixture.state(type, id) == .posted)
      #expect(try fixture.posting(type, id).receipt == summary.first?.receipt)
    }
    let details = try fixture.store.read { try $0.details(ofSummary: summary[0].number) }
    #expect(details.count == 4)
  }

  @Test func `what a summary has taken up is reversed after it, not withdrawn from it`()
    async throws
  {
    for number in 1...2 {
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00"), Self.book)
    }
    _ = try summarise()
    let reversal = Reversal(fixture.acceptance(Self.book).compensation, actor: "anna")
    let result = try fixture.store.write {
      try reversal.reverse(
        Sample.identity(.invoice, "INV-1"), reason: "a test", at: fixture.clock.now, in: $0)
    }
    #expect(result.cancelled.isEmpty)
    try await fixture.run(fixture.germany(erp))
    #expect(booked == ["receivable": 10_00, "revenue": -10_00])
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.state(.invoice, "INV-2") == .posted)
  }

  @Test func `what waits for a summary and is reversed goes nowhere`() async throws {
    for number in 1...2 {
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00"), Self.book)
    }
    let reversal = Reversal(fixture.acceptance(Self.book).compensation, actor: "anna")
    _ = try fixture.store.write {
      try reversal.reverse(
        Sample.identity(.invoice, "INV-1"), reason: "a test", at: fixture.clock.now, in: $0)
    }
    _ = try summarise()
    try await fixture.run(fixture.germany(erp))
    #expect(booked == ["receivable": 10_00, "revenue": -10_00])
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
  }

  @Test func `a summary that moves to the next period keeps what it carries`() async throws {
    for number in 1...2 {
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00"), Self.book)
    }
    _ = try summarise()
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.periodClosed) : nil } }
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.bookings.isEmpty)
    erp.set { $0.fault = { _, _ in nil } }
    try await fixture.act(.nextPeriod, ExceptionSelection(), Self.book)
    #expect(try summarise() == nil, "nothing is summarised twice")
    try await fixture.run(fixture.germany(erp))
    #expect(booked == ["receivable": 20_00, "revenue": -20_00])
    #expect(erp.current.bookings.map(\.entry.head.postingDate) == [Sample.day("2026-04-01")])
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.state(.invoice, "INV-2") == .posted)
  }

  @Test func `a revision of what a summary has taken up reaches the ERP once`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"), Self.book)
    _ = try summarise()
    try fixture.accept(try Sample.invoice("INV-1", "12.00", revision: 2), Self.book)
    try await fixture.run(fixture.germany(erp))
    _ = try summarise()
    try await fixture.run(fixture.germany(erp))
    #expect(booked == ["receivable": 12_00, "revenue": -12_00])
  }

  // MARK: By policy

  /// It is one moment for ever.
  private struct StoppedClock: EngineClock {
    let now: Moment
    var elapsed: Duration { .zero }
    func sleep(until moment: Moment) async throws {}
  }

  private static func book(_ summaries: EntityPolicies.Summaries) -> RuleBook {
    var book = book
    book.entities[Sample.germany]?.policies.summaries = summaries
    return book
  }

  /// As it is at midnight UTC.
  private func round(
    on day: String, _ summaries: EntityPolicies.Summaries = .month, ahead: Duration = .zero
  ) -> SummaryRound {
    let midnight = Int64(Sample.day(day).dayNumber) * 86_400_000
    return SummaryRound(
      fixture.acceptance(Self.book(summaries)), store: fixture.store,
      commit: GroupCommit(store: fixture.store),
      clock: StoppedClock(now: Moment(milliseconds: midnight)),
      zones: [Sample.germany: ClockOffsets(before: ahead, changes: [])])
  }

  @Test func `a month that is over is summarised once, and what comes later in a further one`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"), Self.book)
    #expect(try await round(on: "2026-03-31").run() == 0)
    let west = round(on: "2026-04-01", ahead: .seconds(-3_600))
    #expect(try await west.run() == 0, "it is March where the entity is")
    #expect(try await round(on: "2026-04-01").run() == 1)
    #expect(try await round(on: "2026-04-01").run() == 0)
    try fixture.accept(try Sample.invoice("INV-2", "5.00"), Self.book)
    #expect(try await round(on: "2026-04-02").run() == 1)
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.bookings.count == 2)
    #expect(booked == ["receivable": 15_00, "revenue": -15_00])
  }

  @Test func `days that are over are summarised each for itself`() async throws {
    let book = Self.book(.day)
    for (number, day) in ["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-04"].enumerated() {
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00", on: day), book)
    }
    #expect(try await round(on: "2026-03-04", .day).run() == 2)
    #expect(try await round(on: "2026-03-04", .day).run() == 0)
    #expect(try await round(on: "2026-03-05", .day).run() == 1)
    try await fixture.run(fixture.germany(erp))
    #expect(
      erp.current.bookings.map(\.entry.head.postingDate.text).sorted()
        == ["2026-03-02", "2026-03-03", "2026-03-04"])
    #expect(booked == ["receivable": 40_00, "revenue": -40_00])
  }

  @Test func `by hand nothing is summarised until somebody asks, and what waits is told`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"), Self.book(.byHand))
    let round = round(on: "2027-01-01", .byHand)
    #expect(try await round.run() == 0)
    #expect(
      try fixture.store.read { try round.backlog(in: $0) } == [
        SummaryRound.Backlog(
          entity: Sample.germany, ledger: "primary", period: period, entries: 1, due: nil)
      ])
    let byMonth = self.round(on: "2026-03-10")
    #expect(
      try fixture.store.read { try byMonth.backlog(in: $0) }.map(\.due) == [
        Sample.day("2026-04-01")
      ])
  }
}
