package import AdapterKit
package import Ledger
internal import PostingRules

extension Delivery {
  /// What an ERP said about one posting.
  package enum Answer: Sendable {
    case submitted(PostingOutcome?)
    case found(Finding)
    case polled(PostingOutcome?)
  }

  /// Records the answers of a call.
  ///
  /// What an ERP said stays true when it comes after the lease: it counts until somebody else
  /// claims the posting or decides on it. Then its fence is stale and it is dropped; the look-up
  /// that follows finds what it did.
  ///
  /// - Parameter evidence: what was sent and what came back, for the audit trail.
  package func settle(
    _ answers: [(Claimed, Answer)], evidence: CallEvidence? = nil, at now: Moment,
    random: inout some RandomNumberGenerator, in transaction: any PostingTransaction
  ) throws {
    let isRefused = isRefusedAsAWhole(answers.map(\.1))
    for (claimed, answer) in answers {
      guard let current = try transaction.posting(claimed.posting.number) else { continue }
      var attempt = claimed.attempt
      attempt.end(answer, evidence, at: now)
      guard current.takesAnswer(of: claimed.posting) else {
        try record(attempt, of: current, evidence, isLate: true, in: transaction)
        try takeLate(answer, of: claimed, current, at: now, in: transaction)
        continue
      }
      if case .submitted(.rejected(let rejection)?) = answer,
        rejection.rejectionClass == .periodClosed, closedPeriods[current.entity] != .ask
      {
        try transaction.complete(attempt)
        try record(attempt, of: current, evidence, in: transaction)
        try periodClosed(
          current, claimed.record, rejection, closed: closedInERP(in: transaction), at: now,
          in: transaction)
        continue
      }
      var lifecycle = PostingLifecycle(current)
      let event =
        isRefused
        ? .batchRefused(size: answers.count)
        : try event(
          for: answer, ofBatch: answers.count, of: current, at: now, in: transaction)
      let action = lifecycle.handle(
        event, at: now, capabilities: capabilities, policy: policy, random: &random)
      if case .recordReceipt = action, try wasDoubted(claimed, in: transaction) {
        _ = lifecycle.handle(
          .postedAfterDoubt, at: now, capabilities: capabilities, policy: policy,
          random: &random)
      }
      try transaction.update(lifecycle.posting)
      watch?.note(lifecycle.posting)
      if attempt.code == Problem.customerCreatedCode {
        try transaction.append(
          AuditRecord(
            at: now, actor: "engine", action: "customer.created", document: current.document,
            posting: current.number, detail: attempt.message ?? ""))
      }
      if isRefused { attempt.outcome = Attempt.batchRefused }
      if attempt.purpose != .poll {
        try transaction.complete(attempt)
      } else if let outcome = attempt.outcome,
        outcome != "submitted" || lifecycle.posting.ticket != current.ticket
      {
        try transaction.insert(attempt)
      } else {
        attempt.outcome = nil
      }
      try record(attempt, of: current, evidence, in: transaction)
      try follow(
        action, lifecycle.posting, claimed.record, attempt, answer, at: now, in: transaction)
    }
  }

  /// Whether an ERP that books a batch whole or not at all refused one as a whole, so that nobody
  /// knows which entry is at fault. A refusal of our key concerns every one.
  private func isRefusedAsAWhole(_ answers: [Answer]) -> Bool {
    guard descriptor.batchIsAtomic, answers.count > 1 else { return false }
    return answers.allSatisfy {
      guard case .submitted(.rejected(let rejection)?) = $0 else { return false }
      return rejection.rejectionClass != .permission
    }
  }

  /// Whether an earlier attempt to send it ended without an answer.
  private func wasDoubted(
    _ claimed: Claimed, in transaction: any PostingTransaction
  ) throws -> Bool {
    guard claimed.attempt.purpose == .submit, claimed.attempt.number > 1 else { return false }
    return try transaction.attempts(of: claimed.posting.number).contains {
      $0.purpose == .submit && $0.number < claimed.attempt.number
        && ($0.outcome == nil || $0.outcome == "unknown")
    }
  }

