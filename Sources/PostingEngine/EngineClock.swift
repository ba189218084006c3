internal import Glibc
package import Ledger

/// The engine's only source of time.
package protocol EngineClock: Sendable {
  var now: Moment { get }

  /// Time that has passed since some moment, whatever the clock was set to since.
  var elapsed: Duration { get }

  /// Returns at `moment` or a little later.
  ///
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(until moment: Moment) async throws
}

/// The machine's clock in UTC.
package struct WallClock: EngineClock {
  package init() {}

  package var now: Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package var elapsed: Duration {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  package func sleep(until moment: Moment) async throws {
    let left = moment - now
    if left > .zero { try await Task.sleep(for: left) }
  }
}
