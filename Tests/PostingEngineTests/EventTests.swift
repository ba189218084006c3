import AdapterKit
import Ledger
import PostingEngine
import Testing

/// What the outside hears of documents.
@Suite struct EventTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func events(after cursor: Int64 = 0) throws -> [DocumentEvent] {
    var filter = ListFilter()
    filter.cursor = cursor
    filter.limit = ListFilter.maximumLimit
    return try fixture.store.read { try $0.events(filter) }
  }

  private func kinds(of id: String) throws -> [DocumentEvent.Kind] {
    try events().filter { $0.identity.id == id }.map(\.kind)
  }

  @Test func `a document is told accepted at once, and posted only when the ERP said so`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    #expect(try kinds(of: "INV-1") == [.accepted])
    erp.set { $0.fault = { _, count in count == 1 ? .loseAnswer : nil } }
    try await fixture.run(fixture.germany(erp))
    #expect(try kinds(of: "INV-1") == [.accepted, .posted])
    let posted = try #require(try events().last)
    let receipt = try #require(try fixture.attempts(fixture.posting(.invoice, "INV-1")).last)
    #expect(posted.at == receipt.endedAt)
    #expect(posted.entity == Sample.germany && posted.revision == 1)
  }

  @Test func `a stop and its end are told in order, and a repeat tells nothing`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.tax) : nil } }
    let invoice = try Sample.invoice("INV-1", "1.00")
    try fixture.accept(invoice)
    try await fixture.run(fixture.germany(erp))
    try fixture.accept(invoice)
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    #expect(try kinds(of: "INV-1") == [.accepted, .exception, .resumed, .posted])
    #expect(try events().map(\.number) == [1, 2, 3, 4])
    #expect(try fixture.store.read { try $0.lastEvent() } == 4)
  }

  @Test func `a reader goes on after the last event it has`() throws {
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
    #expect(try events(after: 2).map(\.identity.id) == ["INV-3"])
  }

  @Test func `an event whose change is undone was never there`() throws {
    struct Undone: Error {}
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    let number = try fixture.document(Sample.identity(.invoice, "INV-1")).number
    #expect(throws: Undone.self) {
      try fixture.store.write { transaction throws in
        try transaction.setState(.discarded, of: number)
        throw Undone()
      }
    }
    #expect(try kinds(of: "INV-1") == [.accepted])
  }
}
