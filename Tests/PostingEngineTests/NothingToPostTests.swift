import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

/// Documents that move nothing: an invoice of zero gives no entry.
@Suite struct NothingToPostTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  @Test func `a document without an entry is done at once`() throws {
    #expect(try fixture.accept(try Sample.invoice("INV-1", "0.00")).kind == .accepted)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(
      try fixture.entries(fixture.document(Sample.identity(.invoice, "INV-1"))).isEmpty)
  }

  @Test(arguments: [true, false])
  func `a credit memo that follows one does not wait for it, whichever comes first`(
    invoiceFirst: Bool
  ) async throws {
    let invoice = try Sample.invoice("INV-1", "0.00")
    let memo = try Sample.creditMemo("CM-1", "10.00", preceding: ["INV-1"])
    try fixture.accept(invoiceFirst ? invoice : memo)
    let last = try fixture.accept(invoiceFirst ? memo : invoice)
    #expect(last.waiting == nil)
    try await run()
    #expect(try fixture.state(.creditMemo, "CM-1") == .posted)
    #expect(erp.current.bookings.count == 1)
  }

  @Test func `a payment of one is told that nothing is owed on it, and does not wait`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "0.00"))
    let verdict = try fixture.accept(
      try Sample.payment("P-1", "10.00", to: [("INV-1", "10.00")]))
    #expect(verdict.exceptions.map(\.exceptionClass) == ["over_settled"])
  }

  @Test func `a revision to zero is posted with the reversal of what stood before`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    try fixture.accept(try Sample.invoice("INV-1", "0.00", revision: 2))
    #expect(try fixture.state(.invoice, "INV-1") == .accepted)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(erp.current.bookings.count == 2)
  }

  @Test func `a revision with an entry takes the place of one without`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "0.00"))
    try fixture.accept(try Sample.invoice("INV-1", "100.00", revision: 2))
    let states = try fixture.store.read { queries in
      try queries.revisions(of: Sample.identity(.invoice, "INV-1")).map(\.state)
    }
    #expect(states == [.discarded, .accepted])
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.open(.invoice, "INV-1") == "100.00")
  }

  @Test func `a void of one leaves nothing standing`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "0.00"))
    try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    #expect(try fixture.state(.invoice, "INV-1") == .discarded)
    #expect(try fixture.state(.void, "V-1") == .posted)
  }
}
