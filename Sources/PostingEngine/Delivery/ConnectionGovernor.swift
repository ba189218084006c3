package import Ledger

/// Decides, as a pure value, when calls to one ERP may start. Look-ups and polls count as calls.
///
/// One for each connection, shared by everything that calls it.
package struct ConnectionGovernor: Sendable {
  private let limits: ConnectionLimits
  private var windows: [RateWindow]
  private var quotas: [Quota]
  private var refusals = SlotCounter(slotLength: slotLength, span: .seconds(3_600))
  private var firstSends = SlotCounter(slotLength: .seconds(5), span: .seconds(60))
  private var repeats = SlotCounter(slotLength: .seconds(5), span: .seconds(60))
  private var running = 0
  /// Calls at once that the ERP has shown to bear: halved when it asks to be left alone, one more
  /// after as many answers as it allows calls.
  private var trusted: Int
  private var answersSinceRise = 0
  private var quietUntil: Moment?
  private var quietCause = ConnectionHold.Cause.circuit
  /// It wanted to be left alone and has not answered since: one call at a time tries it.
  private var isSuspect = false
  /// Times in a row that it wanted to be left alone.
  private var failures = 0
  private var latest: Moment?
  private var callTime: Duration?

  private struct Quota: Sendable {
    let capacity: Int
    var counter: SlotCounter
  }

  /// What ``UsageSlot`` counts in.
  package static let slotLength: Duration = .seconds(600)
  /// The longest that usage counts.
  package static let usageSpan: Duration = .seconds(31 * 86_400)

  /// - Parameter usage: what a store kept, in the order of time.
  package init(limits: ConnectionLimits, usage: [UsageSlot] = []) {
    self.limits = limits
    trusted = limits.concurrency
    let spans: [(Int?, Duration)] = [
      (limits.perSecond, .seconds(1)), (limits.perMinute, .seconds(60)),
    ]
    windows = spans.compactMap { capacity, span in
      capacity.map { RateWindow(capacity: $0, per: span) }
    }
    let long: [(Int?, Duration)] = [
      (limits.perDay, .seconds(86_400)), (limits.perMonth, ConnectionGovernor.usageSpan),
    ]
    quotas = long.compactMap { capacity, span in
      capacity.map {
        Quota(
          capacity: $0,
          counter: SlotCounter(slotLength: ConnectionGovernor.slotLength, span: span))
      }
    }
    for slot in usage {
      for index in quotas.indices { quotas[index].counter.add(slot.calls, slot: slot.slot) }
      refusals.add(slot.refusals, slot: slot.slot)
    }
  }

  package enum Admission: Hashable, Sendable {
    /// So many calls may start now.
    case go(Int)
    /// No call may start before this moment.
    case waitUntil(Moment)
    /// All places are taken: one has to end first.
    case full
  }

  package func admission(at now: Moment) -> Admission {
    let free = trustedCalls - running
    if let hold = hold(at: now), let until = hold.until, hold.cause != .retryBudget {
      return .waitUntil(until)
    }
    guard free > 0 else { return .full }
    var allowed = free
    for window in windows { allowed = window.available(at: now, upTo: allowed) }
    for quota in quotas { allowed = min(allowed, quota.capacity - quota.counter.total(at: now)) }
    // Each call under way may end in a refusal.
    if let most = limits.errorsPerHour {
      allowed = min(allowed, most - refusals.total(at: now) - running)
    }
    return allowed > 0 ? .go(allowed) : .full
  }

  /// What keeps every call from starting; nil while at least one may start, or all places are taken.
  package func hold(at now: Moment) -> ConnectionHold? {
    if let end = limits.blackouts.end(at: now) { return ConnectionHold(.blackout, until: end) }
    if let quietUntil, quietUntil > now { return ConnectionHold(quietCause, until: quietUntil) }
    if let most = limits.errorsPerHour, refusals.total(at: now) >= most {
      return ConnectionHold(
        .errorBudget, until: refusals.moment(whenAtMost: most - 1, at: now))
    }
    var next = now
    for window in windows { next = max(next, window.nextAvailable(at: now)) }
    for quota in quotas {
      next = max(next, quota.counter.moment(whenAtMost: quota.capacity - 1, at: now))
    }
    if next > now { return ConnectionHold(.quota, until: next) }
    guard retriesLeft(at: now) == 0 else { return nil }
    return ConnectionHold(
      .retryBudget, until: repeats.moment(whenAtMost: allowedRepeats(at: now) - 1, at: now))
  }

  /// How many entries may be sent again now.
  package func retriesLeft(at now: Moment) -> Int {
    max(allowedRepeats(at: now) - repeats.total(at: now), 0)
  }

  private func allowedRepeats(at now: Moment) -> Int {
    max(
      firstSends.total(at: now) * limits.retryPercent / 100,
      ConnectionLimits.leastRetriesPerMinute)
  }

  private var trustedCalls: Int { isSuspect ? 1 : trusted }

  /// What is left of one of the limits that outlive a restart.
  package struct Allowance: Hashable, Sendable {
    package enum Per: String, Hashable, Sendable { case day, month, errorsPerHour }

    package var per: Per
    package var limit: Int
    package var left: Int
  }

  package func allowances(at now: Moment) -> [Allowance] {
    var result = quotas.map {
      Allowance(
        per: $0.counter.span == ConnectionGovernor.usageSpan ? .month : .day, limit: $0.capacity,
        left: max($0.capacity - $0.counter.total(at: now), 0))
    }
    if let most = limits.errorsPerHour {
      result.append(
        Allowance(
          per: .errorsPerHour, limit: most, left: max(most - refusals.total(at: now), 0)))
    }
    return result
  }

  package func report(at now: Moment) -> ConnectionReport {
    ConnectionReport(
      at: now, hold: hold(at: now),
      circuit: !isSuspect ? .closed : isQuiet(at: now) ? .open : .halfOpen,
      concurrency: trustedCalls, callTime: callTime)
  }

  // MARK: Events

  package enum Event: Hashable, Sendable {
    /// A call starts that ``admission(at:)`` allowed, with so many entries sent for the first time
    /// and so many sent again.
    case started(firstSends: Int, repeats: Int)
    /// A call ended, and the ERP answered it; with a refusal among the verdicts or not.
    case answered(isRefusal: Bool, after: Duration)
    /// A call ended without an answer that says anything about the connection.
    case endedUnclear
    /// A call ended, and the connection is to be left alone for so long.
    case askedToWait(Duration, byERP: Bool)
    /// Nothing ended; the clock shows another time.
    case noticed
  }

  package mutating func handle(_ event: Event, at now: Moment) {
    switch event {
    case .started(let first, let again):
      start(at: now)
      firstSends.add(first, at: now)
      repeats.add(again, at: now)
    case .answered(let isRefusal, let took):
      end()
      callTime = callTime.map { ($0 * 7 + took) / 8 } ?? took
      trust()
      if isRefusal { refusals.add(1, at: now) }
      riseAfterAnswer()
    case .endedUnclear: end()
    case .askedToWait(let delay, let byERP):
      end()
      if byERP { refusals.add(1, at: now) }
      // Calls that were under way together fail together: one failure.
      if !isQuiet(at: now) {
        failures += 1
        trusted = max(trusted / 2, 1)
        answersSinceRise = 0
      }
      quietCause = byERP ? .throttled : .circuit
      keepQuiet(until: now + delay)
    case .noticed: notice(now)
    }
  }

  /// Which failure in a row one that ends now would be, from 1.
  package func failure(at now: Moment) -> Int { max(isQuiet(at: now) ? failures : failures + 1, 1) }

  private mutating func riseAfterAnswer() {
    guard trusted < limits.concurrency else { return }
    answersSinceRise += 1
    guard answersSinceRise >= trusted else { return }
    trusted += 1
    answersSinceRise = 0
  }

  /// A call starts that ``admission(at:)`` allowed.
  package mutating func start(at now: Moment) {
    running += 1
    for index in windows.indices { windows[index].start(at: now) }
    for index in quotas.indices { quotas[index].counter.add(1, at: now) }
  }

  package mutating func end() {
    precondition(running > 0, "only a call that started can end")
    running -= 1
  }

  package var isIdle: Bool { running == 0 }

  package func isQuiet(at now: Moment) -> Bool { quietUntil.map { $0 > now } ?? false }

  /// The ERP asked to be left alone, or could not be reached.
  package mutating func keepQuiet(until moment: Moment) {
    quietUntil = max(quietUntil ?? moment, moment)
    isSuspect = true
  }

  /// It answered.
  package mutating func trust() {
    isSuspect = false
    failures = 0
  }

  /// Tells the time before anything is asked. When the clock was set back, all that is remembered
  /// goes back with it: no limit is exceeded, and nothing waits for the clock to catch up.
  package mutating func notice(_ now: Moment) {
    if let latest, now < latest {
      let back = latest - now
      for index in windows.indices { windows[index].moveBack(by: back) }
      for index in quotas.indices { quotas[index].counter.moveBack(by: back) }
      refusals.moveBack(by: back)
      firstSends.moveBack(by: back)
      repeats.moveBack(by: back)
      quietUntil = quietUntil.map { $0 + (.zero - back) }
    }
    for index in quotas.indices { quotas[index].counter.forget(at: now) }
    refusals.forget(at: now)
    firstSends.forget(at: now)
    repeats.forget(at: now)
    latest = now
  }
}

/// The calls and refusals of a connection in ten minutes, for limits that outlive a restart.
package struct UsageSlot: Hashable, Sendable {
  /// Since 1970, in slots of ``ConnectionGovernor/slotLength``.
  package var slot: Int64
  package var calls: Int
  /// Calls that the ERP answered with a refusal.
  package var refusals: Int

  package init(slot: Int64, calls: Int, refusals: Int) {
    self.slot = slot
    self.calls = calls
    self.refusals = refusals
  }
}
