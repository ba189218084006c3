import AdapterKit
import Ledger
import PostingEngine
import SQLStore

// What the engine's loop does for a connection, step by step, with time in between.

extension Worker {
  func look(_ index: Int) throws {
    while true {
      let now = clock
      lines[index].governor.notice(now)
      switch lines[index].governor.admission(at: now) {
      case .full: return
      case .waitUntil(let moment):
        if let due = try nextDue(index) { setTimer(index, max(due, moment)) }
        return
      case .go(let calls):
        guard let claim = try claim(calls, index, at: now), claim.changed > 0 else {
          if let due = try nextDue(index) { setTimer(index, due) }
          return
        }
        for (position, call) in claim.calls.enumerated() {
          lines[index].governor.handle(
            .started(
              firstSends: position == 0 ? claim.firstSends : 0,
              repeats: position == 0 ? claim.repeats : 0), at: now)
          begin(call, index)
        }
      }
    }
  }

  /// nil when there is nothing to claim.
  private func claim(_ calls: Int, _ index: Int, at now: Moment) throws -> Delivery.Claim? {
    let line = lines[index]
    if world.sabotage == .orderIgnored { try forgetOrder(line) }
    let isWork = try store.read { queries in
      guard try queries.pausedConnections()[line.connection.id] == nil else { return false }
      return try !queries.claimable(line.connection.id, at: now, limit: 1).isEmpty
        || !queries.pollable(line.connection.id, at: now, limit: 1).isEmpty
    }
    guard isWork else { return nil }
    return try write { transaction in
      try line.delivery.claim(
        calls: calls, pollsFirst: line.pollsFirst,
        retries: line.governor.retriesLeft(at: now), at: now, in: transaction)
    }
  }

  private func forgetOrder(_ line: Line) throws {
    var filter = ListFilter()
    filter.connection = line.connection.id
    filter.state = PostingState.waiting.rawValue
    let waiting = try store.read { try $0.postings(filter) }.filter { $0.reason == .order }
    guard !waiting.isEmpty else { return }
    try write { transaction in
      for var posting in waiting {
        posting.state = .due
        posting.reason = nil
        try transaction.update(posting)
      }
    }
  }

  private func nextDue(_ index: Int) throws -> Moment? {
    let id = lines[index].connection.id
    return try store.read { queries in
      guard try queries.pausedConnections()[id] == nil else { return nil }
      return try queries.nextDue(id)
    }
  }

  /// Looks again at a moment of its own clock; what is due and was not claimed is looked at again
  /// after a second.
  private func setTimer(_ index: Int, _ moment: Moment) {
    let wait = moment > clock ? moment - clock : .seconds(1)
    let at = world.now + wait
    if let timer = lines[index].timer, timer <= at, timer > world.now { return }
    lines[index].timer = at
    self.at(at) { worker in
      guard worker.lines[index].timer == at else { return }
      worker.lines[index].timer = nil
      try worker.look(index)
    }
  }

  /// A call that was claimed is on its way, unless the process sleeps or dies first.
  private func begin(_ call: Delivery.Call, _ index: Int) {
    let kind: PlannedFault.CallKind
    switch call {
    case .submit, .reverse: kind = .submit
    case .find: kind = .find
    case .poll: kind = .poll
    }
    lines[index].pollsFirst = kind != .poll
    let (number, fault) = world.beginCall(kind, on: lines[index].number)
    world.log(
      "worker \(self.number) claims \(kind.rawValue) \(number) on erp-\(lines[index].number): "
        + call.claimed.map { $0.record.key.text }.joined(separator: " "))
    later(after: .milliseconds(random.number(0...3))) { worker in
      if case .sleepBeforeSending(let seconds)? = fault { worker.sleep(for: .seconds(seconds)) }
      worker.later(after: .milliseconds(1)) { worker in
        let connection = worker.lines[index].connection
        let now = worker.clock
        let maySend = try worker.store.read {
          try connection.maySend(call, at: now, watch: worker.watch, in: $0)
        }
        guard maySend || worker.world.sabotage == .sendsAfterLease
        else {
          worker.world.log("worker \(worker.number) does not send \(kind.rawValue) \(number)")
          return worker.ended(index, answers: [], isLost: false)
        }
        worker.send(call, index, number: number, fault: fault)
      }
    }
  }

  // MARK: Answers

  /// Records answers of a call, once or more often.
  func settle(
    _ answers: [(Delivery.Claimed, Delivery.Answer)], _ index: Int, isLost: Bool,
    isRepeat: Bool = false
  ) throws {
    let now = clock
    let delivery = lines[index].delivery
    let answers = try sabotaged(answers)
    var random = random
    for (claimed, answer) in answers {
      world.log("worker \(number) settles \(claimed.record.key): \(answer.storyText)")
    }
    try write { transaction in
      try delivery.settle(answers, at: now, random: &random, in: transaction)
    }
    self.random = random
    if world.sabotage == .retryForgotten { try forgetRetries(answers) }
    if world.sabotage == .batchesKeptWhole { try change(answers) { $0.batchLimit = nil } }
    if world.sabotage == .lateSuccessIgnored {
      try change(answers) { if $0.state == .posted { $0.notBefore = nil } }
    }
    try world.checkPosted(answers.map(\.0), by: self)
    world.checkEvents()
    if !isRepeat { ended(index, answers: answers.map(\.1), isLost: isLost) }
    world.ringAll()
  }

