import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

@Suite struct ReversalTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  @discardableResult
  private func reverse(
    _ type: DocumentType, _ id: String, on day: String? = nil, _ book: RuleBook = Sample.book()
  ) throws -> Reversal.Result {
    let reversal = Reversal(fixture.acceptance(book).compensation, actor: "anna")
    return try fixture.store.write {
      try reversal.reverse(
        Sample.identity(type, id), on: day.map(Sample.day), reason: "wrong customer",
        at: fixture.clock.now, in: $0)
    }
  }

  /// Debits less credits by account of every entry whose posting was not cancelled.
  private func balances() throws -> [String: Int64] {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let entries = try fixture.store.read { try $0.entries(filter) }
    var sums: [String: Int64] = [:]
    for listed in entries where listed.postingState != .cancelled {
      for line in listed.record.entry.lines {
        sums[line.account.code, default: 0] +=
          line.side == .debit ? line.amount.minorUnits : -line.amount.minorUnits
      }
    }
    return sums.filter { $0.value != 0 }
  }

  @Test func `a posted document is reversed by an entry of its own, once`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    let first = try reverse(.invoice, "INV-1", on: "2026-04-02")
    #expect(first.isRepeat == false)
    #expect(first.document.state == .posting)
    let reversal = try #require(first.reversals.first)
    #expect(reversal.entry.head.kind == .reversal)
    #expect(reversal.entry.head.postingDate == Sample.day("2026-04-02"))
    let original = try #require(
      try fixture.entries(fixture.document(Sample.identity(.invoice, "INV-1"))).first)
    #expect(reversal.entry.head.reverses == original.key.text)
    #expect(reversal.set == original.set)
    #expect(try fixture.open(.invoice, "INV-1") == "0.00")
    let again = try reverse(.invoice, "INV-1")
    #expect(again.isRepeat)
    #expect(again.reversals.map(\.key) == [reversal.key])
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try balances().isEmpty)
    #expect(erp.current.bookings.count == 2)
    #expect(try reverse(.invoice, "INV-1").isRepeat)
    #expect(try fixture.actions(.invoice, "INV-1").contains("document.reversing"))
    let repeated = try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    #expect(repeated.kind == .repeat)
    #expect(repeated.state == .reversed)
  }

  @Test func `what was never sent is cancelled with its reversal`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    let result = try reverse(.invoice, "INV-1")
    #expect(result.document.state == .reversed)
    #expect(result.cancelled.count == 1)
    try await run()
    #expect(erp.current.bookings.isEmpty)
    #expect(try balances().isEmpty)
  }

  @Test func `a lost answer is found before its reversal is posted`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .loseAnswer : nil } }
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    let posting = try fixture.posting(.invoice, "INV-1")
    try fixture.set(posting) {
      $0.state = .unknown
      $0.isDoubtful = true
    }
    #expect(try reverse(.invoice, "INV-1").cancelled.isEmpty)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(erp.current.bookings.count == 2)
  }

  @Test func `a reversal is never dated before its original, nor into a closed period`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00", on: "2026-03-20"))
    let posting = try fixture.posting(.invoice, "INV-1")
    try fixture.set(posting) { $0.state = .posted }
    let reversal = try #require(
      try reverse(
        .invoice, "INV-1", on: "2026-03-01", Sample.book(closed: ["2026-03", "2026-04"])
      ).reversals.first)
    #expect(reversal.entry.head.postingDate == Sample.day("2026-05-01"))
    #expect(reversal.entry.head.movedFrom == Sample.day("2026-03-20"))
    #expect(reversal.entry.head.documentDate == Sample.day("2026-03-20"))
  }

  @Test func `what is settled since is not reversed before the settlement`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "60.00", to: [("INV-1", "60.00")]))
    try await run()
    let problem = #expect(throws: Problem.self) { try reverse(.invoice, "INV-1") }
    #expect(problem?.code == "settled_since")
    #expect(problem?.detail.contains("billing/payment/P-1 (60.00 EUR)") == true)
    try reverse(.payment, "P-1")
    #expect(try fixture.open(.invoice, "INV-1") == "100.00")
    try reverse(.invoice, "INV-1")
    let waiting = try fixture.postings(.invoice, "INV-1")
    #expect(waiting.map(\.reason) == [nil, .order], "the payment's reversal goes first")
    try await run()
    #expect(try fixture.state(.payment, "P-1") == .reversed)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try balances().isEmpty)
  }

  @Test func `an item in a foreign currency is given back at what it is carried at`() throws {
    let rate = ExchangeRate(
      from: Sample.dollar, to: Sample.euro, rate: try ExactDecimal("0.9"),
      date: Sample.day("2026-03-01"), source: "ECB")
    try fixture.accept(try Sample.invoice("INV-1", "100.00", in: Sample.dollar, rate: rate))
    try reverse(.invoice, "INV-1")
    let number = try fixture.document(Sample.identity(.invoice, "INV-1")).number
    let items = try fixture.store.read { try $0.openItems(of: number) }
    #expect(items.values.allSatisfy { $0.open.amount.isZero && $0.open.functional.isZero })
  }

  @Test func `credit that is used stays until its use is reversed`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "30.00"))
    try fixture.accept(try Sample.payment("P-1", "50.00"))
    try fixture.accept(try Sample.application("A-1", from: "P-1", to: [("INV-1", "30.00")]))
    try await run()
    #expect(throws: Problem.self) { try reverse(.payment, "P-1") }
    try reverse(.application, "A-1")
    try reverse(.payment, "P-1")
    try reverse(.invoice, "INV-1")
    try await run()
    #expect(try balances().isEmpty)
  }

  @Test func `what has no entries cannot be reversed`() throws {
    try fixture.accept(try Sample.payment("P-1", "10.00", to: [("INV-9", "10.00")]))
    for (type, id, code) in [
      (DocumentType.payment, "P-1", "not_reversible"), (.invoice, "INV-9", "not_found"),
    ] {
      let problem = #expect(throws: Problem.self) { try reverse(type, id) }
      #expect(problem?.code == code)
    }
  }

  @Test func `a higher revision after a reversal is posted anew and reverses nothing twice`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    try reverse(.invoice, "INV-1")
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
    #expect(try fixture.open(.invoice, "INV-1") == "80.00")
    try await run()
    #expect(erp.current.bookings.count == 3)
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .reversed)
    try reverse(.invoice, "INV-1")
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try balances().isEmpty)
  }

  @Test(arguments: Seed.forThisRun)
  func `reversing everything leaves zero on every account`(seed: Seed) async throws {
    var random = SeededGenerator(seed)
    var made: [DocumentIdentity] = []
    for number in 1...12 {
      let amount = "\(Int.random(in: 1...900, using: &random)).00"
      try fixture.accept(try Sample.invoice("INV-\(number)", amount))
      made.append(Sample.identity(.invoice, "INV-\(number)"))
      if Bool.random(using: &random) {
        try fixture.accept(
          try Sample.payment("P-\(number)", "1000.00", to: [("INV-\(number)", "1.00")]))
        made.append(Sample.identity(.payment, "P-\(number)"))
      }
      if Bool.random(using: &random) {
        let more = "\(Int.random(in: 1...900, using: &random)).00"
        try fixture.accept(try Sample.invoice("INV-\(number)", more, revision: 2))
      }
      if Bool.random(using: &random) { try await run() }
    }
    for identity in made.reversed() { try reverse(identity.type, identity.id) }
    try await run()
    #expect(try balances().isEmpty)
    for identity in made {
      #expect(try fixture.document(identity).state == .reversed)
      for part in StoredOpenItemChange.Part.allCases {
        #expect(try fixture.open(identity.type, identity.id, part) == "0.00")
      }
    }
  }
}
