import AdapterKit
import Ledger
import PostingEngine
import TestSupport
import Testing

/// The engine uses what an adapter can do beyond submitting.
@Suite struct CapabilityTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func connection(_ adapter: some ERPAdapter) -> EngineConnection {
    EngineConnection(id: Sample.germanERP, adapter: adapter, callTimeout: .seconds(30))
  }

  @Test func `a reversal goes to the ERP's own function with what it takes back`() async throws {
    let adapter = ReversingAdapter(erp: erp, descriptor: .fake(batch: 10))
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await fixture.run(connection(adapter))
    let first = try fixture.posting(.invoice, "INV-1")
    try fixture.accept(try Sample.invoice("INV-1", "12.00", revision: 2))
    try await fixture.run(connection(adapter))
    let order = try #require(adapter.taken.orders.first)
    #expect(adapter.taken.orders.count == 1)
    #expect(order.original.key == first.entry)
    #expect(order.original.receipt == first.receipt)
    #expect(order.reversal.entry.head.reverses == first.entry.text)
    #expect(erp.bookings(of: order.reversal.key) == 1)
    #expect(adapter.taken.documents.isEmpty)
  }

  @Test func `an adapter that wants documents is given them with what they settle`() async throws {
    var descriptor = AdapterDescriptor.fake()
    descriptor.wantsDocuments = true
    let adapter = ReversingAdapter(erp: erp, descriptor: descriptor)
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try fixture.accept(try Sample.payment("PAY-1", "10.00", to: [("INV-1", "10.00")]))
    try await fixture.run(connection(adapter))
    let invoice = try fixture.posting(.invoice, "INV-1")
    let payment = try #require(
      adapter.taken.documents.first { $0.document.identity.type == .payment })
    let settled = payment.references[Sample.identity(.invoice, "INV-1")]
    #expect(settled?.key == invoice.entry)
    #expect(settled?.receipt == invoice.receipt)
  }

  @Test func `what an ERP cannot express goes to a person unsent`() async throws {
    var descriptor = AdapterDescriptor.fake()
    descriptor.entryKinds = [.payment]
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await fixture.run(fixture.germany(erp, descriptor: descriptor))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .rejected)
    #expect(erp.current.submissions.isEmpty)
    #expect(try fixture.classes == ["rejected_validation"])
  }

  @Test func `a customer whom the ERP does not know is created once, then the entries go on`()
    async throws
  {
    let adapter = CreatingAdapter(erp: erp, descriptor: .fake(batch: 10))
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try fixture.accept(try Sample.invoice("INV-2", "20.00"))
    try await fixture.run(creating(adapter))
    #expect(adapter.created.customers == ["C-1"])
    for id in ["INV-1", "INV-2"] {
      let posting = try fixture.posting(.invoice, id)
      #expect(posting.state == .posted)
      #expect(erp.bookings(of: posting.entry) == 1)
      #expect(try fixture.actions(.invoice, id).contains("customer.created"))
    }
  }

  @Test func `without the connection's leave nobody is created, and a person is asked`()
    async throws
  {
    let adapter = CreatingAdapter(erp: erp, descriptor: .fake())
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await fixture.run(connection(adapter))
    #expect(adapter.created.customers.isEmpty)
    #expect(try fixture.classes == ["rejected_unknown_party"])
  }

  @Test func `an ERP that refuses the customer, or does not know it after all, ends with a person`()
    async throws
  {
    let answers: [@Sendable (Customer) -> PartyOutcome] = [
      { _ in .rejected(Rejection(.validation, FakeERP.refused)) }, { .existing(code: $0.id) },
    ]
    for (number, answer) in answers.enumerated() {
      let adapter = CreatingAdapter(erp: erp, descriptor: .fake(), answer: answer)
      try fixture.accept(try Sample.invoice("INV-\(number)", "10.00"))
      try await fixture.run(creating(adapter))
      let posting = try fixture.posting(.invoice, "INV-\(number)")
      #expect(posting.state == .rejected)
      #expect(erp.bookings(of: posting.entry) == 0)
    }
    #expect(Set(try fixture.classes) == ["rejected_unknown_party"])
  }

  private func creating(_ adapter: CreatingAdapter) -> EngineConnection {
    EngineConnection(
      id: Sample.germanERP, adapter: adapter, callTimeout: .seconds(30), createsCustomers: true)
  }
}
