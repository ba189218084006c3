import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

@Suite struct AcceptanceTests {
  let fixture: EngineFixture

  init() throws { fixture = try EngineFixture() }

  @Test func `a new document is stored with its entries and postings`() throws {
    let verdict = try fixture.accept(Sample.invoice("INV-1", "100.00"))
    #expect(verdict.kind == .accepted && verdict.waiting == nil)
    let document = try fixture.document(Sample.identity(.invoice, "INV-1"))
    #expect(document.state == .accepted)
    #expect(document.receivable == (try Sample.euros("100.00")))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .due && posting.connection == Sample.germanERP)
    #expect(try fixture.entries(document).map(\.key) == [posting.entry])
    #expect(try fixture.actions(.invoice, "INV-1") == ["document.accepted"])
  }

  @Test func `a repeat is answered with what the first one got, and changes nothing`() throws {
    let book = Sample.book(without: [.revenue])
    let stopped = try Sample.invoice("INV-2", "1.00")
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    #expect(try fixture.accept(stopped, book).kind == .exception)
    let before = try fixture.store.read { try $0.counts() }
    let first = try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    #expect(first.kind == .repeat && first.first == .accepted && first.state == .accepted)
    let second = try fixture.accept(stopped)
    #expect(second.kind == .repeat && second.first == .exception && second.state == .exception)
    #expect(try fixture.store.read { try $0.counts() } == before)
    #expect(try fixture.actions(.invoice, "INV-1") == ["document.accepted"])
  }

  @Test func `other content under one identity is a conflict, kept once for each content`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    for amount in ["90.00", "80.00", "90.00", "80.00"] {
      let verdict = try fixture.accept(try Sample.invoice("INV-1", amount))
      #expect(verdict.kind == .conflict)
      #expect(verdict.errors.map(\.code) == ["identity_conflict"])
    }
    #expect(try fixture.open(.invoice, "INV-1") == "100.00")
    #expect(try fixture.postings(.invoice, "INV-1").count == 1)
    #expect(try fixture.classes == ["identity_conflict", "identity_conflict"])
    #expect(try fixture.exceptions().map(\.amount.text) == ["90.00", "80.00"])
    let refused = try fixture.store.read { try $0.refused(ListFilter()) }
    #expect(refused.map(\.identity) == ["billing/invoice/INV-1", "billing/invoice/INV-1"])
    #expect(refused.allSatisfy { !$0.content.isEmpty })
    #expect(try fixture.state(.invoice, "INV-1") == .accepted)
  }

  @Test func `a missing mapping stops a document with its amount and what to do`() throws {
    let verdict = try fixture.accept(
      try Sample.invoice("INV-1", "100.00"), Sample.book(without: [.revenue]))
    #expect(verdict.kind == .exception)
    let exception = try #require(try fixture.exceptions().first)
    #expect(exception.exceptionClass == "missing_mapping")
    #expect(exception.amount.text == "100.00")
    #expect(!exception.fix.isEmpty)
    #expect(verdict.exceptions.map(\.fingerprint) == [exception.fingerprint])
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    #expect(try fixture.postings(.invoice, "INV-1").isEmpty)
  }

  @Test func `an unknown entity is refused with those there are`() throws {
    let acceptance = fixture.acceptance()
    var converter = acceptance.makeConverter()
    let problem = #expect(throws: Problem.self) {
      _ = try acceptance.prepare(
        Sample.invoice("INV-1", "1.00", entity: LegalEntityID("XX")), using: &converter)
    }
    #expect(problem?.code == "unknown_entity")
    #expect(problem?.pointer == "/entity")
    #expect(problem?.fix == "Use one of: DE01, US01")
  }

  @Test func `an entity without a connection is a missing mapping`() throws {
    var book = Sample.book()
    book.entities[Sample.germany]?.connections = [:]
    #expect(try fixture.accept(try Sample.invoice("INV-1", "1.00"), book).kind == .exception)
    #expect(try fixture.classes == ["missing_mapping"])
    #expect(try fixture.exceptions().map(\.fix) == ["Set 'connection' in entities/DE01.yaml"])
  }

  // MARK: Open items and order

  @Test func `payments and credit memos take off what is open, and what is left stays credit`()
    throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "50.00", to: [("INV-1", "30.00")]))
    #expect(try fixture.open(.invoice, "INV-1") == "70.00")
    #expect(try fixture.open(.payment, "P-1", .credit) == "20.00")
    try fixture.accept(try Sample.creditMemo("C-1", "25.00", to: [("INV-1", "20.00")]))
    #expect(try fixture.open(.invoice, "INV-1") == "50.00")
    #expect(try fixture.open(.creditMemo, "C-1", .credit) == "5.00")
    try fixture.accept(try Sample.application("A-1", from: "P-1", to: [("INV-1", "20.00")]))
    #expect(try fixture.open(.invoice, "INV-1") == "30.00")
    #expect(try fixture.open(.payment, "P-1", .credit) == "0.00")
  }

  @Test func `settling more than is open stops the settlement, and nothing moves`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "60.00", to: [("INV-1", "60.00")]))
    let verdict = try fixture.accept(
      try Sample.payment("P-2", "60.00", to: [("INV-1", "60.00")]))
    #expect(verdict.kind == .exception)
    #expect(try fixture.classes == ["over_settled"])
    #expect(try fixture.open(.invoice, "INV-1") == "40.00")
    #expect(try fixture.postings(.payment, "P-2").isEmpty)
  }

  @Test func `what settles an invoice is posted after it`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.invoice("INV-2", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    try fixture.accept(try Sample.creditMemo("C-1", "10.00", preceding: ["INV-2"]))
    try fixture.accept(try Sample.payment("P-2", "10.00"))
    for (type, id, after) in [
      (DocumentType.payment, "P-1", "INV-1"), (.creditMemo, "C-1", "INV-2"),
    ] {
      let posting = try fixture.posting(type, id)
      #expect(posting.state == .waiting && posting.reason == .order)
      let invoice = try fixture.posting(.invoice, after)
      let first = try fixture.store.read {
        try $0.unpostedPredecessors(of: posting.number)
      }
      #expect(first == [invoice.number])
    }
    #expect(try fixture.posting(.payment, "P-2").state == .due)
  }

  @Test func `nothing waits for what is in the ERP already`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await fixture.run(fixture.germany(FakeERP(clock: fixture.clock)))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    #expect(try fixture.posting(.payment, "P-1").state == .due)
  }
}

