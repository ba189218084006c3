import AdapterKit
import Ledger
import PostingEngine
import Testing

/// What people see of postings that wait for their connection.
@Suite struct OutlookTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
  }

  private func hold(_ id: String) throws -> ConnectionHold? {
    let posting = try fixture.posting(.invoice, id)
    return try fixture.store.read {
      try DeliveryOutlook(at: fixture.clock.now, in: $0).hold(of: posting)
    }
  }

  @Test func `a spent quota is told with its end, and no posting is written for it`() async throws {
    let before = try fixture.posting(.invoice, "INV-3")
    try await fixture.run(
      fixture.germany(erp, limits: ConnectionLimits(concurrency: 1, perDay: 2)))
    #expect(try fixture.posting(.invoice, "INV-3") == before)
    let hold = try #require(try hold("INV-3"))
    #expect(hold.cause == .quota && hold.waitingReason == .quota)
    #expect(try #require(hold.until) > fixture.clock.now + .seconds(86_000))
    #expect(try self.hold("INV-1") == nil, "it is posted")
    fixture.clock.pass(.seconds(2 * 86_400))
    #expect(try self.hold("INV-3") == nil, "the time is over")
  }

  @Test func `a day's quota is spent even after a restart`() async throws {
    for _ in 1...3 {
      try await fixture.run(
        fixture.germany(erp, limits: ConnectionLimits(concurrency: 1, perDay: 2)))
    }
    #expect(erp.current.callsAt.count == 2)
  }

  @Test func `an ERP that locks out after refusals is left alone before`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    for _ in 1...2 {
      try await fixture.run(
        fixture.germany(erp, limits: ConnectionLimits(concurrency: 3, errorsPerHour: 2)))
    }
    #expect(erp.current.callsAt.count == 2)
    #expect(try hold("INV-3")?.cause == .errorBudget)
  }

  @Test func `a pause and an outage are told as such`() async throws {
    try fixture.store.write { try $0.pause(Sample.germanERP, detail: "stocktaking") }
    #expect(try hold("INV-1") == ConnectionHold(.paused, until: nil))
    try fixture.store.write { try $0.pause(Sample.germanERP, detail: nil) }
    erp.set { $0.fault = { _, _ in .throttle(.connection, after: .seconds(3_000)) } }
    try await fixture.run(fixture.germany(erp, limits: ConnectionLimits(concurrency: 1)))
    #expect(try hold("INV-3")?.cause == .throttled)
    #expect(try hold("INV-3")?.waitingReason == .quota)
  }
}
