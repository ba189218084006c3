import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

@Suite struct VoidTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  @Test func `a void reverses what is posted`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    #expect(try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1")).kind == .accepted)
    let reversal = try #require(
      try fixture.entries(fixture.document(Sample.identity(.void, "V-1"))).first)
    #expect(reversal.entry.head.kind == .reversal)
    #expect(reversal.entry.head.postingDate == Sample.day("2026-03-10"))
    #expect(reversal.entry.head.source.document == Sample.identity(.invoice, "INV-1"))
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.state(.void, "V-1") == .posted)
    #expect(try fixture.open(.invoice, "INV-1") == "0.00")
  }

  @Test func `what was not sent yet is cancelled`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.state(.void, "V-1") == .posted)
    try await run()
    #expect(erp.current.bookings.isEmpty)
  }

  @Test func `a void of an unknown document waits for it`() async throws {
    let verdict = try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    #expect(verdict.waiting == "Waits for billing/invoice/INV-1")
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.state(.void, "V-1") == .posted)
    try await run()
    #expect(erp.current.bookings.isEmpty)
  }

  @Test func `a void gives up what was stopped, whichever comes first`() throws {
    let holed = Sample.book(without: [.revenue])
    try fixture.accept(try Sample.invoice("INV-1", "100.00"), holed)
    try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    try fixture.accept(Sample.void("V-2", of: .invoice, "INV-2"))
    try fixture.accept(try Sample.invoice("INV-2", "100.00"), holed)
    for id in ["INV-1", "INV-2"] { #expect(try fixture.state(.invoice, id) == .discarded) }
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `a settled document, a void, and another entity's document are not voided`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    try fixture.accept(
      try Sample.invoice("INV-3", "10.00", entity: Sample.america, in: Sample.dollar))
    try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    try fixture.accept(Sample.void("V-2", of: .void, "V-1"))
    try fixture.accept(Sample.void("V-3", of: .invoice, "INV-3"))
    #expect(try fixture.classes == ["settled_since", "not_voidable", "not_voidable"])
    #expect(try fixture.open(.payment, "P-1", .credit) == "0.00")
  }

  @Test func `a void that is stopped goes on when the settlement is voided`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    try await run()
    try fixture.accept(Sample.void("V-1", of: .invoice, "INV-1"))
    try fixture.accept(Sample.void("V-2", of: .payment, "P-1"))
    _ = try await fixture.retryAll()
    #expect(try fixture.exceptions().isEmpty)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.state(.payment, "P-1") == .reversed)
  }

  @Test func `a void in a closed period follows the entity's policy`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.set(try fixture.posting(.invoice, "INV-1")) { $0.state = .posted }
    let held = try fixture.accept(
      Sample.void("V-1", of: .invoice, "INV-1"), Sample.book(closed: ["2026-03"]))
    #expect(held.waiting == "Waits until period 2026-03 of DE01 is open")
    _ = try fixture.reconvert(
      Sample.identity(.void, "V-1"), Sample.book(closed: ["2026-03"], closedPeriod: .nextOpen))
    let reversal = try #require(
      try fixture.entries(fixture.document(Sample.identity(.void, "V-1"))).first)
    #expect(reversal.entry.head.postingDate == Sample.day("2026-04-01"))
    #expect(reversal.entry.head.movedFrom == Sample.day("2026-03-10"))
  }
}
