import Foundation

/// Holds companies to their limits and remembers what was asked of them.
actor LoadMonitor {
  struct Statistics: Sendable {
    var requests = 0
    /// Answered 429 because a limit was reached or a fault said so.
    var throttled = 0
    var maximumConcurrency = 0
    /// Requests by second since 1970 in which they came, the latest ``LoadMonitor/secondsKept``.
    var perSecond: [Int: Int] = [:]
  }

  private struct Load {
    var statistics = Statistics()
    var running = 0
    /// When the requests of the last second were let in, oldest first from `head` on.
    var admitted: [Date] = []
    var head = 0
  }

  /// Seconds whose counts are kept.
  static let secondsKept = 3600

  private var loads: [String: Load] = [:]

  /// Lets a request in, or says after how many seconds to come again.
  ///
  /// Whoever was let in calls ``leave(_:)`` once.
  func enter(_ company: String, limits: CompanySeed.Limits?, at moment: Date) -> Int? {
    var load = loads.removeValue(forKey: company) ?? Load()
    defer { loads[company] = load }
    load.statistics.requests += 1
    let second = Int(moment.timeIntervalSince1970.rounded(.down))
    load.statistics.perSecond[second, default: 0] += 1
    if load.statistics.perSecond.count > 2 * Self.secondsKept {
      load.statistics.perSecond = load.statistics.perSecond
        .filter { $0.key > second - Self.secondsKept }
    }
    if let wait = Self.wait(&load, limits: limits, at: moment) {
      load.statistics.throttled += 1
      return wait
    }
    load.running += 1
    load.statistics.maximumConcurrency = max(load.statistics.maximumConcurrency, load.running)
    return nil
  }

  func leave(_ company: String) {
    loads[company]?.running -= 1
  }

  func noteThrottled(_ company: String) {
    loads[company, default: Load()].statistics.throttled += 1
  }

  var statistics: [String: Statistics] { loads.mapValues(\.statistics) }

  /// Forgets the counts; requests that are under way stay counted as running.
  func reset() {
    for company in loads.keys {
      loads[company]?.statistics = Statistics()
      loads[company]?.admitted = []
      loads[company]?.head = 0
    }
  }

  private static func wait(
    _ load: inout Load, limits: CompanySeed.Limits?, at moment: Date
  ) -> Int? {
    if let concurrency = limits?.concurrency, load.running >= concurrency { return 1 }
    guard let perSecond = limits?.perSecond else { return nil }
    while load.head < load.admitted.count,
      moment.timeIntervalSince(load.admitted[load.head]) >= 1
    {
      load.head += 1
    }
    // The spent front is given back in large pieces, so that each request costs the same.
    if load.head > 1024, load.head * 2 > load.admitted.count {
      load.admitted.removeFirst(load.head)
      load.head = 0
    }
    guard load.admitted.count - load.head < perSecond else { return 1 }
    load.admitted.append(moment)
    return nil
  }
}
