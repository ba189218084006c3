import AdapterKit
import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct ExceptionTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func accept(_ numbers: ClosedRange<Int>, without left: Set<AccountRole> = []) throws {
    for number in numbers {
      try fixture.accept(try Sample.invoice("INV-\(number)", "2.00"), Sample.book(without: left))
    }
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  private func sending() -> EngineConnection {
    EngineConnection(
      id: Sample.germanERP,
      adapter: SendingAdapter(erp: erp, descriptor: .fake(idempotency: .none)))
  }

  @Test func `exceptions of one cause form a group with its count and a sum for each currency`()
    throws
  {
    try accept(1...3, without: [.revenue])
    try fixture.accept(
      try Sample.invoice("INV-4", "5.00", entity: Sample.america, in: Sample.dollar),
      Sample.book(without: [.revenue]))
    try fixture.accept(
      try Sample.payment("P-1", "1.00"), Sample.book(without: [.unappliedCash]))
    let groups = ExceptionGroup.groups(of: try fixture.exceptions())
    #expect(groups.map(\.count) == [3, 1, 1])
    #expect(
      groups.map { $0.amounts.map(\.description) } == [["6.00 EUR"], ["5.00 USD"], ["1.00 EUR"]])
    #expect(Set(groups.map(\.fingerprint)).count == 3)
    #expect(groups.allSatisfy { $0.exceptionClass == "missing_mapping" })
  }

  @Test func `refusals that differ only in a running number are one group`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.unknownAccount) } }
    try accept(1...3)
    try await run()
    let groups = ExceptionGroup.groups(of: try fixture.exceptions())
    #expect(groups.map(\.count) == [3])
    #expect(groups[0].fingerprint.contains("/lines/#"))
  }

  @Test func `a corrected rule releases all it blocked, and only the selected`() async throws {
    try accept(1...3, without: [.revenue])
    try fixture.accept(try Sample.payment("P-1", "1.00"), Sample.book(without: [.unappliedCash]))
    let group = ExceptionGroup.groups(of: try fixture.exceptions())[0]
    let selection = ExceptionSelection(fingerprint: group.fingerprint)
    let dry = try await fixture.retryAll(Sample.book(), selection, isDryRun: true)
    #expect(dry.count == 3 && dry.allSatisfy { $0.result == .done })
    #expect(try fixture.exceptions().count == 4)
    let useless = try await fixture.retryAll(Sample.book(without: [.revenue]), selection)
    #expect(useless.count == 3)
    for row in useless {
      guard case .stays(let causes) = row.result else {
        Issue.record("\(row)")
        continue
      }
      #expect(causes.count == 1)
    }
    #expect(try fixture.exceptions().count == 4)
    let rows = try await fixture.retryAll(Sample.book(version: "sha256:2"), selection)
    #expect(rows.map(\.result) == [.done, .done, .done])
    #expect(try fixture.classes == ["missing_mapping"])
    try await run()
    for number in 1...3 { #expect(try fixture.state(.invoice, "INV-\(number)") == .posted) }
    let entry = try fixture.entries(fixture.document(Sample.identity(.invoice, "INV-1")))[0]
    #expect(entry.entry.head.rulesVersion == "sha256:2")
  }

  @Test func `exceptions are selected by id, class, entity and connection`() async throws {
    try accept(1...2, without: [.revenue])
    try accept(3...3)
    erp.set { $0.fault = { _, _ in .refuse(.tax) } }
    try await run()
    let ids = try fixture.exceptions().compactMap(\.id)
    for (selection, count) in [
      (ExceptionSelection(ids: [ids[1]]), 1),
      (ExceptionSelection(exceptionClass: "rejected_tax"), 1),
      (ExceptionSelection(entities: [Sample.germany]), 3),
      (ExceptionSelection(entities: [Sample.america]), 0),
      (ExceptionSelection(connection: Sample.germanERP), 1),
    ] {
      #expect(try await fixture.retryAll(Sample.book(), selection, isDryRun: true).count == count)
    }
  }

  @Test func `a refused posting is sent again after a retry, under the same key`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.periodClosed) : nil } }
    try accept(1...1)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    let rows = try await fixture.retryAll()
    #expect(rows.map(\.result) == [.done])
    #expect(try fixture.state(.invoice, "INV-1") == .posting)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(erp.current.submissions.count == 1)
    #expect(erp.current.submissions.values.first == 2)
  }

  @Test func `a conflict is for a person, who may put it aside`() async throws {
    try accept(1...1)
    try fixture.accept(try Sample.invoice("INV-1", "3.00"))
    guard case .needsDecision? = try await fixture.retryAll().first?.result else {
      Issue.record("decided by itself")
      return
    }
    try fixture.decide { try $0.discard($1, reason: "typing error", at: Sample.now, in: $2) }
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .accepted)
  }

  // MARK: Decisions

  @Test(arguments: [FakeERP.Fault.refuse(.validation), .loseAnswer])
  func `a number from the ERP resolves it and releases what waited`(
    fault: FakeERP.Fault
  ) async throws {
    erp.set { $0.fault = { _, count in count == 1 ? fault : nil } }
    try accept(1...1)
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try await fixture.run(sending())
    try fixture.decide { try $0.resolve($1, erpNumber: "J-9", at: Sample.now, in: $2) }
    #expect(try fixture.posting(.invoice, "INV-1").receipt?.number == "J-9")
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.posting(.payment, "P-1").state == .due)
    let document = try fixture.document(Sample.identity(.invoice, "INV-1")).number
    let record = try fixture.store.read { try $0.audit(of: document).last }
    #expect(record?.actor == "anna" && record?.action == "posting.posted")
  }

  @Test func `what a person found absent is sent again`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .loseRequest : nil } }
    try accept(1...1)
    try await fixture.run(sending())
    #expect(try fixture.classes == ["unknown_outcome"])
    try fixture.decide { try $0.declareAbsent($1, at: Sample.now, in: $2) }
    #expect(try fixture.exceptions().isEmpty)
    try await fixture.run(sending())
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(erp.current.bookings.count == 1)
    #expect(try fixture.actions(.invoice, "INV-1").contains("posting.absent"))
  }

  @Test func `nothing is resolved or declared absent that cannot be`() async throws {
    try accept(1...1, without: [.revenue])
    for body in [
      { try $0.resolve($1, erpNumber: "J-9", at: Sample.now, in: $2) },
      { try $0.declareAbsent($1, at: Sample.now, in: $2) },
    ] as [(ExceptionDecision, PostingException, any PostingTransaction) throws -> Void] {
      let problem = #expect(throws: Problem.self) { try fixture.decide(body) }
      #expect(problem?.code == "not_resolvable")
    }
  }

  @Test func `a discarded document is cancelled everywhere, and its open items are closed`()
    async throws
  {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await run()
    erp.set { $0.fault = { _, _ in nil } }
    try fixture.decide { try $0.discard($1, reason: "duplicate", at: Sample.now, in: $2) }
    #expect(try fixture.state(.invoice, "INV-1") == .discarded)
    #expect(try fixture.posting(.invoice, "INV-1").state == .cancelled)
    #expect(try fixture.open(.invoice, "INV-1") == "0.00")
    #expect(try fixture.exceptions().isEmpty)
    try await run()
    #expect(erp.current.bookings.isEmpty)
    #expect(
      try fixture.accept(try Sample.payment("P-1", "1.00", to: [("INV-1", "1.00")])).waiting != nil)
  }

  @Test func `a discarded payment opens its invoice again`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await run()
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try fixture.accept(try Sample.payment("P-1", "15.00", to: [("INV-1", "10.00")]))
    try await run()
    try fixture.decide { try $0.discard($1, reason: "bounced", at: Sample.now, in: $2) }
    #expect(try fixture.open(.invoice, "INV-1") == "10.00")
    #expect(try fixture.open(.payment, "P-1", .credit) == "0.00")
  }

  @Test func `nothing is discarded that is, may be or shall be in an ERP`() async throws {
    erp.set { $0.fault = { _, _ in .loseAnswer } }
    try accept(1...1)
    try await fixture.run(sending())
    let doubtful = #expect(throws: Problem.self) {
      try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    }
    #expect(doubtful?.code == "not_discardable")
    #expect(try fixture.posting(.invoice, "INV-1").state == .unknown)
  }

  @Test func `what others wait for is not discarded when it took the place of another`()
    async throws
  {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try accept(1...1)
    try await fixture.run(sending())
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try fixture.accept(try Sample.invoice("INV-1", "12.00", revision: 2))
    try await fixture.run(sending())
    let problem = #expect(throws: Problem.self) {
      try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    }
    #expect(problem?.code == "not_discardable")
    #expect(problem?.detail.contains("P-1") == true)
  }

  @Test func `nothing is discarded that others wait for`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try accept(1...1)
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try await run()
    let problem = #expect(throws: Problem.self) {
      try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    }
    #expect(problem?.detail == "billing/payment/P-1 waits for it")
    #expect(try fixture.posting(.invoice, "INV-1").state == .rejected)
  }

  @Test func `a revision that is given up leaves the one before it in force`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await run()
    try fixture.accept(
      try Sample.invoice("INV-1", "8.00", revision: 2), Sample.book(without: [.revenue]))
    try fixture.decide { try $0.discard($1, reason: "wrong", at: Sample.now, in: $2) }
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .posted)
    try fixture.accept(try Sample.payment("P-1", "4.00", to: [("INV-1", "4.00")]))
    try fixture.accept(try Sample.invoice("INV-1", "9.00", revision: 3))
    #expect(try fixture.open(.invoice, "INV-1") == "5.00")
    try await run()
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .reversed)
  }
}
