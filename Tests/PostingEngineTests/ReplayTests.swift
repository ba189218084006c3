import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct ReplayTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func replay(_ filter: ListFilter = ListFilter()) async throws -> Replay.Result {
    try await Replay(
      store: fixture.store, commit: GroupCommit(store: fixture.store),
      acceptance: fixture.acceptance(), clock: fixture.clock
    ).run(filter)
  }

  @Test func `a window handed over again changes nothing`() async throws {
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "2.00")) }
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try fixture.accept(try Sample.invoice("INV-2", "5.00", revision: 2))
    try fixture.accept(
      try Sample.invoice("INV-9", "1.00"), Sample.book(without: [.revenue]))
    try await fixture.run(fixture.germany(erp))
    func trail() throws -> Int64? {
      try fixture.store.read { try $0.lastAuditRecord()?.number }
    }
    let before = try (trail(), fixture.exceptions(), erp.current.submissions)
    let result = try await replay()
    #expect(result.isNothing)
    #expect(result.documents == 6 && result.repeats == 6)
    #expect(try trail() == before.0)
    #expect(try fixture.exceptions() == before.1)
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.submissions == before.2)
  }

  @Test func `only documents of the window are handed over`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    fixture.clock.pass(.seconds(60))
    try fixture.accept(try Sample.invoice("INV-2", "2.00"))
    var filter = ListFilter()
    filter.since = fixture.clock.now
    #expect(try await replay(filter).documents == 1)
    filter.since = nil
    filter.until = fixture.clock.now + .seconds(-1)
    #expect(try await replay(filter).documents == 1)
  }
}
