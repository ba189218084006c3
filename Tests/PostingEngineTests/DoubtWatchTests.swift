import Ledger
import PostingEngine
import Synchronization
import TestSupport
import Testing

/// Processes whose clocks differ.
@Suite struct DoubtWatchTests {
  private final class Time: Sendable {
    private let value = Mutex(Duration.zero)
    var now: Duration { value.withLock { $0 } }
    func pass(_ duration: Duration) { value.withLock { $0 += duration } }
  }

  private let time = Time()

  private func watch() -> DoubtWatch { DoubtWatch { [time] in time.now } }

  private func posting(fence: Int64, isDoubtful: Bool = true) throws -> StoredPosting {
    let fixture = try EngineFixture()
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    var posting = try fixture.posting(.invoice, "INV-1")
    posting.fence = fence
    posting.isDoubtful = isDoubtful
    return posting
  }

  @Test func `counts from when it first saw a posting as it is`() throws {
    let watch = watch()
    let doubt = try posting(fence: 3)
    #expect(!watch.hasKnown(doubt, for: .seconds(20)))
    time.pass(.seconds(20))
    #expect(watch.hasKnown(doubt, for: .seconds(20)))
    var sentAgain = doubt
    sentAgain.fence += 1
    #expect(!watch.hasKnown(sentAgain, for: .seconds(20)))
    #expect(!self.watch().hasKnown(doubt, for: .seconds(20)), "another process begins anew")
  }

  @Test func `a process whose clock is ahead looks no earlier than the quiet period allows`()
    throws
  {
    let fixture = try EngineFixture()
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    let connection = fixture.germany(FakeERP(clock: fixture.clock))
    var first = connection.delivery
    first.watch = watch()
    var second = connection.delivery
    second.watch = watch()
    let ahead: Duration = .seconds(7_200)
    _ = try fixture.store.write { [first] in try first.claim(calls: 1, at: Sample.now, in: $0) }
    // By its clock the lease is long over; by its watch it has only begun.
    func recover(_ now: Moment) throws -> Int {
      try fixture.store.write { [second] in
        try Delivery.recoverLapsed(
          at: now + ahead, everyone: false, limit: 9, quietPeriod: { _ in .seconds(20) },
          lease: { _ in second.lease }, watch: second.watch, in: $0)
      }
    }
    #expect(try recover(Sample.now) == 0)
    time.pass(second.lease)
    #expect(try recover(Sample.now + second.lease) == 1)
    func claim(_ now: Moment) throws -> Int {
      try fixture.store.write { [second] in
        try second.claim(calls: 1, at: now + ahead + ahead, in: $0).calls.count
      }
    }
    let recovered = Sample.now + second.lease
    #expect(try claim(recovered) == 0, "its clock jumped on, and it has not waited")
    time.pass(.seconds(20))
    #expect(try claim(recovered + .seconds(20)) == 1)
  }
}
