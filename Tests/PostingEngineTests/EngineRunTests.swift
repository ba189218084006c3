import AdapterKit
import Ledger
import PostingEngine
import Synchronization
import TestSupport
import Testing

@Suite struct EngineRunTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func accept(_ numbers: ClosedRange<Int>) throws {
    for number in numbers { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
  }

  private func states(_ numbers: ClosedRange<Int>) throws -> Set<PostingState> {
    Set(try numbers.map { try fixture.posting(.invoice, "INV-\($0)").state })
  }

  /// Runs until stopped, and does something after a while; stops in the end.
  private func run(
    _ engine: PostingEngine, after delay: Duration, stopAfter: Duration = .zero,
    _ body: @escaping @Sendable () throws -> Void = {}
  ) async throws {
    let clock = fixture.clock
    try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run(until: .stopped) }
        group.addTask {
          defer { engine.stop() }
          try await clock.sleep(until: clock.now + delay)
          try body()
          if stopAfter > .zero { try await clock.sleep(until: clock.now + stopAfter) }
        }
        try await group.waitForAll()
      }
    }
  }

  // MARK: Stopping

  @Test func `stopping settles calls under way and starts none`() async throws {
    erp.set { $0.latency = { .seconds(10) } }
    try accept(1...10)
    let engine = fixture.engine([fixture.germany(erp, limits: ConnectionLimits(concurrency: 3))])
    try await run(engine, after: .seconds(5))
    #expect(fixture.clock.now == Sample.now + .seconds(10))
    #expect(erp.current.bookings.count == 3)
    #expect(try states(1...3) == [.posted])
    #expect(try states(4...10) == [.due])
    #expect(erp.current.running == 0)
  }

  @Test func `a stop before the run is not lost`() async throws {
    try accept(1...1)
    let engine = fixture.engine([fixture.germany(erp)])
    engine.stop()
    try await fixture.clock.run { try await engine.run(until: .stopped) }
    #expect(erp.current.callsAt.isEmpty)
    try await fixture.clock.run { try await engine.run(until: .idle) }
    #expect(try states(1...1) == [.posted])
  }

  @Test func `cancelling leaves what is under way in doubt, not lost`() async throws {
    erp.set { $0.latency = { .seconds(10) } }
    try accept(1...2)
    let engine = fixture.engine([fixture.germany(erp)])
    let clock = fixture.clock
    try await clock.run {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await engine.run(until: .stopped) }
        try? await clock.sleep(until: clock.now + .seconds(5))
        group.cancelAll()
      }
    }
    #expect(try states(1...2).isSubset(of: [.unknown, .posted]))
    try await fixture.run(fixture.germany(erp))
    #expect(try states(1...2) == [.posted])
    #expect(erp.current.bookings.count == 2)
  }

  @Test func `an engine without connections waits for its stop`() async throws {
    let engine = fixture.engine([])
    try await run(engine, after: .seconds(100))
    #expect(fixture.clock.now >= Sample.now + .seconds(100))
    try await fixture.clock.run { try await engine.run(until: .idle) }
  }

  @Test func `one engine runs once at a time`() async throws {
    let engine = fixture.engine([fixture.germany(erp)])
    let clock = fixture.clock
    let code = try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run(until: .stopped) }
        try await clock.sleep(until: clock.now + .seconds(1))
        var code: String?
        do { try await engine.run(until: .idle) } catch let problem as Problem {
          code = problem.code
        }
        engine.stop()
        try await group.waitForAll()
        return code
      }
    }
    #expect(code == "engine_running")
  }

  // MARK: Idle

  @Test func `with nothing to do it ends at once`() async throws {
    try await fixture.run(fixture.germany(erp), fixture.germany(erp, id: Sample.americanERP))
    #expect(fixture.clock.now - Sample.now < .seconds(1))
  }

  @Test func `a backoff of minutes is waited out, one of hours is not`() async throws {
    try accept(1...2)
    let keys = try (1...2).map { try fixture.posting(.invoice, "INV-\($0)").entry }
    erp.set {
      $0.fault = { key, count in
        guard count == 1 else { return nil }
        return .throttle(.entry, after: key == keys[0] ? .seconds(590) : .seconds(3_600))
      }
    }
    try await fixture.run(fixture.germany(erp))
    #expect(try states(1...1) == [.posted])
    #expect(try fixture.posting(.invoice, "INV-2").reason == .backoff)
    let passed = fixture.clock.now - Sample.now
    #expect(passed >= .seconds(590) && passed < .seconds(600))
  }

  @Test func `a spent daily quota does not keep it running`() async throws {
    try accept(1...5)
    try await fixture.run(fixture.germany(erp, limits: ConnectionLimits(perDay: 3)))
    #expect(erp.current.bookings.count == 3)
    #expect(fixture.clock.now - Sample.now < .seconds(5))
  }

  @Test(arguments: [(true, Duration.zero), (false, .seconds(1))])
  func `new documents are seen when it is woken, and soon when it is not`(
    isWoken: Bool, atMost: Duration
  ) async throws {
    let engine = fixture.engine([fixture.germany(erp)])
    let fixture = fixture
    let handedOver = Sample.now + .milliseconds(20_333)
    try await run(engine, after: .milliseconds(20_333), stopAfter: .seconds(5)) {
      try fixture.accept(try Sample.invoice("INV-1", "1.00"))
      if isWoken { engine.wake() }
    }
    let delay = try #require(erp.current.callsAt.last) - handedOver
    #expect(delay >= .zero)
    #expect(delay <= atMost)
  }

  @Test func `an idle engine looks about once a second and no more`() async throws {
    let store = CountingReads(fixture.store)
    let engine = fixture.engine([fixture.germany(erp)], store: store)
    try await run(engine, after: .seconds(100))
    #expect(store.reads <= 100 * 2 + 2 * 11)
    #expect(store.writes <= 1, "recovery")
  }

  // MARK: Pausing and quiet

  @Test func `a paused connection delivers nothing until it is resumed`() async throws {
    try accept(1...3)
    try fixture.store.write { try $0.pause(Sample.germanERP, detail: "anna: month-end") }
    try await fixture.run(fixture.germany(erp))
    #expect(erp.current.callsAt.isEmpty)
    let engine = fixture.engine([fixture.germany(erp)])
    let fixture = fixture
    try await run(engine, after: .seconds(30), stopAfter: .seconds(5)) {
      try fixture.store.write { try $0.pause(Sample.germanERP, detail: nil) }
    }
    #expect(try states(1...3) == [.posted])
    #expect(try #require(erp.current.callsAt.first) >= Sample.now + .seconds(30))
  }

  @Test func `a connection that asks for quiet is left alone, and no other`() async throws {
    let other = FakeERP(clock: fixture.clock)
    let isFirst = Mutex(true)
    erp.set {
      $0.fault = { _, _ in
        isFirst.withLock { first in
          defer { first = false }
          return first ? .throttle(.connection, after: .seconds(120)) : nil
        }
      }
    }
    try accept(1...5)
    for number in 1...5 {
      try fixture.accept(
        try Sample.invoice("US-\(number)", "1.00", entity: Sample.america, in: Sample.dollar))
    }
    try await fixture.run(
      fixture.germany(erp, limits: ConnectionLimits(concurrency: 1)),
      fixture.germany(other, id: Sample.americanERP))
    #expect(other.current.bookings.count == 5)
    #expect(try #require(other.current.callsAt.last) < Sample.now + .seconds(5))
    let calls = erp.current.callsAt
    #expect(calls[1] - calls[0] >= .seconds(120))
    #expect(try states(1...5) == [.posted])
  }

  @Test func `an ERP that is down is tried with one call at a time, less and less often`()
    async throws
  {
    let clock = fixture.clock
    let up = Sample.now + .seconds(3_000)
    erp.set {
      $0.fault = { _, _ in clock.now < up ? .throttle(.connection, after: nil) : nil }
    }
    try accept(1...40)
    try await fixture.run(fixture.germany(erp))
    #expect(try states(1...40) == [.posted])
    let during = erp.current.callsAt.filter { $0 < up }
    #expect(during.count < 50, "\(during.count) calls")
    #expect(try fixture.exceptions(nil).isEmpty)
  }

  // MARK: Limits

  @Test(arguments: Seed.forThisRun)
  func `no limit of calls at once or per time is ever exceeded, and none is wasted`(
    seed: Seed
  ) async throws {
    var random = SeededGenerator(seed)
    let limits = ConnectionLimits(
      concurrency: Int.random(in: 1...6, using: &random),
      perSecond: Int.random(in: 1...8, using: &random),
      perMinute: Bool.random(using: &random) ? Int.random(in: 5...60, using: &random) : nil)
    let draws = Mutex(SeededGenerator(Seed(seed.value &+ 9)))
    erp.set {
      $0.latency = { .milliseconds(draws.withLock { Int64.random(in: 1...900, using: &$0) }) }
      $0.fault = { _, count in
        count == 1 && draws.withLock { Bool.random(using: &$0) } ? .loseAnswer : nil
      }
    }
    try accept(1...30)
    let start = fixture.clock.now
    try await fixture.run(fixture.germany(erp, limits: limits), seed: seed.value)
    let books = erp.current
    #expect(books.mostRunning <= limits.concurrency)
    for (limit, span) in [
      (limits.perSecond, Duration.seconds(1)), (limits.perMinute, .seconds(60)),
    ] {
      guard let limit else { continue }
      for call in books.callsAt {
        #expect(books.callsAt.count { $0 >= call && $0 < call + span } <= limit)
      }
    }
    #expect(try states(1...30) == [.posted])
    if limits.perMinute == nil { #expect(fixture.clock.now - start < .seconds(120)) }
  }

  @Test func `one second of latency at a concurrency of 15 gives 15 a second`() async throws {
    erp.set { $0.latency = { .seconds(1) } }
    try accept(1...150)
    try await fixture.run(fixture.germany(erp, limits: ConnectionLimits(concurrency: 15)))
    #expect(erp.current.mostRunning == 15)
    #expect(fixture.clock.now - Sample.now <= .milliseconds(10_500))
  }

  // MARK: Trouble with the store and the clock

  @Test(arguments: 0...14, [MortalStore.End.before, .after])
  func `a disk that is full at any moment ends the run with its problem, and loses nothing`(
    transactions: Int, end: MortalStore.End
  ) async throws {
    try accept(1...4)
    let store = MortalStore(fixture.store, transactions: transactions, end: end)
    let engine = fixture.engine(
      [fixture.germany(erp, limits: ConnectionLimits(concurrency: 2))], store: store)
    do {
      try await fixture.clock.run { try await engine.run(until: .idle) }
      #expect(transactions > 7)
    } catch let problem as Problem {
      #expect(problem == MortalStore.died)
    }
    store.allow(nil)
    try await fixture.clock.run { try await engine.run(until: .idle) }
    #expect(try states(1...4) == [.posted])
    #expect(erp.current.bookings.count == 4)
  }

  @Test func `trouble on one connection lets the calls of another settle`() async throws {
    let other = FakeERP(clock: fixture.clock)
    other.set { $0.latency = { .seconds(20) } }
    try accept(1...1)
    try fixture.accept(
      try Sample.invoice("US-1", "1.00", entity: Sample.america, in: Sample.dollar))
    // Recovery and both claims go well, the first settlement does not, the second does.
    let store = MortalStore(fixture.store, transactions: 2)
    let engine = fixture.engine(
      [fixture.germany(erp), fixture.germany(other, id: Sample.americanERP)], store: store)
    let problem = try await fixture.clock.run { [clock = fixture.clock] in
      try await withThrowingTaskGroup(of: Problem?.self) { group in
        group.addTask {
          do {
            try await engine.run(until: .idle)
            return nil
          } catch let problem as Problem { return problem }
        }
        try await clock.sleep(until: clock.now + .seconds(10))
        store.allow(nil)
        return try await group.next() ?? nil
      }
    }
    #expect(problem == MortalStore.died)
    #expect(try fixture.posting(.invoice, "US-1").state == .posted)
    #expect(try fixture.posting(.invoice, "INV-1").state == .sending)
    try await fixture.run(
      fixture.germany(erp), fixture.germany(other, id: Sample.americanERP))
    #expect(try fixture.posting(.invoice, "INV-1").state == .posted)
    #expect(erp.current.bookings.count == 1)
  }

  @Test(arguments: [-86_400, -3_600, 3_600, 86_400])
  func `a clock that is set in the middle of calls books nothing twice`(
    seconds: Int
  ) async throws {
    erp.set {
      $0.latency = { .seconds(10) }
      $0.fault = { _, count in count == 1 ? .loseAnswer : nil }
    }
    try accept(1...6)
    fixture.clock.jump(by: .seconds(seconds), at: Sample.now + .seconds(5))
    let connection = fixture.germany(erp, limits: ConnectionLimits(concurrency: 2, perSecond: 3))
    for _ in 0..<3 {
      try await fixture.run(connection)
      fixture.clock.pass(.seconds(90_000))
    }
    #expect(try states(1...6) == [.posted])
    #expect(erp.current.bookings.count == 6)
    #expect(erp.current.submissions.values.allSatisfy { $0 == 1 })
  }

  @Test func `a claim whose holder is gone is in doubt for its quiet period`() async throws {
    try accept(1...1)
    let posting = try fixture.posting(.invoice, "INV-1")
    try fixture.set(posting) {
      $0.state = .sending
      $0.attemptCount = 1
      $0.fence = 1
      $0.leasedUntil = Sample.now + .seconds(80)
    }
    try fixture.store.write {
      try $0.insert(
        Attempt(posting: posting.number, number: 1, purpose: .submit, startedAt: Sample.now))
    }
    try await fixture.run(fixture.germany(erp, descriptor: .fake(quietPeriod: .seconds(33))))
    let attempts = try fixture.attempts(posting)
    #expect(attempts.map(\.purpose) == [.submit, .find, .submit])
    #expect(attempts[1].startedAt >= Sample.now + .seconds(33))
    #expect(try states(1...1) == [.posted])
    #expect(try fixture.actions(.invoice, "INV-1").contains("posting.unknown"))
  }

  @Test func `a lease that lapses while the engine runs honours the quiet period too`()
    async throws
  {
    try accept(1...1)
    let posting = try fixture.posting(.invoice, "INV-1")
    let engine = fixture.engine([fixture.germany(erp, descriptor: .fake(quietPeriod: .seconds(33)))]
    )
    let fixture = fixture
    try fixture.store.write { try $0.pause(Sample.germanERP, detail: "until it is claimed") }
    try await run(engine, after: .seconds(1), stopAfter: .seconds(200)) {
      try fixture.set(posting) {
        $0.state = .sending
        $0.attemptCount = 1
        $0.fence = 1
        $0.leasedUntil = Sample.now + .seconds(20)
      }
      try fixture.store.write {
        try $0.insert(
          Attempt(posting: posting.number, number: 1, purpose: .submit, startedAt: Sample.now))
        try $0.pause(Sample.germanERP, detail: nil)
      }
    }
    let attempts = try fixture.attempts(posting)
    #expect(attempts.map(\.purpose) == [.submit, .find, .submit])
    #expect(attempts[1].startedAt >= Sample.now + .seconds(53))
  }
}

/// Counts what an engine asks of its store.
private final class CountingReads: PostingStore {
  private let base: any PostingStore
  private let counts = Mutex((reads: 0, writes: 0))

  init(_ base: any PostingStore) { self.base = base }

  var reads: Int { counts.withLock { $0.reads } }
  var writes: Int { counts.withLock { $0.writes } }

  func write<Result>(_ body: (any PostingTransaction) throws -> Result) throws -> Result {
    counts.withLock { $0.writes += 1 }
    return try base.write(body)
  }

  func read<Result>(_ body: (any PostingQueries) throws -> Result) throws -> Result {
    counts.withLock { $0.reads += 1 }
    return try base.read(body)
  }

  func lockForEngine() throws { try base.lockForEngine() }
}
