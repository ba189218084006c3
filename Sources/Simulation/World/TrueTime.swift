import Ledger
import Synchronization

/// Time that has passed in a story, which no clock of a process has to show.
final class TrueTime: Sendable {
  private let milliseconds = Atomic<Int64>(0)

  var elapsed: Duration { .milliseconds(milliseconds.load(ordering: .relaxed)) }

  func set(_ now: Moment) {
    milliseconds.store(
      now.milliseconds - SimulatedGroup.start.milliseconds, ordering: .relaxed)
  }
}
