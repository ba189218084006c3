import Dispatch
import Ledger
import PostingEngine
import Synchronization

/// Runs tasks and store writes one after the other on one queue, and lets time pass only when none
/// of them has anything left to do. Nothing sleeps in real time.
final class Simulation: TaskExecutor, EngineClock {
  private let queue = DispatchQueue(label: "simulation")
  private let state: Mutex<State>

  static let start = Moment(milliseconds: 1_772_524_800_000)  // 2026-03-03

  private struct Sleeper {
    let id: Int
    let until: Moment
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now: Moment
    /// By how much the clock was set forward so far.
    var jumped = Duration.zero
    var pending = 0
    var sleepers: [Sleeper] = []
    var lastID = 0
    var cancelled: Set<Int> = []
    var jumps: [Jump] = []
  }

  /// The clock is set to another time at a moment.
  private struct Jump {
    let at: Moment
    let by: Duration
  }

  init(now: Moment = Simulation.start) { state = Mutex(State(now: now)) }

  /// Runs `body` and all its child tasks here.
  func run<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withTaskExecutorPreference(self) { try await body() }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    schedule { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Runs `work` here later.
  func schedule(_ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.pending += 1 }
    queue.async {
      work()
      self.finish()
    }
  }

  private func finish() {
    let next = state.withLock { state -> Sleeper? in
      state.pending -= 1
      guard state.pending == 0 else { return nil }
      let earliest = state.sleepers.indices.min {
        (state.sleepers[$0].until, state.sleepers[$0].id)
          < (state.sleepers[$1].until, state.sleepers[$1].id)
      }
      guard let earliest else { return nil }
      let sleeper = state.sleepers.remove(at: earliest)
      state.now = max(state.now, sleeper.until)
      if let jump = state.jumps.first, jump.at <= state.now {
        state.jumps.removeFirst()
        state.now = state.now + jump.by
        state.jumped += jump.by
        // Sleep is measured in time that passes, not by the clock's hands.
        state.sleepers = state.sleepers.map {
          Sleeper(id: $0.id, until: $0.until + jump.by, continuation: $0.continuation)
        }
      }
      return sleeper
    }
    next?.continuation.resume()
  }

  var now: Moment { state.withLock { $0.now } }

  /// What a clock shows that nobody ever set: the ERPs'.
  var trueNow: Moment { state.withLock { $0.now + (.zero - $0.jumped) } }

  var elapsed: Duration { trueNow - Simulation.start }

  /// Lets time pass while nothing runs.
  func pass(_ duration: Duration) { state.withLock { $0.now = $0.now + duration } }

  /// Sets the clock forward or back once, when it shows `moment`.
  func jump(by duration: Duration, at moment: Moment) {
    state.withLock { $0.jumps.append(Jump(at: moment, by: duration)) }
  }

  func sleep(until moment: Moment) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.cancelled.remove(id) != nil { return true }
          state.sleepers.append(Sleeper(id: id, until: moment, continuation: continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume()
    }
    try Task.checkCancellation()
  }

  /// Sleeps on when it is cancelled, as a call that cannot be interrupted does.
  func sleepStubbornly(until moment: Moment) async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        state.lastID += 1
        state.sleepers.append(
          Sleeper(id: state.lastID, until: moment, continuation: continuation))
      }
    }
  }
}
