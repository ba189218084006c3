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
      fixture.clock.pass(EntrySetCourse.patience)
      try await run()
      #expect(try fixture.classes == ["half_posted"])
    }
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: nil) }
    try await run()
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  // MARK: Compensation

  private var compensating: EntrySetCourse {
    EntrySetCourse(.compensate(fixture.acceptance().compensation), after: .seconds(600))
  }

  private func run(_ course: EntrySetCourse) async throws {
    let engine = PostingEngine(
      store: fixture.store,
      commit: GroupCommit(store: fixture.store, schedule: fixture.clock.schedule),
      connections: [fixture.germany(german), fixture.germany(american, id: Sample.americanERP)],
      clock: fixture.clock, setCourse: course, seed: 1)
    try await fixture.clock.run { try await engine.run(until: .idle) }
  }

  /// Runs once more, some time later.
  private func comeBack(_ course: EntrySetCourse) async throws {
    fixture.clock.pass(course.after + .seconds(1))
    try await run(course)
  }

  @Test func `what is posted is reversed when the rest stays refused`() async throws {
    american.set { $0.fault = { _, _ in .refuse(.unknownAccount) } }
    try await run(compensating)
    #expect(Set(try fixture.classes) == ["rejected_unknown_account", "half_posted"])
    try await comeBack(compensating)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.classes == ["set_compensated"])
    let told = try #require(try fixture.exceptions().first)
    #expect(told.cause.contains("DE01 in erp-de as 1"))
    #expect(german.current.bookings.count == 2)
    #expect(american.current.bookings.isEmpty)
    let entries = german.current.bookings.map(\.entry)
    #expect(entries[1].head.kind == .reversal)
    #expect(entries[1].lines.map(\.side) == entries[0].lines.map(\.side.opposite))
    #expect(entries[1].lines.map(\.amount) == entries[0].lines.map(\.amount))
    #expect(try fixture.actions(.invoice, "INV-1").contains("document.compensated"))
    // Later nothing more happens, and a retry closes the exception without changing anything.
    try await comeBack(compensating)
    _ = try await fixture.retryAll()
    try await comeBack(compensating)
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(german.current.bookings.count == 2)
  }

  @Test func `what is merely late is taken back too, and is not sent any more`() async throws {
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: "closed") }
    try await run(compensating)
    try await comeBack(compensating)
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: nil) }
    try await comeBack(compensating)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(american.current.bookings.isEmpty)
    #expect(german.current.bookings.count == 2)
  }

  @Test func `what is refused after the rest was taken back is taken back with it`() async throws {
    american.set {
      $0.fault = { _, _ in .loseRequest }
      $0.lookUpFault = { _, _ in .cannotTell }
    }
    try await run(compensating)
    #expect(try fixture.classes.contains("unknown_outcome"))
    try await comeBack(compensating)
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    american.set {
      $0.fault = { _, _ in .refuse(.validation) }
      $0.lookUpFault = { _, _ in nil }
    }
    _ = try await fixture.retryAll()
    try await comeBack(compensating)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(american.current.bookings.isEmpty)
    #expect(german.current.bookings.count == 2)
  }

  @Test func `a reversal that an ERP refuses is a person's, and is not made twice`() async throws {
    american.set { $0.fault = { _, _ in .refuse(.unknownAccount) } }
    try await run(compensating)
    german.set { $0.fault = { _, _ in .refuse(.periodClosed) } }
    try await comeBack(compensating)
    #expect(
      Set(try fixture.classes) == ["set_compensated", "rejected_period_closed", "half_posted"])
    try await comeBack(compensating)
    let document = try fixture.document(Sample.identity(.invoice, "INV-1"))
    #expect(try fixture.entries(document).count { $0.entry.head.kind == .reversal } == 2)
    german.set { $0.fault = { _, _ in nil } }
    _ = try await fixture.retryAll()
    try await run(compensating)
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
  }

  @Test func `what only waits is left alone where the course is to wait`() async throws {
    let waiting = EntrySetCourse(.wait, after: .seconds(600))
    try fixture.store.write { try $0.pause(Sample.americanERP, detail: "closed") }
    for _ in 1...3 { try await comeBack(waiting) }
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .posting)
  }
}
