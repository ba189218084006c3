internal import Dispatch
package import Ledger
internal import Synchronization

/// Plays many seeds, on several threads of which each plays its own, and shrinks what fails.
package struct SeedRun: Sendable {
  package var seeds: ClosedRange<UInt64>
  package var sabotage: Sabotage?
  /// Threads.
  package var jobs: Int
  /// No further seed is begun after so many failures.
  package var maximumFailures: Int

  package init(
    seeds: ClosedRange<UInt64>, sabotage: Sabotage? = nil, jobs: Int = 1, maximumFailures: Int = 10
  ) {
    precondition(jobs > 0 && maximumFailures > 0, "somebody plays, and something may fail")
    self.seeds = seeds
    self.sabotage = sabotage
    self.jobs = jobs
    self.maximumFailures = maximumFailures
  }

  package struct Report: Sendable {
    /// Seeds played.
    package var played = 0
    package var documents = 0
    package var bookings = 0
    package var events = 0
    /// By seed; each is as short as it could be made, and has its history.
    package var failures: [Simulator.Outcome] = []
  }

  private struct State {
    var next: UInt64?
    var report = Report()
    var problem: Problem?
  }

  /// - Throws: ``Problem`` when there is no memory for a store.
  package func play() throws(Problem) -> Report {
    let state = Mutex(State(next: seeds.lowerBound))
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      do throws(Problem) {
        try playShare(of: state)
      } catch {
        state.withLock { $0.problem = $0.problem ?? error }
      }
    }
    let end = state.withLock { $0 }
    if let problem = end.problem { throw problem }
    var report = end.report
    report.failures.sort { $0.story.seed < $1.story.seed }
    return report
  }

  private func playShare(of state: borrowing Mutex<State>) throws(Problem) {
    let simulator = try Simulator()
    while let seed = state.withLock({ take(from: &$0) }) {
      let outcome = try simulator.play(Story(seed: seed), sabotage: sabotage)
      var failure: Simulator.Outcome?
      if outcome.violation != nil {
        let short = try simulator.shrink(outcome, sabotage: sabotage)
        failure = try simulator.play(short.story, sabotage: sabotage, keepsHistory: true)
      }
      state.withLock { state in
        state.report.played += 1
        state.report.documents += outcome.story.documentCount
        state.report.bookings += outcome.bookings
        state.report.events += outcome.events
        if let failure { state.report.failures.append(failure) }
      }
    }
  }

  private func take(from state: inout State) -> UInt64? {
    guard let seed = state.next, state.problem == nil,
      state.report.failures.count < maximumFailures
    else { return nil }
    state.next = seed < seeds.upperBound ? seed + 1 : nil
    return seed
  }
}