  /// What the call means for the connection as a whole.
  private func ended(_ index: Int, answers: [Delivery.Answer], isLost: Bool) {
    let now = clock
    var isReached = false
    var isRefusal = false
    var wish: Duration??
    for answer in answers {
      switch answer {
      case .submitted(.retryLater(let postponement)?), .polled(.retryLater(let postponement)?):
        if postponement.scope == .connection { wish = .some(postponement.after) }
        isReached = true
      case .submitted(.rejected?), .polled(.rejected?):
        isRefusal = true
        isReached = true
      case .submitted(nil), .submitted(.unknown), .polled(.unknown), .found(.cannotTell): break
      case .submitted, .polled, .found: isReached = true
      }
    }
    if isLost { wish = .some(nil) }
    if let wish {
      let delay = lines[index].connection.policy.delay(
        afterAttempt: lines[index].governor.failure(at: now), wish: wish, using: &random)
      lines[index].governor.handle(.askedToWait(delay, byERP: !isLost), at: now)
    } else if isReached {
      lines[index].governor.handle(.answered(isRefusal: isRefusal, after: .zero), at: now)
    } else {
      lines[index].governor.handle(.endedUnclear, at: now)
    }
    ringAll()
  }

  /// Answers as an engine without one of its guarantees takes them.
  private func sabotaged(
    _ answers: [(Delivery.Claimed, Delivery.Answer)]
  ) throws -> [(Delivery.Claimed, Delivery.Answer)] {
    guard let sabotage = world.sabotage else { return answers }
    let firstVerdict = answers.lazy.compactMap { _, answer in
      if case .submitted(let outcome?) = answer { outcome } else { nil }
    }.first
    return try answers.map { claimed, answer -> (Delivery.Claimed, Delivery.Answer) in
      var claimed = claimed
      if sabotage == .noFencing,
        let current = try store.read({ try $0.posting(claimed.posting.number) })
      {
        claimed.posting.fence = current.fence
      }
      let receipt = Receipt(id: "none", number: "none")
      switch (sabotage, answer) {
      case (.settleIgnoresUnknown, .submitted(.unknown)), (.settleIgnoresUnknown, .submitted(nil)):
        let problem = Problem(code: "no_answer", detail: "No answer", fix: "Wait")
        return (claimed, .submitted(.retryLater(Postponement(problem, scope: .connection))))
      case (.silenceMeansPosted, .submitted(.unknown)), (.silenceMeansPosted, .submitted(nil)),
        (.ticketMeansPosted, .submitted(.submitted)):
        return (claimed, .submitted(.posted(receipt)))
      case (.silenceMeansAbsent, .found(.cannotTell)): return (claimed, .found(.absent))
      case (.oneVerdictForAll, .submitted): return (claimed, .submitted(firstVerdict))
      default: return (claimed, answer)
      }
    }
  }

  private func change(
    _ answers: [(Delivery.Claimed, Delivery.Answer)], _ change: (inout StoredPosting) -> Void
  ) throws {
    try write { transaction in
      for (claimed, _) in answers {
        guard var posting = try transaction.posting(claimed.posting.number) else { continue }
        change(&posting)
        try transaction.update(posting)
      }
    }
  }

  private func forgetRetries(_ answers: [(Delivery.Claimed, Delivery.Answer)]) throws {
    try write { transaction in
      for (claimed, _) in answers {
        guard var posting = try transaction.posting(claimed.posting.number),
          posting.state == .waiting, posting.reason == .backoff
        else { continue }
        posting.notBefore = .never
        try transaction.update(posting)
      }
    }
  }
}

extension PostingOutcome {
  fileprivate var storyText: String {
    switch self {
    case .posted(let receipt): "posted as \(receipt.number)"
    case .alreadyPosted(let receipt): "posted before as \(receipt.number)"
    case .submitted(let ticket): "taken as \(ticket.text)"
    case .rejected(let rejection): "rejected, \(rejection.rejectionClass.rawValue)"
    case .retryLater: "not booked, later"
    case .unknown: "unknown"
    }
  }
}

extension Delivery.Answer {
  var storyText: String {
    switch self {
    case .submitted(let outcome): outcome?.storyText ?? "not mentioned"
    case .found(.found(let receipt)): "found as \(receipt.number)"
    case .found(.absent): "absent"
    case .found(.cannotTell): "cannot tell"
    case .polled(let outcome): outcome.map { "verdict: " + $0.storyText } ?? "no verdict yet"
    }
  }
}
