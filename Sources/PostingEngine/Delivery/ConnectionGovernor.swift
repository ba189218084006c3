package import Ledger

/// What a connection allows: calls at once, calls per time, and when it wants to be left alone.
package struct ConnectionLimits: Hashable, Sendable {
  package var concurrency: Int
  package var perSecond: Int?
  package var perMinute: Int?
  package var perDay: Int?

  package static let defaultConcurrency = 4

  package init(
    concurrency: Int = ConnectionLimits.defaultConcurrency, perSecond: Int? = nil,
    perMinute: Int? = nil, perDay: Int? = nil
  ) {
    self.concurrency = concurrency
    self.perSecond = perSecond
    self.perMinute = perMinute
    self.perDay = perDay
  }
}

/// Decides, as a pure value, when calls to one ERP may start. Look-ups and polls count as calls.
package struct ConnectionGovernor: Sendable {
  private let limits: ConnectionLimits
  private var windows: [RateWindow]
  private var running = 0
  private var quietUntil: Moment?
  /// It wanted to be left alone and has not answered since: one call at a time tries it.
  private var isSuspect = false
  private var latest: Moment?

  package init(limits: ConnectionLimits) {
    self.limits = limits
    let spans: [(Int?, Duration)] = [
      (limits.perSecond, .seconds(1)), (limits.perMinute, .seconds(60)),
      (limits.perDay, .seconds(86_400)),
    ]
    windows = spans.compactMap { capacity, span in
      capacity.map { RateWindow(capacity: $0, per: span) }
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
    if let quietUntil, quietUntil > now { return .waitUntil(quietUntil) }
    let free = (isSuspect ? 1 : limits.concurrency) - running
    guard free > 0 else { return .full }
    var allowed = free
    var next = now
    for window in windows {
      allowed = window.available(at: now, upTo: allowed)
      next = max(next, window.nextAvailable(at: now))
    }
    return allowed > 0 ? .go(allowed) : .waitUntil(next)
  }

  /// A call starts that ``admission(at:)`` allowed.
  package mutating func start(at now: Moment) {
    running += 1
    for index in windows.indices { windows[index].start(at: now) }
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
  package mutating func trust() { isSuspect = false }

  /// Tells the time before anything is asked. When the clock was set back, all that is remembered
  /// goes back with it: no limit is exceeded, and nothing waits for the clock to catch up.
  package mutating func notice(_ now: Moment) {
    if let latest, now < latest {
      let back = latest - now
      for index in windows.indices { windows[index].moveBack(by: back) }
      quietUntil = quietUntil.map { $0 + (.zero - back) }
    }
    latest = now
  }
}
