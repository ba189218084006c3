import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct RateWindowTests {
  @Test(arguments: Seed.forThisRun)
  func `no stretch of time holds more than the capacity, and the wait it names is enough`(
    seed: Seed
  ) {
    var random = SeededGenerator(seed)
    let capacity = Int.random(in: 1...7, using: &random)
    let span = Duration.milliseconds(Int64.random(in: 1...2_000, using: &random))
    var window = RateWindow(capacity: capacity, per: span)
    var now = Simulation.start
    var starts: [Moment] = []
    for _ in 0..<600 {
      if Bool.random(using: &random) {
        now = now + .milliseconds(Int64.random(in: 0...600, using: &random))
      } else {
        now = window.nextAvailable(at: now)
        #expect(window.available(at: now, upTo: 1) == 1, "it starves")
      }
      let most = Int.random(in: 0...9, using: &random)
      let free = window.available(at: now, upTo: most)
      #expect((0...most).contains(free))
      let inWindow = starts.count { $0 + span > now }
      #expect(free == min(most, capacity - inWindow))
      for _ in 0..<Int.random(in: 0...free, using: &random) {
        window.start(at: now)
        starts.append(now)
      }
    }
    for start in starts {
      #expect(starts.count { $0 >= start && $0 < start + span } <= capacity)
    }
  }
}

@Suite struct ConnectionGovernorTests {
  let now = Simulation.start

  @Test func `as many calls run as the connection allows`() {
    var governor = ConnectionGovernor(limits: ConnectionLimits(concurrency: 3))
    #expect(governor.admission(at: now) == .go(3))
    governor.start(at: now)
    governor.start(at: now)
    #expect(governor.admission(at: now) == .go(1))
    governor.start(at: now)
    #expect(governor.admission(at: now) == .full)
    #expect(!governor.isIdle)
    governor.end()
    #expect(governor.admission(at: now) == .go(1))
  }

  @Test func `the tightest window decides, and says when`() {
    var governor = ConnectionGovernor(
      limits: ConnectionLimits(concurrency: 9, perSecond: 2, perMinute: 3, perDay: 100))
    #expect(governor.admission(at: now) == .go(2))
    governor.start(at: now)
    governor.start(at: now)
    #expect(governor.admission(at: now) == .waitUntil(now + .seconds(1)))
    let later = now + .seconds(1)
    #expect(governor.admission(at: later) == .go(1))
    governor.start(at: later)
    #expect(governor.admission(at: later + .seconds(5)) == .waitUntil(now + .seconds(60)))
  }

  @Test func `a connection that asked for quiet is tried with one call at a time`() {
    var governor = ConnectionGovernor(limits: ConnectionLimits(concurrency: 4))
    governor.keepQuiet(until: now + .seconds(10))
    governor.keepQuiet(until: now + .seconds(5))
    #expect(governor.isQuiet(at: now))
    #expect(governor.admission(at: now) == .waitUntil(now + .seconds(10)))
    let later = now + .seconds(10)
    #expect(!governor.isQuiet(at: later))
    #expect(governor.admission(at: later) == .go(1))
    governor.start(at: later)
    #expect(governor.admission(at: later) == .full)
    governor.end()
    governor.trust()
    #expect(governor.admission(at: later) == .go(4))
  }

  @Test func `a clock set back neither breaks a limit nor stops the connection`() {
    var governor = ConnectionGovernor(limits: ConnectionLimits(concurrency: 9, perSecond: 2))
    governor.notice(now)
    governor.start(at: now)
    governor.start(at: now)
    let back = now + .seconds(-86_400)
    governor.notice(back)
    #expect(governor.admission(at: back) == .waitUntil(back + .seconds(1)))
    governor.keepQuiet(until: back + .seconds(3))
    let further = back + .seconds(-500)
    governor.notice(further)
    #expect(governor.admission(at: further) == .waitUntil(further + .seconds(3)))
  }
}
