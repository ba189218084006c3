package import Ledger

/// When a backlog will be delivered: the governor is asked as the engine asks it, in a time that is
/// only imagined.
///
/// Supposes that every call takes as long as calls took of late and that none fails; what is sent
/// later joins no batch. A plan, not a promise.
package struct DeliveryPlan: Hashable, Sendable {
  /// Calls that the backlog takes.
  package var calls: Int
  /// nil when there is nothing to do, or no end within ``horizon``.
  package var doneAt: Moment?
  /// Why it takes as long: what held it up longest, with the time; nil when only the calls'
  /// own time did.
  package var bottleneck: ConnectionHold.Cause?
  /// How much of the time nothing could start.
  package var heldFor: Duration
  /// Calls still to be made at the horizon.
  package var left: Int

  /// Nobody plans further.
  package static let horizon: Duration = .seconds(366 * 86_400)
  /// How long a call takes where none was made yet.
  package static let assumedCallTime: Duration = .milliseconds(500)

  /// - Parameters:
  ///   - postings: to be sent.
  ///   - callTime: nil for ``assumedCallTime``.
  package init(
    postings: Int, batchSize: Int, limits: ConnectionLimits, usage: [UsageSlot] = [],
    hold: ConnectionHold? = nil, callTime: Duration? = nil, at start: Moment
  ) {
    calls = (postings + batchSize - 1) / batchSize
    left = calls
    heldFor = .zero
    guard calls > 0 else { return }
    // A person ends a pause; nobody knows when.
    if let hold, hold.until == nil {
      bottleneck = hold.cause
      return
    }
    let took = max(callTime ?? DeliveryPlan.assumedCallTime, .milliseconds(1))
    var governor = ConnectionGovernor(limits: limits, usage: usage)
    var held: [ConnectionHold.Cause: Duration] = [:]
    var now = start
    if let hold, let until = hold.until, until > now {
      held[hold.cause] = until - now
      now = until
    }
    /// Calls under way and when they end, in that order.
    var running: [(end: Moment, calls: Int)] = []
    var first = 0
    var last = now
    while left > 0, now - start <= DeliveryPlan.horizon {
      governor.handle(.noticed, at: now)
      while first < running.count, running[first].end <= now {
        for _ in 0..<running[first].calls {
          governor.handle(.answered(isRefusal: false, after: took), at: now)
        }
        first += 1
      }
      switch governor.admission(at: now) {
      case .go(let allowed):
        let count = min(allowed, left)
        for _ in 0..<count { governor.handle(.started(firstSends: 0, repeats: 0), at: now) }
        left -= count
        last = now + took
        running.append((last, count))
      case .full:
        now = first < running.count ? running[first].end : now + .seconds(1)
      case .waitUntil(let moment):
        let cause = governor.hold(at: now)?.cause ?? .quota
        let next = first < running.count ? min(running[first].end, moment) : moment
        held[cause, default: .zero] += next - now
        now = next
      }
    }
    heldFor = held.values.reduce(.zero, +)
    bottleneck = held.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    doneAt = left == 0 ? last : nil
  }
}