@Suite struct WaitingTests {
  let fixture: EngineFixture

  init() throws { fixture = try EngineFixture() }

  private func wait(_ type: DocumentType, _ id: String) throws -> DocumentWait? {
    let document = try fixture.document(Sample.identity(type, id))
    return try fixture.store.read { try $0.wait(of: document.number) }
  }

  @Test func `a payment waits for its invoice, and wakes when it comes`() throws {
    let verdict = try fixture.accept(
      try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    #expect(verdict.kind == .accepted)
    #expect(verdict.waiting == "Waits for billing/invoice/INV-1")
    #expect(try wait(.payment, "P-1")?.references == [Sample.identity(.invoice, "INV-1")])
    #expect(try fixture.postings(.payment, "P-1").isEmpty)
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    #expect(try wait(.payment, "P-1") == nil)
    #expect(try fixture.posting(.payment, "P-1").reason == .order)
    #expect(try fixture.open(.invoice, "INV-1") == "0.00")
  }

  @Test func `a chain of waits wakes link by link`() throws {
    try fixture.accept(try Sample.application("A-1", from: "P-1", to: [("INV-2", "40.00")]))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "60.00")]))
    try fixture.accept(try Sample.invoice("INV-2", "40.00"))
    #expect(try wait(.application, "A-1") != nil)
    #expect(try wait(.payment, "P-1") != nil)
    try fixture.accept(try Sample.invoice("INV-1", "60.00"))
    #expect(try wait(.application, "A-1") == nil)
    #expect(try fixture.open(.invoice, "INV-1") == "0.00")
    #expect(try fixture.open(.invoice, "INV-2") == "0.00")
    #expect(try fixture.open(.payment, "P-1", .credit) == "0.00")
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `what comes but is stopped wakes nobody until it has entries`() async throws {
    let holed = Sample.book(without: [.revenue])
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    let until = try wait(.payment, "P-1")?.until
    fixture.clock.pass(.seconds(3_600))
    try fixture.accept(try Sample.invoice("INV-1", "100.00"), holed)
    #expect(try wait(.payment, "P-1") != nil)
    #expect(try fixture.reconvert(Sample.identity(.payment, "P-1"), holed)?.waiting != nil)
    #expect(try wait(.payment, "P-1")?.until == until, "trying does not prolong the wait")
    _ = try await fixture.retryAll()
    #expect(try wait(.payment, "P-1") == nil)
    #expect(try fixture.posting(.payment, "P-1").reason == .order)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `a document of a closed period on hold is converted when the period opens`() throws {
    let closed = Sample.book(closed: ["2026-03"])
    let verdict = try fixture.accept(try Sample.invoice("INV-1", "100.00"), closed)
    #expect(verdict.waiting == "Waits until period 2026-03 of DE01 is open")
    let identity = Sample.identity(.invoice, "INV-1")
    #expect(try wait(.invoice, "INV-1")?.reason == .period)
    #expect(try wait(.invoice, "INV-1")?.until == .never)
    #expect(try fixture.reconvert(identity, closed)?.waiting != nil)
    let waiting = try fixture.store.read { try $0.documentsWaiting(for: .period) }
    #expect(waiting == [try fixture.document(identity).number])
    #expect(try fixture.reconvert(identity, Sample.book())?.waiting == nil)
    #expect(try fixture.posting(.invoice, "INV-1").state == .due)
    #expect(try fixture.document(identity).receivable == (try Sample.euros("100.00")))
    #expect(try fixture.reconvert(identity, Sample.book()) == nil, "it has entries now")
  }

  @Test func `a source's own limit ends the waits of its documents`() throws {
    let acceptance = Acceptance(
      ruleBook: Sample.book(), installation: "test",
      waitLimits: [Sample.source: .seconds(3_600), "other": .seconds(1)])
    var converter = acceptance.makeConverter()
    let payment = try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")])
    let prepared = try acceptance.prepare(payment, using: &converter)
    _ = try fixture.store.write {
      try acceptance.accept(prepared, at: Sample.now, using: &converter, in: $0)
    }
    #expect(try wait(.payment, "P-1")?.until == Sample.now + .seconds(3_600))
  }

  @Test func `what waited past its limit becomes an exception, and a retry mends it`() async throws
  {
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    fixture.clock.pass(Acceptance.defaultWaitLimit + .seconds(-1))
    try await fixture.run(fixture.germany(FakeERP(clock: fixture.clock)))
    #expect(try fixture.exceptions().isEmpty)
    fixture.clock.pass(.seconds(1))
    try await fixture.run(fixture.germany(FakeERP(clock: fixture.clock)))
    #expect(try fixture.classes == ["reference_missing"])
    #expect(try fixture.state(.payment, "P-1") == .exception)
    #expect(try wait(.payment, "P-1") == nil)
    #expect(try fixture.actions(.payment, "P-1").last == "document.reference_missing")
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    let rows = try await fixture.retryAll()
    #expect(rows.map(\.result) == [.done])
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.posting(.payment, "P-1").reason == .order)
  }
}