  private func event(
    for answer: Answer, ofBatch size: Int, of posting: StoredPosting, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> PostingLifecycle.Event {
    let isSentUnasked = capabilities.recognisesRepeats && !capabilities.finds
    switch answer {
    case .submitted(.unknown(let problem)) where problem.code == Problem.batchRefusedCode:
      return .batchDoubted(size: size)
    case .submitted(nil) where isSentUnasked, .submitted(.unknown) where isSentUnasked:
      // The attempt in hand has no outcome in the store yet, and counts.
      let sendings = unclearSendings(in: try transaction.attempts(of: posting.number))
      return sendings > 1 ? .unclearAgain(sendings: sendings, isAbsent: false) : .answered(nil)
    case .submitted(let outcome): return .answered(outcome)
    case .found(.cannotTell(let problem)):
      let attempts = try transaction.attempts(of: posting.number)
      let lookUps = attempts.reversed().prefix { $0.purpose == .find }.count
      return .looked(.cannotTell(problem), lookUp: lookUps)
    case .found(.absent) where posting.state != .posted && posting.state != .reversed:
      let attempts = try transaction.attempts(of: posting.number)
      // Absent once more without having been sent: a person asked for a further try.
      let wasAbsent = attempts.reversed().prefix { $0.purpose == .find }.contains {
        $0.outcome == "absent"
      }
      let sendings = unclearSendings(in: attempts)
      return sendings > 1 && !wasAbsent
        ? .unclearAgain(sendings: sendings, isAbsent: true) : .looked(.absent, lookUp: 1)
    case .found(let finding): return .looked(finding, lookUp: 1)
    case .polled(let outcome):
      return .polled(
        answer.unreadable == nil ? outcome : nil,
        isOverdue: try handedOver(posting, before: now, in: transaction) != nil)
    }
  }

  /// How often an entry was sent without a clear answer. Refused batches do not count: what they
  /// are taken apart into ends.
  private func unclearSendings(in attempts: [Attempt]) -> Int {
    attempts.count {
      $0.purpose == .submit && ($0.outcome == nil || $0.outcome == "unknown")
        && $0.code != Problem.batchRefusedCode
    }
  }

  private func follow(
    _ action: PostingLifecycle.Action, _ posting: StoredPosting, _ record: EntryRecord,
    _ attempt: Attempt, _ answer: Answer, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    switch action {
    case .recordReceipt(let receipt):
      try DocumentProgress.posted(posting, record, receipt, at: now, in: transaction)
    case .raise(let exceptionClass, let problem, let erpCode):
      try raise(
        exceptionClass, problem, erpCode: erpCode, for: posting, record, at: now,
        in: transaction)
    case .wait:
      try raiseOverdue(posting, record, answer.unreadable, at: now, in: transaction)
    case .submit, .find, .poll:
      preconditionFailure("an answer never leads straight to another call")
    }
  }

  /// What an attempt came to, in the audit trail; a ticket that still has no verdict came to nothing.
  ///
  /// - Parameter isLate: the answer came when somebody else had the posting.
  private func record(
    _ attempt: Attempt, of posting: StoredPosting, _ evidence: CallEvidence?,
    isLate: Bool = false, in transaction: any PostingTransaction
  ) throws {
    guard let outcome = attempt.outcome, let endedAt = attempt.endedAt else { return }
    if let evidence { try transaction.keep(evidence: evidence.content, hash: evidence.hash) }
    let message = [attempt.code, attempt.message].compactMap { $0 }.joined(separator: ": ")
    try transaction.append(
      AuditRecord(
        at: endedAt, actor: "engine", action: "attempt.\(outcome)", document: posting.document,
        posting: posting.number,
        detail: "\(attempt.purpose.rawValue) \(attempt.number) of \(attempt.startedAt)"
          + (isLate ? ", too late" : "") + (message.isEmpty ? "" : ": \(message)"),
        evidence: evidence?.hash))
  }

  /// A posting that an asynchronous ERP took and never decided on becomes an exception, once.
  private func raiseOverdue(
    _ posting: StoredPosting, _ record: EntryRecord, _ unreadable: Problem?, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard posting.state == .submitted,
      let since = try handedOver(posting, before: now, in: transaction), capabilities.polls,
      try transaction.openExceptions(of: posting.number).isEmpty
    else { return }
    try DocumentProgress.raise(
      "no_acknowledgement",
      Problem(
        code: "no_acknowledgement",
        detail: "Handed over at \(since), and "
          + (unreadable.map { "what came since is no acknowledgement: \($0.detail)" }
            ?? "no acknowledgement has come since"),
        fix: "Ask the ERP's team what became of it; it is not sent again by itself"),
      erpCode: nil, for: posting, record, at: now, in: transaction)
  }

  /// When an asynchronous ERP took the posting, if that is longer ago than it may take; else nil.
  private func handedOver(
    _ posting: StoredPosting, before now: Moment, in transaction: any PostingTransaction
  ) throws -> Moment? {
    guard let at = try handedOver(posting, in: transaction),
      at + policy.acknowledgeWithin <= now
    else { return nil }
    return at
  }

  func handedOver(
    _ posting: StoredPosting, in transaction: any PostingTransaction
  ) throws -> Moment? {
    try transaction.attempts(of: posting.number)
      .last { $0.purpose == .submit && $0.outcome == "submitted" }?.endedAt
  }
}

extension Attempt {
  /// An ERP that books a batch whole or not at all refused the one it was in.
  package static let batchRefused = "batchRefused"

