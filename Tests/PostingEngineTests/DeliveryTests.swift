import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

/// One document through every kind of fault: it ends posted, booked once by the ERP's own count,
/// or stopped with an exception.
@Suite struct DeliveryTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func accept(_ count: Int, _ prefix: String = "INV") throws {
    for number in 1...count {
      try fixture.accept(try Sample.invoice("\(prefix)-\(number)", "1.00"))
    }
  }

  private func expectPosted(_ count: Int, prefix: String = "INV") throws {
    for number in 1...count {
      let posting = try fixture.posting(.invoice, "\(prefix)-\(number)")
      #expect(posting.state == .posted)
      #expect(erp.bookings(of: posting.entry) == 1)
      #expect(try fixture.state(.invoice, "\(prefix)-\(number)") == .posted)
    }
  }

  @Test func `an entry is posted with its receipt, its attempt and its audit`() async throws {
    try accept(1)
    try await fixture.run(fixture.germany(erp))
    try expectPosted(1)
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.receipt?.number == "1")
    let attempts = try fixture.attempts(posting)
    #expect(attempts.map(\.outcome) == ["posted"])
    #expect(attempts.map(\.purpose) == [.submit])
    #expect(attempts[0].endedAt == attempts[0].startedAt + .milliseconds(50))
    #expect(
      try fixture.actions(.invoice, "INV-1") == [
        "document.accepted", "attempt.posted", "posting.posted",
      ])
  }

  @Test(
    arguments: [
      FakeERP.Fault.loseAnswer, .loseRequest, .bookLater(.seconds(19)), .forget,
      .throttle(.entry, after: nil), .throttle(.entry, after: .seconds(90)),
      .throttle(.connection, after: nil), .throttle(.connection, after: .seconds(90)),
      .bookAndHang, .hangStubbornly,
    ], [1, 3])
  func `what goes wrong once is booked once in the end`(
    fault: FakeERP.Fault, batch: Int
  ) async throws {
    erp.set { $0.fault = { _, count in count == 1 ? fault : nil } }
    try accept(4)
    try await fixture.run(fixture.germany(erp, descriptor: .fake(batch: batch)))
    try expectPosted(4)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test(arguments: [1, 5])
  func `a lost answer is looked up, not sent again`(batch: Int) async throws {
    erp.set { $0.fault = { _, _ in .loseAnswer } }
    try accept(5)
    try await fixture.run(fixture.germany(erp, descriptor: .fake(batch: batch)))
    try expectPosted(5)
    #expect(erp.current.submissions.values.allSatisfy { $0 == 1 })
    let outcomes = try fixture.attempts(fixture.posting(.invoice, "INV-3")).map(\.outcome)
    #expect(outcomes == ["unknown", "found"])
  }

  @Test func `what an ERP never clearly answers nor books waits longer and longer, then is told`()
    async throws
  {
    let sendings = RetryPolicy().maximumSendings
    erp.set { $0.fault = { _, count in count <= sendings + 1 ? .loseRequest : nil } }
    try accept(1)
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.submissions.values.first == sendings)
    #expect(try fixture.classes == ["unknown_outcome"])
    #expect(try fixture.exceptions().first?.cause.contains("sent \(sendings) times") == true)
    let sent = try fixture.attempts(fixture.posting(.invoice, "INV-1"))
      .filter { $0.purpose == .submit }.map(\.startedAt)
    #expect(sent[sendings - 1] - sent[0] > .seconds(20) * (sendings - 1) + .seconds(30))

    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    try expectPosted(1)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `the same of an ERP that recognises repeats and cannot be asked`() async throws {
    let sendings = RetryPolicy().maximumSendings
    let native = FakeERP(clock: fixture.clock, recognisesRepeats: true)
    native.set { $0.fault = { _, count in count <= sendings ? .loseAnswer : nil } }
    try accept(1)
    let connection = EngineConnection(
      id: Sample.germanERP,
      adapter: SendingAdapter(erp: native, descriptor: .fake(idempotency: .native)),
      limits: ConnectionLimits())
    try await fixture.run(connection)
    #expect(native.current.submissions.values.first == sendings)
    #expect(try fixture.classes == ["unknown_outcome"])
    _ = try await fixture.retryAll()
    try await fixture.run(connection)
    #expect(native.current.bookings.count == 1)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  @Test func `nothing is looked up before the quiet period is over`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .loseRequest : nil } }
    try accept(1)
    try await fixture.run(fixture.germany(erp, descriptor: .fake(quietPeriod: .seconds(45))))
    let attempts = try fixture.attempts(fixture.posting(.invoice, "INV-1"))
    #expect(attempts.map(\.outcome) == ["unknown", "absent", "posted"])
    #expect(attempts[1].startedAt - (attempts[0].endedAt ?? .never) >= .seconds(45))
  }

  @Test func `a part of a batch that is refused does not hold up the rest`() async throws {
    try accept(6)
    let refused = try fixture.posting(.invoice, "INV-4").entry
    erp.set { $0.fault = { key, _ in key == refused ? .refuse(.unknownAccount) : nil } }
    try await fixture.run(fixture.germany(erp, descriptor: .fake(batch: 6)))
    for number in [1, 2, 3, 5, 6] {
      #expect(try fixture.state(.invoice, "INV-\(number)") == .posted)
    }
    #expect(try fixture.state(.invoice, "INV-4") == .exception)
    #expect(erp.bookings(of: refused) == 0)
    let exception = try #require(try fixture.exceptions().first)
    #expect(exception.exceptionClass == "rejected_unknown_account")
    #expect(exception.connection == Sample.germanERP)
    #expect(exception.amount.text == "1.00")
    #expect(exception.fix == FakeERP.refused.fix)
    let attempt = try #require(
      try fixture.attempts(fixture.posting(.invoice, "INV-4")).first)
    #expect(attempt.outcome == "rejected" && attempt.code == "E-17")
  }

  @Test func `an ERP that recognises repeats is simply sent to again`() async throws {
    let native = FakeERP(clock: fixture.clock, recognisesRepeats: true)
    native.set { $0.fault = { _, count in count < 3 ? .loseAnswer : nil } }
    try accept(3)
    let connection = EngineConnection(
      id: Sample.germanERP,
      adapter: SendingAdapter(erp: native, descriptor: .fake(idempotency: .native)))
    try await fixture.run(connection)
    for number in 1...3 {
      let posting = try fixture.posting(.invoice, "INV-\(number)")
      #expect(posting.state == .posted)
      #expect(native.bookings(of: posting.entry) == 1)
      #expect(native.current.submissions[posting.entry] == 3)
    }
  }

  @Test func `an ERP that cannot be asked and knows no repeats is left to a person`() async throws {
    erp.set { $0.fault = { _, count in count == 1 ? .loseAnswer : nil } }
    try accept(1)
    let connection = EngineConnection(
      id: Sample.germanERP,
      adapter: SendingAdapter(erp: erp, descriptor: .fake(idempotency: .none)))
    try await fixture.run(connection)
    try await fixture.run(connection)
    #expect(try fixture.classes == ["unknown_outcome"])
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .unknown)
    #expect(erp.current.submissions[posting.entry] == 1)
    // A retry does not send either.
    _ = try await fixture.retryAll()
    try await fixture.run(connection)
    #expect(try fixture.classes == ["unknown_outcome"])
    #expect(erp.current.submissions[posting.entry] == 1)
  }

  @Test func `an ERP that cannot tell is asked again, then a person is`() async throws {
    erp.set {
      $0.fault = { _, _ in .loseAnswer }
      $0.lookUpFault = { _, _ in .cannotTell }
    }
    try accept(1)
    let policy = RetryPolicy(maximumLookUps: 5)
    try await fixture.run(fixture.germany(erp, policy: policy))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(erp.current.lookUps[posting.entry] == 5)
    #expect(try fixture.classes == ["unknown_outcome"])
    #expect(
      try fixture.attempts(posting).map(\.outcome) == ["unknown"]
        + Array(repeating: "cannotTell", count: 5))
    erp.set { $0.lookUpFault = { _, _ in nil } }
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp, policy: policy))
    try expectPosted(1)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `many postponements do not use up the look-ups`() async throws {
    erp.set {
      $0.fault = { _, count in count <= 20 ? .throttle(.entry, after: nil) : .loseAnswer }
      $0.lookUpFault = { _, count in count < 5 ? .cannotTell : nil }
    }
    try accept(1)
    try await fixture.run(fixture.germany(erp))
    try expectPosted(1)
    #expect(try fixture.exceptions(nil).isEmpty)
  }

  @Test func `a look-up that hangs is given up and repeated`() async throws {
    erp.set {
      $0.fault = { _, _ in .loseAnswer }
      $0.lookUpFault = { _, count in count == 1 ? .hang : nil }
    }
    try accept(1)
    try await fixture.run(fixture.germany(erp))
    try expectPosted(1)
    let codes = try fixture.attempts(fixture.posting(.invoice, "INV-1")).map(\.code)
    #expect(codes == ["connection_reset", "call_timeout", nil])
  }

  @Test func `an entry longer than the ERP takes goes to a person unsent`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "9.00", lines: 9))
    try fixture.accept(try Sample.invoice("INV-2", "9.00", lines: 2))
    try await fixture.run(fixture.germany(erp, descriptor: .fake(batch: 9, maximumLines: 5)))
    #expect(try fixture.classes == ["rejected_validation"])
    #expect(try fixture.exceptions()[0].cause.contains("has 10 lines"))
    #expect(try fixture.attempts(fixture.posting(.invoice, "INV-1")).isEmpty)
    #expect(try fixture.state(.invoice, "INV-2") == .posted)
    // The limit was raised.
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    try expectPosted(2)
  }

  @Test func `an invoice that is refused holds back what settles it, and nothing else`()
    async throws
  {
    try accept(2)
    try fixture.accept(try Sample.payment("P-1", "1.00", to: [("INV-1", "1.00")]))
    try fixture.accept(try Sample.payment("P-2", "1.00", to: [("INV-2", "1.00")]))
    let refused = try fixture.posting(.invoice, "INV-1").entry
    erp.set { $0.fault = { key, _ in key == refused ? .refuse(.periodClosed) : nil } }
    try await fixture.run(fixture.germany(erp))
    #expect(try fixture.state(.payment, "P-2") == .posted)
    #expect(try fixture.posting(.payment, "P-1").reason == .order)
    #expect(try fixture.state(.payment, "P-1") == .accepted)
    erp.set { $0.fault = { _, _ in nil } }
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    try expectPosted(2)
    #expect(try fixture.state(.payment, "P-1") == .posted)
    let keys = erp.current.bookings.map(\.key)
    let invoice = try #require(keys.firstIndex(of: refused))
    let payment = try #require(keys.firstIndex(of: try fixture.posting(.payment, "P-1").entry))
    #expect(invoice < payment)
  }

  @Test func `order holds across connections, and one end wakes the other`() async throws {
    let other = FakeERP(clock: fixture.clock)
    other.set { $0.latency = { .seconds(25) } }
    try fixture.accept(
      try Sample.invoice("INV-1", "1.00", entity: Sample.america, in: Sample.dollar))
    try accept(1, "DE")
    let first = try fixture.posting(.invoice, "INV-1")
    let second = try fixture.posting(.invoice, "DE-1")
    // The store as it is where entries of one document follow entries in two ERPs.
    let payment = try Sample.payment("P-1", "1.00")
    let acceptance = fixture.acceptance()
    var converter = acceptance.makeConverter()
    guard case .entries(let entries, _) = converter.convert(payment) else {
      Issue.record("not converted")
      return
    }
    let records = acceptance.records(of: entries, for: payment)
    try fixture.store.write { transaction in
      let number = try transaction.insert(
        NewDocument(
          document: payment, content: [1], contentHash: [1], state: .accepted,
          acceptedAt: Sample.now))
      for record in records {
        try transaction.insert(record, of: number)
        _ = try transaction.insert(
          NewPosting(
            entry: record.key, document: number, entity: Sample.germany,
            connection: Sample.germanERP, state: .waiting, reason: .order,
            after: [first.number, second.number]))
      }
    }
    try await fixture.run(
      fixture.germany(erp), fixture.germany(other, id: Sample.americanERP))
    #expect(try fixture.state(.payment, "P-1") == .posted)
    let booked = try #require(erp.current.bookings.last)
    #expect(booked.at >= Sample.now + .seconds(25))
  }
}

