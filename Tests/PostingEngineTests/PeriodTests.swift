import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import Synchronization
import TestSupport
import Testing

/// Periods that are closed in the ERP.
@Suite struct PeriodTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  /// An ERP that tells its periods, or does not answer.
  private final class Calendar: ReadsPeriods, FindsPostings {
    let erp: FakeERP
    let descriptor = AdapterDescriptor.fake()
    private let closed: Mutex<Set<String>>
    private let readings = Mutex(0)

    init(_ erp: FakeERP, closed: Set<String>) {
      self.erp = erp
      self.closed = Mutex(closed)
    }

    var reads: Int { readings.withLock { $0 } }
    func set(closed periods: Set<String>) { closed.withLock { $0 = periods } }

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      await erp.submit(batch)
    }
    func find(_ key: PostingKey) async -> Finding { await erp.find(key) }
    func periods(
      _ periods: [FiscalPeriod]
    ) async throws(Problem) -> [FiscalPeriod: PeriodStatus] {
      readings.withLock { $0 += 1 }
      let closed = closed.withLock { $0 }
      return Dictionary(
        uniqueKeysWithValues: periods.map { ($0, closed.contains($0.text) ? .closed : .open) })
    }
  }

  private func connection(
    _ adapter: any ERPAdapter, _ policy: EntityPolicies.ClosedPeriod
  ) -> EngineConnection {
    EngineConnection(
      id: Sample.germanERP, adapter: adapter,
      closedPeriods: ClosedPeriodPolicies([Sample.germany: policy]))
  }

  private func accept(_ id: String) throws -> FiscalPeriod {
    try fixture.accept(try Sample.invoice(id, "1.00"))
    let document = try fixture.document(Sample.identity(.invoice, id))
    return try #require(try fixture.entries(document).first).entry.head.period
  }

  @Test func `an entry of a closed period waits unsent, and goes when it is opened`() async throws {
    let period = try accept("INV-1")
    let calendar = Calendar(erp, closed: [period.text])
    try await fixture.run(connection(calendar, .hold))
    var posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .waiting && posting.reason == .period)
    #expect(erp.current.submissions.isEmpty)
    #expect(try fixture.actions(.invoice, "INV-1").last == "posting.waiting")
    // What was read a moment ago is believed.
    let reads = calendar.reads
    try await fixture.run(connection(calendar, .hold))
    #expect(calendar.reads == reads)
    calendar.set(closed: [])
    fixture.clock.pass(.seconds(301))
    try await fixture.run(connection(calendar, .hold))
    posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .posted)
    #expect(erp.bookings(of: posting.entry) == 1)
  }

  @Test func `one that moves on is posted under a key of its own in the next open period`()
    async throws
  {
    let period = try accept("INV-1")
    let next = try #require(period.next)
    let after = try #require(next.next)
    try fixture.accept(try Sample.payment("PAY-1", "1.00", to: [("INV-1", "1.00")]))
    let first = try fixture.posting(.invoice, "INV-1")
    let calendar = Calendar(erp, closed: [period.text, next.text])
    try await fixture.run(connection(calendar, .nextOpen))
    let postings = try fixture.postings(.invoice, "INV-1")
    #expect(postings.map(\.state) == [.cancelled, .posted])
    #expect(erp.bookings(of: first.entry) == 0)
    let document = try fixture.document(Sample.identity(.invoice, "INV-1"))
    #expect(document.state == .posted)
    let dates = try fixture.entries(document).map(\.entry.head.postingDate)
    #expect(dates.last == after.firstDay)
    #expect(try fixture.state(.payment, "PAY-1") == .posted, "what waited for it follows")
    #expect(try fixture.actions(.invoice, "INV-1").contains("posting.moved"))
  }

  @Test func `where a person is asked nothing is sent either`() async throws {
    let period = try accept("INV-1")
    try await fixture.run(connection(Calendar(erp, closed: [period.text]), .ask))
    #expect(try fixture.classes == ["rejected_period_closed"])
    #expect(erp.current.submissions.isEmpty)
  }

  @Test func `a refusal for a closed period follows the policy too`() async throws {
    let period = try accept("INV-1")
    let calendar = Calendar(erp, closed: [])
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.periodClosed) : nil } }
    try await fixture.run(connection(calendar, .hold))
    #expect(try fixture.posting(.invoice, "INV-1").reason == .period)
    let known = try fixture.store.read { try $0.erpPeriods(Sample.germanERP) }
    #expect(known[period]?.status == .closed, "the ERP's refusal is news of the period")
    #expect(try fixture.exceptions().isEmpty)
    fixture.clock.pass(.seconds(301))
    try await fixture.run(connection(calendar, .hold))
    #expect(try fixture.posting(.invoice, "INV-1").state == .posted)
  }

  @Test func `an ERP that cannot be asked is tried again after a while`() async throws {
    _ = try accept("INV-1")
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.periodClosed) : nil } }
    let adapter = FindingAdapter(erp: erp, descriptor: .fake())
    try await fixture.run(connection(adapter, .hold))
    #expect(try fixture.posting(.invoice, "INV-1").reason == .period)
    fixture.clock.pass(RetryPolicy().periodRetry)
    try await fixture.run(connection(adapter, .hold))
    #expect(try fixture.posting(.invoice, "INV-1").state == .posted)
  }
}
