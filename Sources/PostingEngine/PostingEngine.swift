internal import AdapterKit
internal import Ledger
internal import Synchronization

/// Delivers what is due: one loop for each connection, so that a slow ERP delays only its own.
package final class PostingEngine: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let connections: [EngineConnection]
  private let clock: any EngineClock
  private let jitter: Jitter
  private let setCourse: EntrySetCourse
  private let state = Mutex(State.ready)

  private enum State {
    case ready
    case running(Switchboard)
    /// ``stop()`` came before the run, which will end at once.
    case stopped
  }

  /// - Parameters:
  ///   - setCourse: what is done about documents that some ERPs have had for too long without others.
  ///   - seed: of the jitter of waits.
  package init(
    store: any PostingStore, commit: GroupCommit, connections: [EngineConnection],
    clock: any EngineClock, setCourse: EntrySetCourse = .standard, seed: UInt64
  ) {
    precondition(
      Set(connections.map(\.id)).count == connections.count, "a connection has one loop")
    self.store = store
    self.commit = commit
    self.connections = connections
    self.clock = clock
    self.setCourse = setCourse
    jitter = Jitter(seed: seed)
  }

  /// When ``run(until:)`` returns.
  package enum Until: Sendable {
    /// Nothing runs, and nothing becomes due by itself in the next minutes.
    case idle
    /// ``stop()`` is called.
    case stopped
  }

  /// Takes the store's engine lock, recovers what an earlier run left in flight, and delivers.
  ///
  /// - Throws: ``Problem`` `engine_running`, and what the store throws; calls under way are then
  ///   settled as far as it lets them.
  package func run(until end: Until) async throws {
    try store.lockForEngine()
    let switchboard = Switchboard(
      connectionCount: connections.count, stopsWhenIdle: end == .idle)
    guard try begin(switchboard) else { return }
    defer { state.withLock { $0 = .ready } }
    let watch = DoubtWatch { [clock] in clock.elapsed }
    let housekeeping = Housekeeping(
      store: store, commit: commit, clock: clock, switchboard: switchboard,
      waits: ConnectionWaits(connections), watch: watch, setCourse: setCourse)
    // Every claim was held by a process that is gone: this one has the lock.
    try await housekeeping.recover(isEverybodyGone: true)
    try await housekeeping.settleWithoutEntries()
    // What is late already goes into this run.
    try await housekeeping.look()
    let failure = await withTaskGroup(of: Ended.self) { group in
      group.addTask {
        await Ended(isLoop: false, stopping: switchboard) { try await housekeeping.run() }
      }
      for connection in connections {
        let loop = ConnectionLoop(
          connection: connection, store: store, commit: commit, clock: clock, jitter: jitter,
          switchboard: switchboard, watch: watch)
        group.addTask { await Ended(isLoop: true, stopping: switchboard) { try await loop.run() } }
      }
      var loops = connections.count
      if connections.isEmpty, end == .stopped {
        loops = 1
        group.addTask {
          await Ended(isLoop: true, stopping: switchboard) {
            for await _ in switchboard.untilStopped {}
          }
        }
      }
      return await firstFailure(of: &group, loops: loops)
    }
    if let failure { throw failure }
  }

  /// What a part of the engine ended with.
  private struct Ended: Sendable {
    let isLoop: Bool
    let error: (any Error)?

    /// Runs a part; an error stops all the others.
    init(
      isLoop: Bool, stopping switchboard: Switchboard, _ body: () async throws -> Void
    ) async {
      self.isLoop = isLoop
      do {
        try await body()
        error = nil
      } catch {
        switchboard.stop()
        self.error = error
      }
    }
  }

  /// Waits for every loop, then ends what is left.
  private func firstFailure(
    of group: inout TaskGroup<Ended>, loops: Int
  ) async -> (any Error)? {
    var running = loops
    if running == 0 { group.cancelAll() }
    var failure: (any Error)?
    for await ended in group {
      failure = failure ?? ended.error
      if ended.isLoop { running -= 1 }
      if running == 0 { group.cancelAll() }
    }
    return failure
  }

  private func begin(_ switchboard: Switchboard) throws(Problem) -> Bool {
    let earlier = state.withLock { state in
      let earlier = state
      switch earlier {
      case .ready: state = .running(switchboard)
      case .stopped: state = .ready
      case .running: break
      }
      return earlier
    }
    switch earlier {
    case .ready: return true
    case .stopped: return false
    case .running:
      throw Problem(
        code: "engine_running", detail: "This engine runs already",
        fix: "Wait for its end, or wake it")
    }
  }

  /// Tells a running engine that documents came in.
  package func wake() {
    if case .running(let switchboard) = state.withLock({ $0 }) { switchboard.wakeAll() }
  }

  /// Lets calls under way end and starts nothing new. Before a run, that run ends at once.
  package func stop() {
    let switchboard = state.withLock { state -> Switchboard? in
      if case .running(let switchboard) = state { return switchboard }
      state = .stopped
      return nil
    }
    switchboard?.stop()
  }
}
