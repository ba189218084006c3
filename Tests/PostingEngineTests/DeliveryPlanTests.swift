import Ledger
import PostingEngine
import Testing

@Suite struct DeliveryPlanTests {
  let now = Simulation.start

  private func plan(
    _ postings: Int, batch: Int = 1, _ limits: ConnectionLimits, usage: [UsageSlot] = [],
    hold: ConnectionHold? = nil, callTime: Duration = .seconds(1)
  ) -> DeliveryPlan {
    DeliveryPlan(
      postings: postings, batchSize: batch, limits: limits, usage: usage, hold: hold,
      callTime: callTime, at: now)
  }

  @Test(arguments: [
    // One at a time, a second each.
    (100, 1, ConnectionLimits(concurrency: 1), 100),
    // Ten batches of ten, four at once: three rounds.
    (100, 10, ConnectionLimits(concurrency: 4), 3),
    (101, 10, ConnectionLimits(concurrency: 4), 3),
    // 10 a minute: 9 whole minutes, then 10 at once.
    (100, 1, ConnectionLimits(concurrency: 10, perMinute: 10), 9 * 60 + 1),
    // 2 a second while each takes a second.
    (10, 1, ConnectionLimits(concurrency: 9, perSecond: 2), 5),
  ])
  func `a backlog takes as long as its calls and its quotas`(
    postings: Int, batch: Int, limits: ConnectionLimits, seconds: Int64
  ) {
    let plan = plan(postings, batch: batch, limits)
    #expect(plan.doneAt == now + .seconds(seconds))
    #expect(plan.calls == (postings + batch - 1) / batch && plan.left == 0)
  }

  @Test func `a daily quota lets the rest go a day later, slot by slot`() {
    let plan = plan(2_500, ConnectionLimits(concurrency: 100, perDay: 1_000))
    // The first thousand go at 08:00; a slot of ten minutes counts until it is a whole day old.
    #expect(plan.doneAt == now + .seconds(2 * (86_400 + 600) + 5))
    #expect(plan.bottleneck == .quota)
    #expect(plan.heldFor > .seconds(170_000))
  }

  @Test func `what is used up already counts`() {
    let slot = SlotCounter.slot(of: now, length: ConnectionGovernor.slotLength)
    let used = [UsageSlot(slot: slot - 72, calls: 995, refusals: 0)]
    let plan = plan(10, ConnectionLimits(concurrency: 10, perDay: 1_000), usage: used)
    #expect(plan.doneAt == now + .seconds(86_400 - 72 * 600 + 600 + 1))
  }

  @Test func `a blackout is waited out`() {
    let morning = Blackout(days: [.tuesday], from: 8 * 60, through: 12 * 60)
    let limits = ConnectionLimits(concurrency: 1, blackouts: BlackoutCalendar([morning]))
    let plan = plan(10, limits)
    #expect(plan.doneAt == now + .seconds(4 * 3_600 + 10))
    #expect(plan.bottleneck == .blackout && plan.heldFor == .seconds(4 * 3_600))
  }

  @Test func `a hold counts from now, and a pause has no end`() {
    let circuit = ConnectionHold(.circuit, until: now + .seconds(60))
    #expect(plan(1, ConnectionLimits(), hold: circuit).doneAt == now + .seconds(61))
    let paused = plan(1, ConnectionLimits(), hold: ConnectionHold(.paused, until: nil))
    #expect(paused.doneAt == nil && paused.bottleneck == .paused && paused.left == 1)
  }

  @Test func `nothing to do has no end, and what takes more than a year neither`() {
    #expect(plan(0, ConnectionLimits()).doneAt == nil)
    let plan = plan(3_000, ConnectionLimits(perMonth: 100))
    #expect(plan.doneAt == nil && plan.left > 1_000)
  }
}
