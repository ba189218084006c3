package import PostingEngine

/// Where people work on exceptions: the same for the API, the command line and the console.
package struct ExceptionDesk: Sendable {
  package let store: any PostingStore
  package let policy: ExceptionPolicy
  private let commit: GroupCommit
  private let acceptance: Acceptance
  private let clock: any EngineClock

  package init(
    store: any PostingStore, commit: GroupCommit, acceptance: Acceptance,
    policy: ExceptionPolicy, clock: any EngineClock
  ) {
    self.store = store
    self.commit = commit
    self.acceptance = acceptance
    self.policy = policy
    self.clock = clock
  }

  /// What one person does.
  package func run(as actor: String) -> ExceptionActionRun {
    ExceptionActionRun(
      store: store, commit: commit, acceptance: acceptance, policy: policy,
      clock: clock, actor: actor)
  }

  /// Exceptions in one look.
  private static let batch = 200

  /// Tries again what was put aside until now.
  ///
  /// - Returns: how many there were.
  package func endHolds() async throws -> Int {
    let ended = try store.read { try $0.holdsEnded(by: clock.now, limit: ExceptionDesk.batch) }
    guard !ended.isEmpty else { return 0 }
    let selection = ExceptionSelection(ids: ended.compactMap(\.id))
    let run = run(as: "engine")
    _ = try await run.run(.release, selection)
    _ = try await run.withoutSecondPerson.run(.retry, selection)
    return ended.count
  }
}
