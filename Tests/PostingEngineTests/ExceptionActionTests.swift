import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

@Suite struct ExceptionActionTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  /// Invoices of 2.00 that miss an account for revenue.
  private func acceptUnmapped(_ numbers: ClosedRange<Int>) throws {
    for number in numbers {
      try fixture.accept(
        try Sample.invoice("INV-\(number)", "2.00"), Sample.book(without: [.revenue]))
    }
  }

  /// The sample rules, with another account for a role.
  private func book(_ role: AccountRole, _ account: String) -> RuleBook {
    let tables = AccountRole.allCases.map { other in
      AccountTable(
        role: other, file: "accounts/\(other.rawValue).yaml",
        rows: [
          AccountRow(
            number: 1, account: AccountCode(other == role ? account : other.rawValue))
        ])
    }
    var book = Sample.book(version: "sha256:2")
    book.accounts = AccountDetermination(tables)
    return book
  }

  // MARK: Dry run

  @Test func `a dry run shows the entries that would come, and leaves everything as it was`()
    async throws
  {
    try acceptUnmapped(1...2)
    let rows = try await fixture.act(.retry, isDryRun: true)
    #expect(rows.map(\.result) == [.done, .done])
    #expect(rows.map(\.entries.added.count) == [1, 1])
    let lines = rows[0].entries.added[0].entry.lines
    #expect(lines.map(\.account.code) == ["receivable", "revenue"])
    #expect(try fixture.exceptions().count == 2)
    #expect(try fixture.entries(fixture.document(Sample.identity(.invoice, "INV-1"))).isEmpty)
    #expect(try fixture.actions(.invoice, "INV-1") == ["document.exception"])
    #expect(rows[0].document == Sample.identity(.invoice, "INV-1"))
  }

  // MARK: Retry

  @Test func `a refused entry is sent again with the accounts of the rules in force`()
    async throws
  {
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.unknownAccount) : nil } }
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try await run()
    erp.set { $0.fault = { _, _ in nil } }
    let rows = try await fixture.act(
      .retry, ExceptionSelection(exceptionClass: "rejected_unknown_account"),
      book(.revenue, "4401"))
    #expect(rows.map(\.result) == [.done])
    #expect(rows[0].entries.withdrawn[0].entry.lines[1].account.code == "revenue")
    #expect(rows[0].entries.added[0].entry.lines[1].account.code == "4401")
    let postings = try fixture.postings(.invoice, "INV-1")
    #expect(postings.map(\.state) == [.cancelled, .due])
    #expect(postings[0].entry != postings[1].entry)
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    // What waited for the refused entry waited for the one that took its place.
    #expect(try fixture.state(.payment, "P-1") == .posted)
    #expect(erp.current.bookings.count == 2)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `rules that say the same send the same entry under its key`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.tax) : nil } }
    try fixture.accept(try Sample.payment("P-1", "2.00"))
    try await run()
    let key = try fixture.posting(.payment, "P-1").entry
    let rows = try await fixture.act(.retry, ExceptionSelection(), Sample.book(version: "other"))
    #expect(rows.map(\.entries.isEmpty) == [true])
    #expect(try fixture.posting(.payment, "P-1").entry == key)
  }

  @Test func `a settlement that was refused keeps what it settled when its accounts change`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    try await run()
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.unknownAccount) : nil } }
    try fixture.accept(try Sample.payment("P-1", "4.00", to: [("INV-1", "4.00")]))
    try await run()
    erp.set { $0.fault = { _, _ in nil } }
    try await fixture.act(.retry, ExceptionSelection(), book(.bank, "1810"))
    #expect(try fixture.open(.invoice, "INV-1") == "6.00")
    try await run()
    #expect(try fixture.state(.payment, "P-1") == .posted)
    #expect(erp.current.bookings.count == 2)
  }

  @Test func `a retry that helps nothing keeps the exception, its age and its owner`()
    async throws
  {
    try acceptUnmapped(1...1)
    try await fixture.act(.assign(owner: "bob"))
    let before = try fixture.exceptions()
    let clock = fixture.clock
    try await clock.run { try await clock.sleep(until: clock.now + .seconds(3_600)) }
    let rows = try await fixture.act(.retry, ExceptionSelection(), Sample.book(without: [.revenue]))
    #expect(rows[0].result.isOpen)
    #expect(try fixture.exceptions() == before)
  }

  // MARK: Other days

  @Test func `a document of a closed period goes into the next open one`() async throws {
    let closed = Sample.book(closed: ["2026-03", "2026-04"], closedPeriod: .ask)
    try fixture.accept(try Sample.invoice("INV-1", "2.00"), closed)
    #expect(try fixture.classes == ["period_closed"])
    let rows = try await fixture.act(.nextPeriod, ExceptionSelection(), closed)
    #expect(rows.map(\.result) == [.done])
    #expect(rows[0].entries.added.map(\.entry.head.postingDate.text) == ["2026-05-01"])
    #expect(rows[0].entries.added.map(\.entry.head.documentDate.text) == ["2026-03-02"])
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  @Test func `an entry refused for its period is replaced by one in the next`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .refuse(.periodClosed) : nil } }
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try await run()
    erp.set { $0.fault = { _, _ in nil } }
    let rows = try await fixture.act(.nextPeriod)
    #expect(rows[0].entries.withdrawn.map(\.entry.head.postingDate.text) == ["2026-03-02"])
    #expect(rows[0].entries.added.map(\.entry.head.postingDate.text) == ["2026-04-01"])
    try await run()
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(erp.current.bookings.count == 1)
  }

  @Test func `what may be in an ERP is not moved to another day`() async throws {
    erp.set { $0.fault = { _, _ in .loseAnswer } }
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try await fixture.run(
      EngineConnection(
        id: Sample.germanERP,
        adapter: SendingAdapter(erp: erp, descriptor: .fake(idempotency: .none))))
    let rows = try await fixture.act(.nextPeriod)
    guard case .refused(let problem) = rows[0].result else {
      Issue.record("\(rows[0].result)")
      return
    }
    #expect(problem.code == "not_movable")
    #expect(try fixture.classes == ["unknown_outcome"])
  }

  // MARK: Work on the list

  @Test func `exceptions are held, released, assigned, tagged and commented`() async throws {
    try acceptUnmapped(1...2)
    let first = try #require(try fixture.exceptions().first?.id)
    let one = ExceptionSelection(ids: [first])
    let until = Sample.now + .seconds(60)
    try await fixture.act(.hold(until: until), one)
    try await fixture.act(.assign(owner: "bob"), one)
    try await fixture.act(.tag("quarter-end"), one)
    try await fixture.act(.tag("quarter-end"), one)
    try await fixture.act(.tag("urgent"), one)
    try await fixture.act(.untag("urgent"), one)
    try await fixture.act(.comment("asked the product team"), one)
    let held = try #require(try fixture.exceptions().first)
    #expect(held.heldUntil == until && held.owner == "bob" && held.tags == ["quarter-end"])
    let comments = try fixture.store.read { try $0.comments(of: first) }
    #expect(comments.map(\.text) == ["asked the product team"])
    #expect(comments.map(\.actor) == ["anna"])
    #expect(try fixture.store.read { try $0.openCauses(at: Sample.now) }.map(\.count) == [1])
    #expect(try fixture.store.read { try $0.openCauses(at: until) }.map(\.count) == [2])
    #expect(try fixture.store.read { try $0.holdsEnded(by: until, limit: 9) }.map(\.id) == [first])
    try await fixture.act(.release, one)
    #expect(try fixture.exceptions().first?.heldUntil == nil)
    #expect(
      try fixture.actions(.invoice, "INV-1").dropFirst() == [
        "exception.held", "exception.assigned", "exception.tagged", "exception.tagged",
        "exception.tagged", "exception.untagged", "exception.commented", "exception.released",
      ])
  }

  @Test func `one number resolves one exception`() async throws {
    try acceptUnmapped(1...2)
    let problem = await #expect(throws: Problem.self) {
      try await fixture.act(.resolve(erpNumber: "J-1"))
    }
    #expect(problem?.code == "one_exception_only")
  }

  @Test func `what does not fit is refused, and the rest is done`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try fixture.accept(try Sample.payment("P-1", "2.00", to: [("INV-1", "2.00")]))
    try fixture.accept(try Sample.invoice("INV-2", "2.00"))
    try await run()
    let rows = try await fixture.act(.discard(reason: "test data"))
    #expect(rows.map(\.result.isOpen) == [true, false])
    #expect(try fixture.state(.invoice, "INV-2") == .discarded)
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
  }

  @Test func `a document without entries is not reversed, and one with entries is`() async throws {
    try acceptUnmapped(1...1)
    guard case .refused(let problem) = try await fixture.act(.reverse(reason: "x"))[0].result
    else {
      Issue.record("reversed")
      return
    }
    #expect(problem.code == "not_reversible")
    try await fixture.act(.retry)
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try await run()
    erp.set { $0.fault = { _, _ in nil } }
    let rows = try await fixture.act(.reverse(reason: "billed by mistake"))
    #expect(rows.map(\.result) == [.done])
    #expect(try fixture.state(.invoice, "INV-1") == .reversed)
    #expect(try fixture.exceptions().isEmpty)
    #expect(erp.current.bookings.isEmpty)
  }

  // MARK: Two people

  @Test func `a dangerous action waits until another person approves it`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try await run()
    let policy = ExceptionPolicy(secondPerson: [.discard])
    let anna = fixture.actions(by: "anna", policy: policy)
    let outcome = try await anna.run(.discard(reason: "duplicate"), ExceptionSelection())
    guard case .proposed(let proposal) = outcome, let id = proposal.id else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    #expect(try fixture.store.read { try $0.openProposals() } == [proposal])
    let own = await #expect(throws: Problem.self) { try await anna.approve(id) }
    #expect(own?.code == "second_person_needed")
    let (approved, rows) = try await fixture.actions(by: "bob", policy: policy).approve(id)
    #expect(approved == proposal && rows.map(\.result) == [.done])
    #expect(try fixture.state(.invoice, "INV-1") == .discarded)
    let stored = try fixture.store.read { try $0.proposal(id) }
    #expect(stored?.state == .approved && stored?.decidedBy == "bob")
    let again = await #expect(throws: Problem.self) {
      try await fixture.actions(by: "bob").approve(id)
    }
    #expect(again?.code == "not_found")
  }

  @Test func `a proposal that is rejected does nothing`() async throws {
    try acceptUnmapped(1...1)
    let policy = ExceptionPolicy(secondPerson: [.discard])
    let anna = fixture.actions(by: "anna", policy: policy)
    let outcome = try await anna.run(.discard(reason: "x"), ExceptionSelection())
    guard case .proposed(let proposal) = outcome, let id = proposal.id else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try await anna.reject(id).action == .discard(reason: "x"))
    #expect(try fixture.store.read { try $0.openProposals() }.isEmpty)
    #expect(try fixture.exceptions().count == 1)
  }

  // MARK: Owners and times

  @Test func `the first rule that says it gives the owner, and the first the time`() throws {
    try acceptUnmapped(1...1)
    let exception = try #require(try fixture.exceptions().first)
    let policy = ExceptionPolicy(rules: [
      .init(.init(exceptionClass: "rejected_tax"), owner: "tax", sla: .seconds(1)),
      .init(
        .init(exceptionClass: "missing_mapping", entity: Sample.germany), owner: "mapping"),
      .init(owner: "accounting", sla: .seconds(60)),
    ])
    let terms = policy.terms(of: exception)
    #expect(terms.owner == "mapping")
    #expect(terms.dueAt == exception.since + .seconds(60))
    var assigned = exception
    assigned.owner = "bob"
    #expect(policy.terms(of: assigned).owner == "bob")
    let none = ExceptionPolicy.standard.terms(of: exception)
    #expect(none.owner == nil && none.dueAt == nil)
  }
}