@Suite struct AsynchronousDeliveryTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func connection(
    deciding delay: Duration, _ confirmation: AdapterDescriptor.Confirmation = .acknowledged
  ) -> EngineConnection {
    EngineConnection(
      id: Sample.germanERP,
      adapter: PollingAdapter(
        erp: erp, descriptor: .fake(batch: 10, idempotency: .none, confirmation: confirmation),
        delay: delay), callTimeout: .seconds(30))
  }

  @Test(arguments: [Duration.seconds(1), .seconds(30), .seconds(400)])
  func `an acknowledgement is waited for, however late`(delay: Duration) async throws {
    for number in 1...12 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
    try await fixture.run(connection(deciding: delay))
    for number in 1...12 {
      let posting = try fixture.posting(.invoice, "INV-\(number)")
      #expect(posting.state == .posted)
      #expect(erp.bookings(of: posting.entry) == 1)
      #expect(try fixture.attempts(posting).map(\.outcome) == ["submitted", "posted"])
    }
    #expect(erp.current.polls < 60)
  }

  /// Takes everything, and answers for it with what cannot be read.
  private struct GarblingAdapter: PollsTickets {
    let descriptor = AdapterDescriptor.fake(confirmation: .acknowledged)

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      Dictionary(batch.map { ($0.key, .submitted(Ticket("job"))) }) { first, _ in first }
    }
    func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
      tickets.mapValues { _ in .unknown(.outcomeUnknown("The file cannot be read")) }
    }
  }

  @Test func `what cannot be read is no verdict, and named when the verdict is overdue`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    try await fixture.run(
      EngineConnection(
        id: Sample.germanERP, adapter: GarblingAdapter(), limits: ConnectionLimits()))
    let exception = try #require(try fixture.exceptions().first)
    #expect(exception.exceptionClass == "no_acknowledgement")
    #expect(exception.cause.hasSuffix("no acknowledgement: The file cannot be read"))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .submitted)
    #expect(try fixture.attempts(posting).map(\.outcome) == ["submitted"])
  }

  @Test func `one that is overdue becomes an exception once, and does not keep the engine running`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    try await fixture.run(connection(deciding: .seconds(100_000)))
    #expect(try fixture.classes == ["no_acknowledgement"])
    #expect(fixture.clock.now - Sample.now < .seconds(4_000))
    let posting = try fixture.posting(.invoice, "INV-1")
    #expect(posting.state == .submitted)
    #expect(try fixture.state(.invoice, "INV-1") == .exception)
    fixture.clock.pass(.seconds(5_000))
    try await fixture.run(connection(deciding: .zero))
    #expect(try fixture.exceptions(nil).count == 1, "once")
    // It comes after all.
    fixture.clock.pass(.seconds(100_000))
    try await fixture.run(connection(deciding: .zero))
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.exceptions().isEmpty)
    #expect(erp.bookings(of: posting.entry) == 1)
  }

  @Test func `a refusal that comes later is an exception`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.tax) } }
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    try await fixture.run(connection(deciding: .seconds(5)))
    #expect(try fixture.classes == ["rejected_tax"])
  }

  @Test func `a job that the ERP gives back is not sent again without a person`() async throws {
    erp.set { $0.fault = { _, _ in .throttle(.entry, after: nil) } }
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    try await fixture.run(connection(deciding: .seconds(5)))
    #expect(try fixture.classes == ["unknown_outcome"])
    #expect(
      try fixture.attempts(fixture.posting(.invoice, "INV-1")).count { $0.purpose == .submit } == 1)
  }

  @Test func `a hand-over stays submitted and lets the engine rest`() async throws {
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
    try await fixture.run(connection(deciding: .zero, .handOver))
    #expect(fixture.clock.now - Sample.now < .seconds(60))
    for number in 1...3 {
      #expect(try fixture.posting(.invoice, "INV-\(number)").state == .submitted)
      #expect(try fixture.state(.invoice, "INV-\(number)") == .posting)
    }
    #expect(erp.current.polls == 0)
    #expect(try fixture.exceptions().isEmpty)
  }

  @Test func `tickets of a connection that polls no more neither spin nor keep it running`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    let acknowledged = connection(deciding: .seconds(100_000))
    let engine = fixture.engine([acknowledged])
    let clock = fixture.clock
    try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run(until: .stopped) }
        group.addTask {
          try await clock.sleep(until: clock.now + .seconds(9))
          engine.stop()
        }
        try await group.waitForAll()
      }
    }
    let calls = erp.current.callsAt.count
    clock.pass(.seconds(100))
    try await fixture.run(connection(deciding: .zero, .handOver))
    #expect(erp.current.callsAt.count == calls)
    #expect(try fixture.posting(.invoice, "INV-1").state == .submitted)
  }

  @Test func `polls and submissions share one place fairly`() async throws {
    for number in 1...400 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
    var single = connection(deciding: .seconds(3))
    single = EngineConnection(
      id: single.id, adapter: single.adapter, limits: ConnectionLimits(concurrency: 1, perSecond: 2)
    )
    let engine = fixture.engine([single])
    let clock = fixture.clock
    try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run(until: .stopped) }
        group.addTask {
          try await clock.sleep(until: clock.now + .seconds(12))
          engine.stop()
        }
        try await group.waitForAll()
      }
    }
    #expect(erp.current.polls >= 3)
    #expect(erp.current.callsAt.count - erp.current.polls >= 10)
    #expect(!erp.current.bookings.isEmpty)
  }
}
