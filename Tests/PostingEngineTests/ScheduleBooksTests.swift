import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

/// Deferred revenue over generated months: what the schedules say and what the journal holds.
@Suite struct ScheduleBooksTests {
  let fixture: EngineFixture

  init() throws { fixture = try EngineFixture() }

  private static func book(_ policies: (inout EntityPolicies) -> Void) -> RuleBook {
    var book = Sample.book()
    for id in [Sample.germany, Sample.america] {
      if var chosen = book.entities[id]?.policies {
        policies(&chosen)
        book.entities[id]?.policies = chosen
      }
    }
    return book
  }

  private static func deferring(_ document: Document, over service: DateRange) -> Document {
    var document = document
    guard case .invoice(var invoice) = document.body else { return document }
    for index in invoice.content.lines.indices {
      invoice.content.lines[index].servicePeriod = service
    }
    document.body = .invoice(invoice)
    return document
  }

  private func recognise(
    _ entity: LegalEntityID, _ period: FiscalPeriod, _ book: RuleBook
  ) throws -> StoredRun? {
    let recognition = Recognition(fixture.acceptance(book))
    return try fixture.store.write { transaction throws in
      let plan = try recognition.plan(of: entity, period: period, in: transaction)
      return try recognition.carryOut(
        plan, of: entity, at: Sample.now, actor: "test", in: transaction)
    }
  }

  private func expectTied(_ entity: LegalEntityID, through period: FiscalPeriod) throws {
    let (rows, waterfall) = try fixture.store.read { queries in
      (
        try queries.scheduleRollForward(of: entity, ledger: "primary", over: period),
        try queries.scheduleWaterfall(of: entity, ledger: "primary", after: period)
      )
    }
    for row in rows {
      #expect(row.difference == .zero, "\(entity) \(row.currency) \(period)")
      let left = waterfall.filter { $0.account == row.account && $0.currency == row.currency }
      #expect(left.map(\.amount).sum == row.closing)
      #expect(row.closing.amount >= 0)
    }
  }

