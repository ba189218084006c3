import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct SlotCounterTests {
  @Test(arguments: Seed.forThisRun)
  func `it never counts less than there was, and forgets a slot after its span`(seed: Seed) {
    var random = SeededGenerator(seed)
    var counter = SlotCounter(slotLength: .seconds(10), span: .seconds(60))
    var now = Simulation.start
    var happened: [(at: Moment, count: Int)] = []
    for _ in 0..<300 {
      now = now + .milliseconds(Int64.random(in: 0...9_000, using: &random))
      let count = Int.random(in: 0...4, using: &random)
      counter.add(count, at: now)
      happened.append((now, count))
      if Bool.random(using: &random) { counter.forget(at: now) }
      let total = counter.total(at: now)
      func sum(_ span: Duration) -> Int {
        happened.reduce(0) { $0 + ($1.at + span > now ? $1.count : 0) }
      }
      #expect(total >= sum(.seconds(60)) && total <= sum(.seconds(70)))
      let most = Int.random(in: 0...max(total, 1), using: &random)
      let moment = counter.moment(whenAtMost: most, at: now)
      #expect(counter.total(at: moment) <= most)
      if moment > now { #expect(counter.total(at: moment + .milliseconds(-1)) > most) }
    }
  }
}

@Suite struct BlackoutTests {
  /// A Tuesday, 2026-03-03, 08:00 UTC.
  let now = Simulation.start

  static let winter = ClockOffsets(
    before: .seconds(3_600),
    changes: [
      ClockOffsets.Change(
        at: Moment(milliseconds: 1_774_746_000_000), ahead: .seconds(7_200))  // 2026-03-29T01:00Z
    ])

  @Test func `a day of the week is the calendar's`() {
    #expect(Blackout.Day(now.date) == .tuesday)
    #expect(Blackout.Day(CalendarDate(dayNumber: 0)) == .thursday)
    #expect(Blackout.Day(CalendarDate(dayNumber: -1)) == .wednesday)
  }

  @Test(arguments: [
    ("2026-03-03T20:59:59Z", nil), ("2026-03-03T21:00:00Z", "2026-03-04T05:00:00.000Z"),
    ("2026-03-04T04:59:59Z", "2026-03-04T05:00:00.000Z"), ("2026-03-04T05:00:00Z", nil),
    ("2026-03-04T21:30:00Z", nil),
  ])
  func `one past midnight belongs to the day on which it begins`(at: String, until: String?)
    throws
  {
    let calendar = BlackoutCalendar(
      [Blackout(days: [.tuesday], from: 22 * 60, through: 6 * 60)], zone: Self.winter)
    #expect(calendar.end(at: try #require(Moment(at)))?.text == until)
  }

  @Test func `one that the clocks change in ends by the clocks at its end`() throws {
    let calendar = BlackoutCalendar(
      [Blackout(days: [.saturday], from: 22 * 60, through: 6 * 60)], zone: Self.winter)
    let night = try #require(Moment("2026-03-28T22:00:00Z"))
    #expect(calendar.end(at: night)?.text == "2026-03-29T04:00:00.000Z")
  }

  @Test func `those that follow one another are one`() throws {
    let calendar = BlackoutCalendar([
      Blackout(days: [.tuesday], from: 8 * 60, through: 10 * 60),
      Blackout(days: [.tuesday], from: 10 * 60, through: 12 * 60),
    ])
    #expect(
      calendar.end(at: try #require(Moment("2026-03-03T09:00:00Z")))?.text
        == "2026-03-03T12:00:00.000Z")
  }
}

/// What the governor makes of what happens to calls.
@Suite struct GovernanceTests {
  let now = Simulation.start

  private func governor(_ limits: ConnectionLimits) -> ConnectionGovernor {
    var governor = ConnectionGovernor(limits: limits)
    governor.handle(.noticed, at: now)
    return governor
  }

  /// Starts as many calls as may go, and ends each with the same event.
  private func round(
    _ governor: inout ConnectionGovernor, _ end: ConnectionGovernor.Event, at moment: Moment
  ) -> Int {
    guard case .go(let calls) = governor.admission(at: moment) else { return 0 }
    for _ in 0..<calls { governor.handle(.started(firstSends: 1, repeats: 0), at: moment) }
    for _ in 0..<calls { governor.handle(end, at: moment) }
    return calls
  }

  @Test func `throttling halves what runs at once, and each round of answers adds one`() {
    var governor = governor(ConnectionLimits(concurrency: 16))
    var at = now
    #expect(round(&governor, .askedToWait(.seconds(2), byERP: true), at: at) == 16)
    at = at + .seconds(2)
    let answer = ConnectionGovernor.Event.answered(isRefusal: false, after: .seconds(1))
    // A probe, then half of it.
    #expect(round(&governor, answer, at: at) == 1)
    #expect((0..<10).map { _ in round(&governor, answer, at: at) }.prefix(4) == [8, 9, 10, 11])
    #expect(round(&governor, answer, at: at) == 16)
  }

  @Test func `calls that fail together halve it once, and it never falls below one`() {
    var governor = governor(ConnectionLimits(concurrency: 2))
    for failure in 1...5 {
      let at = now + .seconds(Int64(failure) * 100)
      #expect(governor.failure(at: at) == failure)
      #expect(round(&governor, .askedToWait(.seconds(9), byERP: false), at: at) >= 1)
      #expect(governor.report(at: at).circuit == .open)
      #expect(governor.report(at: at + .seconds(9)).circuit == .halfOpen)
    }
    let later = now + .seconds(900)
    _ = round(&governor, .answered(isRefusal: false, after: .seconds(1)), at: later)
    #expect(governor.report(at: later).circuit == .closed)
    #expect(governor.failure(at: later) == 1)
  }

  @Test func `what the ERP asked for is told as throttling, an outage as an open circuit`() {
    for (byERP, cause) in [(true, ConnectionHold.Cause.throttled), (false, .circuit)] {
      var governor = governor(ConnectionLimits())
      _ = round(&governor, .askedToWait(.seconds(30), byERP: byERP), at: now)
      let hold = governor.hold(at: now)
      #expect(hold == ConnectionHold(cause, until: now + .seconds(30)))
    }
  }

  @Test func `refusals never exceed what an hour allows, whatever is under way`() {
    var governor = governor(ConnectionLimits(concurrency: 4, errorsPerHour: 6))
    let refusal = ConnectionGovernor.Event.answered(isRefusal: true, after: .seconds(1))
    #expect(round(&governor, refusal, at: now) == 4)
    #expect(round(&governor, refusal, at: now) == 2)
    #expect(round(&governor, refusal, at: now) == 0)
    let hold = governor.hold(at: now)
    #expect(hold?.cause == .errorBudget)
    let until = hold?.until ?? now
    #expect(until > now + .seconds(3_600) && until <= now + .seconds(4_200))
    #expect(governor.admission(at: until) == .go(4))
  }

  @Test func `a day's and a month's calls outlive a restart`() {
    let limits = ConnectionLimits(concurrency: 9, perDay: 5, perMonth: 8)
    let slot = SlotCounter.slot(of: now, length: ConnectionGovernor.slotLength)
    let usage = [
      UsageSlot(slot: slot - 144 * 3, calls: 4, refusals: 0),
      UsageSlot(slot: slot - 6, calls: 2, refusals: 0),
    ]
    var governor = ConnectionGovernor(limits: limits, usage: usage)
    governor.handle(.noticed, at: now)
    #expect(governor.admission(at: now) == .go(2), "the month has 2 left, the day 3")
    _ = round(&governor, .endedUnclear, at: now)
    guard let hold = governor.hold(at: now), let until = hold.until else {
      Issue.record("nothing holds it")
      return
    }
    #expect(hold.cause == .quota)
    #expect(until > now + .seconds(28 * 86_400 - 600) && until <= now + .seconds(28 * 86_400 + 600))
  }

  @Test func `a blackout keeps everything back until its end`() throws {
    let nightly = Blackout(days: Set(Blackout.Day.allCases), from: 7 * 60, through: 9 * 60)
    let governor = governor(ConnectionLimits(blackouts: BlackoutCalendar([nightly])))
    let end = try #require(Moment("2026-03-03T09:00:00Z"))
    #expect(governor.admission(at: now) == .waitUntil(end))
    #expect(governor.hold(at: now) == ConnectionHold(.blackout, until: end))
    #expect(governor.admission(at: end) == .go(ConnectionLimits.defaultConcurrency))
  }

  @Test func `what is sent again is a share of what is sent first, or a minute's worth`() {
    var governor = governor(ConnectionLimits(concurrency: 9_999, retryPercent: 20))
    #expect(governor.retriesLeft(at: now) == ConnectionLimits.leastRetriesPerMinute)
    governor.handle(.started(firstSends: 1_000, repeats: 0), at: now)
    #expect(governor.retriesLeft(at: now) == 200)
    governor.handle(.started(firstSends: 0, repeats: 150), at: now)
    #expect(governor.retriesLeft(at: now) == 50)
    governor.handle(.started(firstSends: 0, repeats: 50), at: now)
    #expect(governor.hold(at: now)?.cause == .retryBudget)
    #expect(governor.admission(at: now) != .full, "first sends go on")
    let later = now + .seconds(65)
    #expect(governor.retriesLeft(at: later) == ConnectionLimits.leastRetriesPerMinute)
  }

  @Test func `a hold that is over reads as none`() {
    let report = ConnectionReport(
      at: now, hold: ConnectionHold(.circuit, until: now + .seconds(5)), circuit: .open,
      concurrency: 1)
    #expect(report.read(at: now + .seconds(4)) == report)
    let later = report.read(at: now + .seconds(5))
    #expect(later.hold == nil && later.circuit == .halfOpen)
  }
}
