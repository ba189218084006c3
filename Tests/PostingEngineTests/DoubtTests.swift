import AdapterKit
import Ledger
import PostingEngine
import Synchronization
import TestSupport
import Testing

/// Attempts that were given up, and what ERPs make of them later.
@Suite struct DoubtTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
  }

  private func comeBackLater() async throws {
    fixture.clock.pass(RetryPolicy().verifyAfter + .seconds(60))
    try await fixture.run(fixture.germany(erp))
  }

  @Test(arguments: ["1", "2"])
  func `a first attempt that comes through after the second is found and reported`(
    kept: String
  ) async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .bookLater(.seconds(200)) : nil } }
    try await fixture.run(fixture.germany(erp))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .posted)
    #expect(try fixture.exceptions().isEmpty)
    try await comeBackLater()
    #expect(try fixture.classes == ["late_success"])
    #expect(try fixture.posting(.invoice, "INV-1").state == .posted)
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    // Until one of the two is gone the same comes back.
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    #expect(try fixture.classes == ["late_success"])
    #expect(posting.receipt?.number == "2")
    erp.remove(kept == "1" ? "2" : "1")
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.posting(.invoice, "INV-1").receipt?.number == kept)
  }

  @Test func `an engine that runs until idle does not wait to look once more`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .loseRequest : nil } }
    try await fixture.run(fixture.germany(erp))
    fixture.clock.pass(RetryPolicy().verifyAfter + .seconds(-300))
    let start = fixture.clock.now
    try await fixture.run(fixture.germany(erp))
    #expect(fixture.clock.now - start < .seconds(10))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .posted && posting.notBefore != nil)
  }

  @Test func `what was sent again and is there once is looked up once more, and left alone`()
    async throws
  {
    erp.set { $0.fault = { _, count in count == 1 ? .loseRequest : nil } }
    try await fixture.run(fixture.germany(erp))
    try await comeBackLater()
    try await comeBackLater()
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(erp.current.lookUps[posting.entry] == 2)
    #expect(posting.notBefore == nil && posting.leasedUntil == nil)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `what a person declared absent and the ERP booked after all is found`() async throws {
    erp.set {
      $0.fault = { _, count in count == 1 ? .bookLater(.seconds(2_000)) : nil }
      $0.lookUpFault = { _, count in count == 1 ? .cannotTell : nil }
    }
    let policy = RetryPolicy(maximumLookUps: 1)
    try await fixture.run(fixture.germany(erp, policy: policy))
    #expect(try fixture.classes == ["unknown_outcome"])
    try fixture.decide { try $0.declareAbsent($1, at: fixture.clock.now, in: $2) }
    fixture.clock.pass(.seconds(1_950))
    try await fixture.run(fixture.germany(erp, policy: policy))
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    try await comeBackLater()
    #expect(try fixture.classes == ["late_success"])
  }

  @Test func `a person who has to decide sees what was sent, when, and what came back`()
    async throws
  {
    erp.set { $0.fault = { _, _ in .loseAnswer } }
    let connection = EngineConnection(
      id: Sample.germanERP,
      adapter: SendingAdapter(erp: erp, descriptor: .fake(idempotency: .none)))
    try await fixture.run(connection)
    let exception = try #require(try fixture.exceptions().first)
    let posting = try fixture.posting(.invoice, "INV-1")
    let sent = try #require(try fixture.attempts(posting).first)
    for part in [
      posting.entry.text, "1.00 EUR", "INV-1", "sent at \(sent.startedAt)",
      "connection_reset: The connection broke",
    ] {
      #expect(exception.cause.contains(part), "\(exception.cause)")
    }
  }

  @Test func `a hand-over that nobody acknowledges is told after a while, once`() async throws {
    let policy = RetryPolicy(acknowledgeWithin: .seconds(1_800))
    let connection = EngineConnection(
      id: Sample.germanERP,
      adapter: HandOver(descriptor: .fake(confirmation: .handOver)), policy: policy)
    try await fixture.run(connection)
    #expect(try fixture.exceptions().isEmpty)
    for _ in 1...3 {
      fixture.clock.pass(.seconds(1_801))
      try await fixture.run(connection)
    }
    #expect(try fixture.classes == ["unacknowledged"])
    #expect(try fixture.posting(.invoice, "INV-1").state == .submitted)
  }

  private struct HandOver: ERPAdapter {
    let descriptor: AdapterDescriptor
    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      Dictionary(uniqueKeysWithValues: batch.map { ($0.key, .submitted(Ticket("file"))) })
    }
  }

  /// Says at each poll how far it has come.
  private final class Stages: PollsTickets {
    let descriptor = AdapterDescriptor.fake(confirmation: .acknowledged)
    private let stages = Mutex(["accepted", "accepted", "imported"])
    private let store: any PostingStore
    /// What the store said of the posting at each poll.
    let seen = Mutex<[String?]>([])

    init(_ store: any PostingStore) { self.store = store }

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      Dictionary(uniqueKeysWithValues: batch.map { ($0.key, .submitted(Ticket("job"))) })
    }
    func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
      seen.withLock { $0 += tickets.values.map(\.progress) }
      let stage = stages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      return tickets.mapValues { ticket in
        stage.map { .submitted(Ticket(ticket.text, progress: $0)) }
          ?? .posted(Receipt(id: "1", number: "1"))
      }
    }
  }

  @Test func `how far an asynchronous ERP has come is kept, each stage once`() async throws {
    let stages = Stages(fixture.store)
    try await fixture.run(EngineConnection(id: Sample.germanERP, adapter: stages))
    #expect(stages.seen.withLock { $0 } == [nil, "accepted", "accepted", "imported"])
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .posted)
    let messages = try fixture.attempts(posting).compactMap(\.message)
    #expect(messages == ["Handed over as job", "job: accepted", "job: imported", "Posted as 1"])
  }
}