  @Test func `what a discarded credit memo or run did to a schedule never was`() async throws {
    let book = Self.book { $0.deferral = Deferral(.monthly) }
    let service = try #require(
      DateRange(from: Sample.day("2026-03-01"), through: Sample.day("2026-05-31")))
    try fixture.accept(
      Self.deferring(try Sample.invoice("INV-1", "30.00", on: "2026-03-01"), over: service), book)
    let march = FiscalPeriod(containing: Sample.day("2026-03-01"))
    let erp = FakeERP(clock: fixture.clock)
    try await fixture.run(fixture.germany(erp))
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try fixture.accept(try Sample.creditMemo("CM-1", "6.00", to: [("INV-1", "6.00")]), book)
    try await fixture.run(fixture.germany(erp))
    try fixture.decide { try $0.discard($1, reason: "a test", at: Sample.now, in: $2) }
    try expectTied(Sample.germany, through: march)
    let refused = try #require(try recognise(Sample.germany, march, book))
    #expect(refused.records.map { $0.entry.total?.text } == ["10.00"])
    try await fixture.run(fixture.germany(erp))
    try fixture.decide { try $0.discard($1, reason: "a test", at: Sample.now, in: $2) }
    try expectTied(Sample.germany, through: march)
    let again = try #require(try recognise(Sample.germany, march, book))
    #expect(again.records.map { $0.entry.total?.text } == ["10.00"])
    #expect(again.records.map(\.key) != refused.records.map(\.key))
    try expectTied(Sample.germany, through: march)
  }

  @Test(arguments: Seed.forThisRun.prefix(12), EntityPolicies.PostingDetail.allCases)
  func `deferred revenue equals its account whatever happens, and ends at zero`(
    seed: Seed, detail: EntityPolicies.PostingDetail
  ) throws {
    var random = SeededGenerator(seed)
    let method = [DeferralMethod.daily, .monthly, .halfMonth, .thirty360].randomElement(
      using: &random)
    let reshaping = CreditReshaping.allCases.randomElement(using: &random) ?? .byLine
    let book = Self.book {
      $0.deferral = Deferral(method)
      $0.recognition = detail
      $0.creditReshaping = reshaping
    }
    let rate = try #require(
      ExchangeRate(
        from: Sample.euro, to: Sample.dollar, rate: ExactDecimal("1.1037"),
        date: Sample.day("2026-01-01"), source: "ECB"))
    var live: [(id: String, entity: LegalEntityID, left: Int64)] = []
    var number = 0
    var month = FiscalPeriod(containing: Sample.day("2026-01-01"))
    for _ in 0..<5 {
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        number += 1
        let day = month.firstDay.adding(days: Int.random(in: 0...27, using: &random))
        let from = day.adding(days: Int.random(in: -70...20, using: &random))
        let service = try #require(
          DateRange(
            from: from, through: from.adding(days: Int.random(in: 0...120, using: &random))))
        let entity = Bool.random(using: &random) ? Sample.germany : Sample.america
        let cents = Int64.random(in: 1...99_999, using: &random)
        let net = Money(minorUnits: cents, Sample.euro)
        let invoice = try Sample.invoice(
          "INV-\(number)", net.text, entity: entity, on: day.text,
          rate: entity == Sample.america ? rate : nil)
        let verdict = try fixture.accept(Self.deferring(invoice, over: service), book)
        #expect(verdict.kind == .accepted)
        live.append(("INV-\(number)", entity, cents))
      }
      try change(&live, in: month, book, using: &random, number: &number)
      for entity in [Sample.germany, Sample.america] {
        _ = try recognise(entity, month, book)
        #expect(try recognise(entity, month, book) == nil)
        try expectTied(entity, through: month)
      }
      month = try #require(month.next)
    }
    for _ in 0..<6 {
      for entity in [Sample.germany, Sample.america] {
        _ = try recognise(entity, month, book)
        try expectTied(entity, through: month)
      }
      month = try #require(month.next)
    }
    for entity in [Sample.germany, Sample.america] {
      let rows = try fixture.store.read {
        try $0.scheduleRollForward(of: entity, ledger: "primary", over: month)
      }
      #expect(rows.allSatisfy { $0.closing == .zero && $0.accountBalance == .zero })
    }
    #expect(try fixture.exceptions().isEmpty)
  }

  /// A credit memo on one of the invoices, and another one taken back.
  private func change(
    _ live: inout [(id: String, entity: LegalEntityID, left: Int64)], in month: FiscalPeriod,
    _ book: RuleBook, using random: inout SeededGenerator, number: inout Int
  ) throws {
    if let place = live.indices.randomElement(using: &random),
      live[place].entity == Sample.germany, live[place].left > 1
    {
      number += 1
      let credit = Money(
        minorUnits: Int64.random(in: 1..<live[place].left, using: &random), Sample.euro)
      var memo = try Sample.creditMemo(
        "CM-\(number)", credit.text, to: [(live[place].id, credit.text)])
      memo.documentDate = month.firstDay.adding(days: Int.random(in: 0...27, using: &random))
      #expect(try fixture.accept(memo, book).kind == .accepted)
      // What others settle cannot be taken back before them.
      live.remove(at: place)
    }
    if Bool.random(using: &random), let place = live.indices.randomElement(using: &random) {
      let acceptance = fixture.acceptance(book)
      let reversal = Reversal(
        Compensation(ruleBook: book, keys: acceptance.keys), actor: "test")
      let identity = Sample.identity(.invoice, live[place].id)
      _ = try fixture.store.write {
        try reversal.reverse(
          identity, on: month.lastDay, reason: "test", at: Sample.now, in: $0)
      }
      live.remove(at: place)
    }
  }

  @Test func `a run that is reversed can be made again`() throws {
    let book = Self.book { $0.deferral = .daily }
    let service = try #require(
      DateRange(from: Sample.day("2026-03-01"), through: Sample.day("2026-04-30")))
    try fixture.accept(
      Self.deferring(try Sample.invoice("INV-1", "610.00"), over: service), book)
    let march = FiscalPeriod(containing: Sample.day("2026-03-01"))
    let first = try #require(try recognise(Sample.germany, march, book))
    let reversal = Reversal(
      Compensation(ruleBook: book, keys: fixture.acceptance(book).keys), actor: "test")
    _ = try fixture.store.write {
      try reversal.reverse(
        first.document.identity, reason: "test", at: Sample.now, in: $0)
    }
    let second = try #require(try recognise(Sample.germany, march, book))
    #expect(second.document.identity.id == "recognise:DE01:primary:2026-03:2")
    #expect(second.records.map(\.key) != first.records.map(\.key))
    #expect(second.records.first?.entry.total?.text == "310.00")
    try expectTied(Sample.germany, through: march)
  }

  @Test func `a month before that is open and due has to come first`() throws {
    let book = Self.book { $0.deferral = .daily }
    let service = try #require(
      DateRange(from: Sample.day("2026-03-01"), through: Sample.day("2026-04-30")))
    try fixture.accept(
      Self.deferring(try Sample.invoice("INV-1", "610.00"), over: service), book)
    let april = FiscalPeriod(containing: Sample.day("2026-04-01"))
    let problem = #expect(throws: Problem.self) { try recognise(Sample.germany, april, book) }
    #expect(problem?.code == "earlier_releases_due")
  }

  @Test func `a higher revision ends the schedules of the one before`() throws {
    let book = Self.book { $0.deferral = .daily }
    let service = try #require(
      DateRange(from: Sample.day("2026-03-01"), through: Sample.day("2026-04-30")))
    let march = FiscalPeriod(containing: Sample.day("2026-03-01"))
    let april = FiscalPeriod(containing: Sample.day("2026-04-01"))
    try fixture.accept(
      Self.deferring(try Sample.invoice("INV-1", "610.00"), over: service), book)
    _ = try recognise(Sample.germany, march, book)
    try fixture.accept(
      Self.deferring(try Sample.invoice("INV-1", "305.00", revision: 2), over: service), book)
    try expectTied(Sample.germany, through: march)
    let again = try #require(try recognise(Sample.germany, march, book))
    #expect(again.records.first?.entry.total?.text == "155.00")
    let last = try #require(try recognise(Sample.germany, april, book))
    #expect(last.records.first?.entry.total?.text == "150.00")
    try expectTied(Sample.germany, through: april)
  }
}
