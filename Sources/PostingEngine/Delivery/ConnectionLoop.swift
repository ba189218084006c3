internal import AdapterKit
internal import Ledger

/// Serves one connection until it is told to stop: claims what may go, calls, settles, waits.
struct ConnectionLoop: Sendable {
  let connection: EngineConnection
  let store: any PostingStore
  let commit: GroupCommit
  let clock: any EngineClock
  let jitter: Jitter
  let switchboard: Switchboard

  /// New work that other processes hand over is seen after this time at the latest.
  private static let longestWait: Duration = .seconds(1)

  /// What the loop remembers between two looks.
  private struct State {
    var governor: ConnectionGovernor
    /// Calls in a row after which the connection wanted to be left alone.
    var failures = 0
    var pollsFirst = false
    /// When the timer that runs goes off; nil when none runs.
    var timer: Moment?
    /// What the store threw first.
    var failure: (any Error)?
  }

  /// - Throws: what the store throws, after the calls under way were settled as far as it lets them.
  func run() async throws {
    let bell = switchboard.bell(of: connection.id)
    var state = State(governor: ConnectionGovernor(limits: connection.limits))
    await withDiscardingTaskGroup { group in
      // When the loop is done only its timers are left.
      defer { group.cancelAll() }
      var iterator = bell.makeAsyncIterator()
      while true {
        take(switchboard.takeMail(of: connection.id), into: &state)
        if switchboard.isStopping {
          if state.governor.isIdle { return }
        } else {
          let now = clock.now
          do {
            let look = try await look(&state, at: now)
            for call in look.calls { group.addTask { await perform(call) } }
            if look.hasProgress { continue }
            let isIdle =
              state.governor.isIdle
              && look.nextDue.map { $0 > now + Switchboard.idleHorizon } ?? true
            switchboard.report(connection.id, isIdle: isIdle)
            if let timer = newTimer(nextDue: look.nextDue, at: now, state) {
              state.timer = timer
              group.addTask { await wait(until: timer) }
            }
          } catch {
            fail(error, &state)
            continue
          }
        }
        guard await iterator.next() != nil else { return }
      }
    }
    if let failure = state.failure { throw failure }
  }

  private func fail(_ error: any Error, _ state: inout State) {
    state.failure = state.failure ?? error
    switchboard.stop()
  }

  private func take(_ mail: Switchboard.Mail, into state: inout State) {
    if mail.timerFired { state.timer = nil }
    for end in mail.ends {
      let now = clock.now
      switch end {
      case .unclear: state.governor.end()
      case .reached:
        state.governor.end()
        state.governor.trust()
        state.failures = 0
      case .failed(let error):
        state.governor.end()
        fail(error, &state)
      case .askedToWait(let wish):
        state.governor.end()
        // Calls that were under way together fail together: one failure.
        if !state.governor.isQuiet(at: now) { state.failures += 1 }
        var generator = jitter.generator
        let delay = connection.policy.delay(
          afterAttempt: state.failures, wish: wish, using: &generator)
        state.governor.keepQuiet(until: now + delay)
      }
    }
  }

  /// What one look at the store came to.
  private struct Look {
    var calls: [Delivery.Call] = []
    /// Something changed, so that another look is worth it at once.
    var hasProgress = false
    /// When something is due next; nil when time alone makes nothing due.
    var nextDue: Moment?
  }

  private func look(_ state: inout State, at now: Moment) async throws -> Look {
    state.governor.notice(now)
    switch state.governor.admission(at: now) {
    case .full: return Look()
    case .waitUntil(let moment):
      return Look(nextDue: try nextDue().map { max($0, moment) })
    case .go(let calls):
      let claim = try await claim(calls, pollsFirst: state.pollsFirst, at: now)
      guard claim.changed > 0 else { return Look(nextDue: try nextDue()) }
      for call in claim.calls {
        state.governor.start(at: now)
        if case .poll = call { state.pollsFirst = false } else { state.pollsFirst = true }
      }
      return Look(calls: claim.calls, hasProgress: true)
    }
  }

  private func claim(
    _ calls: Int, pollsFirst: Bool, at now: Moment
  ) async throws -> Delivery.Claim {
    let isWork = try store.read { queries in
      guard try queries.pausedConnections()[connection.id] == nil else { return false }
      return try !queries.claimable(connection.id, at: now, limit: 1).isEmpty
        || !queries.pollable(connection.id, at: now, limit: 1).isEmpty
    }
    guard isWork else { return Delivery.Claim() }
    let delivery = connection.delivery
    return try await commit.write(weight: calls * delivery.batchSize) { transaction in
      try delivery.claim(calls: calls, pollsFirst: pollsFirst, at: now, in: transaction)
    }
  }

  /// nil also while the connection is paused.
  private func nextDue() throws -> Moment? {
    try store.read { queries in
      guard try queries.pausedConnections()[connection.id] == nil else { return nil }
      return try queries.nextDue(connection.id)
    }
  }

  /// When to look again; nil when a timer that runs goes off early enough. Never at once: what is
  /// due and was not claimed a moment ago is not claimed now either.
  private func newTimer(nextDue: Moment?, at now: Moment, _ state: State) -> Moment? {
    let latest = now + ConnectionLoop.longestWait
    let moment = nextDue.map { $0 > now ? min($0, latest) : latest } ?? latest
    if let running = state.timer, running <= moment { return nil }
    return moment
  }

  private func wait(until moment: Moment) async {
    try? await clock.sleep(until: moment)
    switchboard.timerFired(of: connection.id)
  }

  private func perform(_ call: Delivery.Call) async {
    do {
      guard try store.read({ try connection.maySend(call, at: clock.now, in: $0) }) else {
        // Nothing left; when the claim has lapsed the postings are looked up.
        return switchboard.callEnded(.unclear, of: connection.id)
      }
    } catch {
      return switchboard.callEnded(.failed(error), of: connection.id)
    }
    let caller = Caller(
      adapter: connection.adapter, timeout: connection.callTimeout, clock: clock)
    await caller.make(call) { reply in
      let delivery = connection.delivery
      let now = clock.now
      do {
        try await commit.write(weight: reply.answers.count) { [jitter] transaction in
          var generator = jitter.generator
          try delivery.settle(reply.answers, at: now, random: &generator, in: transaction)
        }
        switchboard.callEnded(reply.end, of: connection.id)
      } catch {
        // The claim stays; after its lease the posting is looked up.
        switchboard.callEnded(.failed(error), of: connection.id)
      }
    }
  }
}

extension Caller.Reply {
  /// What the call means for the connection as a whole.
  fileprivate var end: Switchboard.End {
    if isLost { return .askedToWait(nil) }
    var isReached = false
    for (_, answer) in answers {
      switch answer {
      case .submitted(.retryLater(let postponement)?), .polled(.retryLater(let postponement)?):
        if postponement.scope == .connection { return .askedToWait(postponement.after) }
        isReached = true
      case .submitted(nil), .submitted(.unknown), .polled(.unknown), .found(.cannotTell): break
      case .submitted, .polled, .found: isReached = true
      }
    }
    return isReached ? .reached : .unclear
  }
}
