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
  let watch: DoubtWatch

  private var delivery: Delivery {
    var delivery = connection.delivery
    delivery.watch = watch
    return delivery
  }

  /// New work that other processes hand over is seen after this time at the latest.
  private static let longestWait: Duration = .seconds(1)

  /// What the loop remembers between two looks.
  private struct State {
    var governor: ConnectionGovernor
    /// What was last told of the connection.
    var report: ConnectionReport?
    var isReadingPeriods = false
    var pollsFirst = false
    /// When the timer that runs goes off; nil when none runs.
    var timer: Moment?
    /// What the store threw first.
    var failure: (any Error)?
  }

  /// - Throws: what the store throws, after the calls under way were settled as far as it lets them.
  func run() async throws {
    let bell = switchboard.bell(of: connection.id)
    let since = clock.now + (.zero - ConnectionGovernor.usageSpan)
    let usage = try store.read { queries in
      try queries.usage(
        connection.id,
        since: SlotCounter.slot(of: since, length: ConnectionGovernor.slotLength))
    }
    var state = State(governor: ConnectionGovernor(limits: connection.limits, usage: usage))
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
            if let periods = look.periods { group.addTask { await read(periods) } }
            try await tell(&state, at: now)
            if look.hasProgress { continue }
            switchboard.report(connection.id, isIdle: try isIdle(look, state, at: now))
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

  /// Whether nothing runs and nothing is due soon. That a posted entry is looked up once more soon
  /// keeps nobody waiting.
  private func isIdle(_ look: Look, _ state: State, at now: Moment) throws -> Bool {
    guard state.governor.isIdle else { return false }
    let horizon = now + Switchboard.idleHorizon
    guard let due = look.nextDue, due <= horizon else { return true }
    guard switchboard.stopsWhenIdle else { return false }
    return try store.read { try !$0.isOpenWorkDue(connection.id, by: horizon) }
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
      case .unclear: state.governor.handle(.endedUnclear, at: now)
      case .reached(let isRefusal, let took):
        state.governor.handle(.answered(isRefusal: isRefusal, after: took), at: now)
      case .readPeriods:
        state.governor.handle(.endedUnclear, at: now)
        state.isReadingPeriods = false
      case .failed(let error):
        state.governor.handle(.endedUnclear, at: now)
        fail(error, &state)
      case .askedToWait(let wish, let byERP):
        var generator = jitter.generator
        let delay = connection.policy.delay(
          afterAttempt: state.governor.failure(at: now), wish: wish, using: &generator)
        state.governor.handle(.askedToWait(delay, byERP: byERP), at: now)
      }
    }
  }

  /// Stores how the connection does where that has changed, for lists and people.
  private func tell(_ state: inout State, at now: Moment) async throws {
    var report = state.governor.report(at: now)
    if let until = report.hold?.until, until < now + ConnectionLoop.shortestHold {
      report.hold = nil
    }
    if let last = state.report {
      let isSame =
        last.hold?.cause == report.hold?.cause && last.circuit == report.circuit
        && (report.hold?.until ?? now) <= (last.hold?.until ?? now)
      if isSame, now < last.at + ConnectionLoop.retellAfter || last.says(report) { return }
    } else if report.hold == nil, report.circuit == .closed, report.callTime == nil {
      return
    }
    state.report = report
    let told = report
    try await commit.write { [id = connection.id] in try $0.set(told, of: id) }
  }

  /// What holds a connection up for less is not worth telling.
  private static let shortestHold: Duration = .seconds(3)
  /// Small changes are told this much later.
  private static let retellAfter: Duration = .seconds(10)

  /// What one look at the store came to.
  private struct Look {
    var calls: [Delivery.Call] = []
    /// Periods that the ERP has to be asked for before anything is claimed.
    var periods: Set<FiscalPeriod>?
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
      if state.isReadingPeriods { return Look() }
      let periods = try periodsToRead(calls, at: now)
      guard periods.isEmpty else {
        state.isReadingPeriods = true
        state.governor.start(at: now)
        return Look(periods: periods, hasProgress: true)
      }
      let claim = try await claim(
        calls, pollsFirst: state.pollsFirst, retries: state.governor.retriesLeft(at: now),
        at: now)
      guard claim.changed > 0 else { return Look(nextDue: try nextDue()) }
      for (index, call) in claim.calls.enumerated() {
        state.governor.handle(
          .started(
            firstSends: index == 0 ? claim.firstSends : 0,
            repeats: index == 0 ? claim.repeats : 0), at: now)
        if case .poll = call { state.pollsFirst = false } else { state.pollsFirst = true }
      }
      return Look(calls: claim.calls, hasProgress: true)
    }
  }

  private func claim(
    _ calls: Int, pollsFirst: Bool, retries: Int, at now: Moment
  ) async throws -> Delivery.Claim {
    let isWork = try store.read { queries in
      guard try queries.pausedConnections()[connection.id] == nil else { return false }
      return try !queries.claimable(connection.id, at: now, limit: 1).isEmpty
        || !queries.pollable(connection.id, at: now, limit: 1).isEmpty
    }
    guard isWork else { return Delivery.Claim() }
    let delivery = delivery
    return try await commit.write(weight: calls * delivery.batchSize) { transaction in
      let claim = try delivery.claim(
        calls: calls, pollsFirst: pollsFirst, retries: retries, at: now, in: transaction)
      if !claim.calls.isEmpty {
        try transaction.add(.at(now, calls: claim.calls.count), to: delivery.connection)
      }
      return claim
    }
  }

  private func periodsToRead(_ calls: Int, at now: Moment) throws -> Set<FiscalPeriod> {
    let delivery = delivery
    guard delivery.capabilities.readsPeriods else { return [] }
    return try store.read { queries in
      guard try queries.pausedConnections()[connection.id] == nil else { return [] }
      return try delivery.periodsToRead(
        since: now + (.zero - ConnectionLoop.periodsLifetime), most: calls * delivery.batchSize,
        at: now, in: queries)
    }
  }

  /// What an ERP said of a period is believed for so long.
  private static let periodsLifetime: Duration = .seconds(300)

  private func read(_ periods: Set<FiscalPeriod>) async {
    let caller = Caller(
      adapter: connection.adapter, timeout: connection.callTimeout, clock: clock)
    await caller.read(periods) { answer in
      let delivery = delivery
      let now = clock.now
      do {
        try await commit.write { transaction in
          try delivery.note(answer, asked: periods, at: now, in: transaction)
          try transaction.add(.at(now, calls: 1), to: delivery.connection)
        }
        switchboard.callEnded(.readPeriods, of: connection.id)
      } catch {
        switchboard.callEnded(.failed(error), of: connection.id)
      }
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
      guard try store.read({ try connection.maySend(call, at: clock.now, watch: watch, in: $0) })
      else {
        // Nothing left; when the claim has lapsed the postings are looked up.
        return switchboard.callEnded(.unclear, of: connection.id)
      }
    } catch {
      return switchboard.callEnded(.failed(error), of: connection.id)
    }
    let caller = Caller(
      adapter: connection.adapter, timeout: connection.callTimeout, clock: clock,
      redaction: connection.redaction)
    await caller.make(call) { reply in
      let delivery = delivery
      let now = clock.now
      do {
        try await commit.write(weight: reply.answers.count) { [jitter] transaction in
          var generator = jitter.generator
          try delivery.settle(
            reply.answers, evidence: reply.evidence, at: now, random: &generator,
            in: transaction)
          if reply.isRefusal {
            try transaction.add(.at(now, refusals: 1), to: delivery.connection)
          }
        }
        switchboard.callEnded(reply.end(at: now), of: connection.id)
      } catch {
        // The claim stays; after its lease the posting is looked up.
        switchboard.callEnded(.failed(error), of: connection.id)
      }
    }
  }
}