  fileprivate mutating func end(
    _ answer: Delivery.Answer, _ evidence: CallEvidence?, at now: Moment
  ) {
    endedAt = now
    self.evidence = evidence?.hash
    (outcome, code, message) = answer.summary
  }
}

extension StoredPosting {
  /// Whether an answer to the call that `claimed` was made for still counts: nobody has claimed the
  /// posting or decided on it since, and no other answer was final.
  package func takesAnswer(of claimed: StoredPosting) -> Bool {
    fence == claimed.fence && (leasedUntil != nil || state == .unknown)
  }
}

extension Delivery.Answer {
  /// What is wrong with an acknowledgement that says nothing certain. It is none: a better one may
  /// come, and after the time limit a person is asked.
  fileprivate var unreadable: Problem? {
    if case .polled(.unknown(let problem)) = self { problem } else { nil }
  }

  /// The attempt's outcome, code and message; no outcome when there is no verdict yet.
  fileprivate var summary: (outcome: String?, code: String?, message: String?) {
    switch self {
    case .found(.found(let receipt)): ("found", nil, "Found as \(receipt.number)")
    case .found(.absent): ("absent", nil, nil)
    case .found(.cannotTell(let problem)): ("cannotTell", problem.code, problem.detail)
    case .polled(nil), .polled(.unknown): (nil, nil, nil)
    case .submitted(nil):
      ("unknown", "no_verdict", "The ERP's answer does not mention this entry")
    case .submitted(let outcome?), .polled(let outcome?): outcome.summary
    }
  }
}

extension PostingOutcome {
  fileprivate var summary: (outcome: String?, code: String?, message: String?) {
    switch self {
    case .posted(let receipt): ("posted", nil, "Posted as \(receipt.number)")
    case .alreadyPosted(let receipt):
      ("alreadyPosted", nil, "An earlier attempt had posted it as \(receipt.number)")
    case .submitted(let ticket):
      (
        "submitted", nil,
        ticket.progress.map { "\(ticket.text): \($0)" } ?? "Handed over as \(ticket.text)"
      )
    case .rejected(let rejection):
      (
        "rejected", rejection.erpCode ?? rejection.problem.code,
        rejection.erpText ?? rejection.problem.detail
      )
    case .retryLater(let postponement):
      ("retryLater", postponement.problem.code, postponement.problem.detail)
    case .unknown(let problem): ("unknown", problem.code, problem.detail)
    }
  }
}
