import AdapterKit
import Ledger
import LedgerJSON
import PostingEngine
import PostingRules
import Testing

/// Entries of one document in two entities, each with an ERP of its own.
@Suite struct EntrySetTests {
  let fixture: EngineFixture
  let german: FakeERP
  let american: FakeERP

  init() throws {
    fixture = try EngineFixture()
    german = FakeERP(clock: fixture.clock)
    american = FakeERP(clock: fixture.clock)
    let document = try Sample.invoice("INV-1", "1.00")
    let other = try Sample.invoice("INV-1", "1.00", entity: Sample.america, in: Sample.dollar)
    let acceptance = fixture.acceptance()
    var converter = acceptance.makeConverter()
    var records: [EntryRecord] = []
    for part in [document, other] {
      guard case .entries(let entries, _) = converter.convert(part) else { continue }
      records += acceptance.records(of: entries, for: part)
    }
    try fixture.store.write { transaction in
      let number = try transaction.insert(
        NewDocument(
          document: document, content: DocumentWriter.bytes(of: document), contentHash: [1],
          state: .accepted,
          acceptedAt: Sample.now))
      for (record, erp) in zip(records, [Sample.germanERP, Sample.americanERP]) {
        try transaction.insert(record, of: number)
        _ = try transaction.insert(
          NewPosting(
            entry: record.key, document: number, entity: record.entry.head.legalEntity,
            connection: erp))
      }
    }
  }

  private func run() async throws {
    try await fixture.run(
      fixture.germany(german), fixture.germany(american, id: Sample.americanERP))
  }

  @Test func `when all of it is posted nobody is told anything`() async throws {
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.exceptions(nil).isEmpty)
  }

  @Test func `a part that is refused leaves it half posted, until that is mended`() async throws {
    american.set { $0.fault = { _, count in count == 1 ? .refuse(.unknownAccount) : nil } }
    try await run()
    #expect(Set(try fixture.classes) == ["rejected_unknown_account", "half_posted"])
    let told = try #require(
      try fixture.exceptions().first { $0.exceptionClass == "half_posted" })
    #expect(told.cause.contains("DE01 in erp-de as 1"))
    #expect(told.cause.contains("US01 is rejected for erp-us"))
    #expect(told.connection == Sample.americanERP)
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    _ = try await fixture.retryAll(
      Sample.book(), ExceptionSelection(exceptionClass: "rejected_unknown_account"))
    try await run()
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  @Test func `a part that is late for too long is told, once, and ends by itself`() async throws {
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: "closed") }
    try await run()
    #expect(try fixture.exceptions().isEmpty)
    for _ in 1...3 {
      fixture.clock.pass(EntrySet.patience)
      try await run()
      #expect(try fixture.classes == ["half_posted"])
    }
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: nil) }
    try await run()
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }
}