extension Caller.Reply {
  /// Whether the ERP refused the call or a part of it.
  fileprivate var isRefusal: Bool {
    answers.contains { _, answer in
      switch answer {
      case .submitted(.rejected?), .polled(.rejected?): true
      case .submitted(.retryLater(let postponement)?): postponement.isByERP
      default: false
      }
    }
  }

  /// What the call means for the connection as a whole.
  fileprivate func end(at now: Moment) -> Switchboard.End {
    if isLost { return .askedToWait(nil, byERP: false) }
    var isReached = false
    for (_, answer) in answers {
      switch answer {
      case .submitted(.retryLater(let postponement)?), .polled(.retryLater(let postponement)?):
        if postponement.scope == .connection {
          return .askedToWait(postponement.after, byERP: postponement.isByERP)
        }
        isReached = true
      case .submitted(nil), .submitted(.unknown), .polled(.unknown), .found(.cannotTell): break
      case .submitted, .polled, .found: isReached = true
      }
    }
    guard isReached, let started = answers.first?.0.attempt.startedAt else { return .unclear }
    return .reached(isRefusal: isRefusal, after: now - started)
  }
}

extension Postponement {
  /// Whether the ERP said so, and not merely nobody answered.
  fileprivate var isByERP: Bool { problem.code != "erp_not_reached" }
}

extension UsageSlot {
  fileprivate static func at(_ now: Moment, calls: Int = 0, refusals: Int = 0) -> UsageSlot {
    UsageSlot(
      slot: SlotCounter.slot(of: now, length: ConnectionGovernor.slotLength), calls: calls,
      refusals: refusals)
  }
}
