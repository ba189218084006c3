package import AdapterKit
package import Ledger

/// The life of one posting as a pure value: an event changes it and says what has to happen.
///
/// Nothing here reads a clock, a store or a network. The states and their order are those of
/// `docs/contract/entries.md` and the design.
package struct PostingLifecycle: Hashable, Sendable {
  package private(set) var posting: StoredPosting

  package init(_ posting: StoredPosting) { self.posting = posting }

  /// What the engine knows about the ERP behind the connection.
  package struct Capabilities: Hashable, Sendable {
    /// Whether a key can be looked up.
    package var finds: Bool
    /// Whether the ERP answers a repeat with the first result.
    package var recognisesRepeats: Bool
    /// Whether verdicts come later.
    package var polls: Bool
    package var quietPeriod: Duration
    /// Whether the ERP tells which of its periods are open.
    package var readsPeriods: Bool

    package init(
      finds: Bool, recognisesRepeats: Bool, polls: Bool, quietPeriod: Duration,
      readsPeriods: Bool = false
    ) {
      self.finds = finds
      self.recognisesRepeats = recognisesRepeats
      self.polls = polls
      self.quietPeriod = quietPeriod
      self.readsPeriods = readsPeriods
    }
  }

  package enum Event: Hashable, Sendable {
    /// The engine takes the posting in hand until the lease lapses.
    case claimed(leasedUntil: Moment)
    /// The adapter answered; nil when its answer left the key out.
    case answered(PostingOutcome?)
    /// A batch of so many was refused as a whole, and may be booked in part.
    case batchDoubted(size: Int)
    /// Sent so many times without a clear answer: found absent each time, or sent to an ERP that
    /// recognises repeats and cannot be asked.
    case unclearAgain(sendings: Int, isAbsent: Bool)
    /// `lookUp` counts the look-ups since the last submission, from 1.
    case looked(Finding, lookUp: Int)
    /// Asked for a verdict; nil when there is none yet.
    case polled(PostingOutcome?, isOverdue: Bool)
    /// Whoever held the lease is gone; nobody knows how far it came.
    case lapsed
    /// The ERP refused a batch of so many as a whole, and booked none of it.
    case batchRefused(size: Int)
    /// The ERP took it at this moment, and never says what becomes of what it takes.
    case silent(since: Moment)
    /// Its period is closed in the ERP, and it waits for it to open; nothing was sent, or refused.
    case periodClosed
    /// It was sent again after an attempt without an answer, and is posted: an ERP that was only
    /// slow may book that attempt yet.
    case postedAfterDoubt
  }

  /// What has to happen now.
  package enum Action: Hashable, Sendable {
    case submit
    case find
    case poll(Ticket)
    /// It is in the ERP: release what waits for it, resolve its exceptions.
    case recordReceipt(Receipt)
    /// Come back at this moment.
    case wait(until: Moment)
    /// Stop and ask a person.
    case raise(exceptionClass: String, Problem, erpCode: String?)
  }

  /// Takes an event in; returns what to do.
  ///
  /// - Parameter random: draws the jitter of waits.
  package mutating func handle(
    _ event: Event, at now: Moment, capabilities: Capabilities, policy: RetryPolicy,
    random: inout some RandomNumberGenerator
  ) -> Action {
    switch event {
    case .claimed(let leasedUntil):
      return claim(until: leasedUntil, capabilities: capabilities)
    case .answered(let outcome):
      release()
      return settle(
        outcome, at: now, capabilities: capabilities, policy: policy, random: &random)
    case .looked(let finding, let lookUp):
      release()
      return settle(finding, lookUp: lookUp, at: now, policy: policy, random: &random)
    case .polled(nil, let isOverdue):
      release()
      let delay = policy.pollDelay(afterAttempt: posting.attemptCount, isOverdue: isOverdue)
      return wait(.submitted, reason: nil, until: now + delay)
    case .polled(.submitted(let ticket), let isOverdue):
      posting.ticket = ticket
      return handle(
        .polled(nil, isOverdue: isOverdue), at: now, capabilities: capabilities, policy: policy,
        random: &random)
    case .polled(.retryLater, _):
      // The ERP had the entry once: before it is sent again, a look-up or a person has to say so.
      release()
      return doubt(at: now, capabilities: capabilities)
    case .polled(let outcome, _):
      release()
      return settle(
        outcome, at: now, capabilities: capabilities, policy: policy, random: &random)
    case .lapsed:
      release()
      // A look-up or poll that was never answered changed nothing anywhere.
      guard posting.state == .sending else {
        return wait(posting.state, reason: nil, until: now)
      }
      return doubt(at: now, capabilities: capabilities)
    case .batchRefused(let size):
      release()
      posting.batchLimit = (size + 1) / 2
      return wait(.due, reason: nil, until: now)
    case .batchDoubted(let size):
      release()
      posting.batchLimit = (size + 1) / 2
      return doubt(at: now, capabilities: capabilities)
    case .unclearAgain(let sendings, let isAbsent):
      release()
      guard !sendings.isMultiple(of: policy.maximumSendings) else {
        posting.isDoubtful = true
        posting.state = .unknown
        posting.reason = nil
        posting.notBefore = .never
        return .raise(
          exceptionClass: "unknown_outcome", .neverTaken(sendings, isAbsent: isAbsent), erpCode: nil
        )
      }
      let delay = policy.delay(afterAttempt: sendings, using: &random)
      posting.isDoubtful = !isAbsent
      return isAbsent
        ? wait(.waiting, reason: .backoff, until: now + delay)
        : wait(.unknown, reason: nil, until: now + capabilities.quietPeriod + delay)
    case .silent(let since):
      let due = since + policy.acknowledgeWithin
      guard due <= now else { return wait(.submitted, reason: nil, until: due) }
      posting.notBefore = .never
      return .raise(exceptionClass: "unacknowledged", .unacknowledged(since: since), erpCode: nil)
    case .periodClosed:
      release()
      return wait(
        .waiting, reason: .period,
        until: capabilities.readsPeriods ? .never : now + policy.periodRetry)
    case .postedAfterDoubt:
      guard posting.state == .posted, capabilities.finds, !capabilities.recognisesRepeats else {
        return .wait(until: .never)
      }
      return wait(.posted, reason: nil, until: now + policy.verifyAfter)
    }
  }

  private mutating func claim(until leasedUntil: Moment, capabilities: Capabilities) -> Action {
    posting.fence += 1
    posting.attemptCount += 1
    posting.leasedUntil = leasedUntil
    if posting.state == .posted {
      guard capabilities.finds else {
        release()
        posting.notBefore = nil
        return .wait(until: .never)
      }
      posting.notBefore = leasedUntil
      return .find
    }
    if posting.state == .submitted {
      guard capabilities.polls, let ticket = posting.ticket else {
        release()
        return wait(.submitted, reason: nil, until: .never)
      }
      posting.notBefore = leasedUntil
      return .poll(ticket)
    }
    if posting.isDoubtful, capabilities.finds {
      posting.state = .unknown
      posting.reason = nil
      posting.notBefore = leasedUntil
      return .find
    }
    if posting.isDoubtful, !capabilities.recognisesRepeats {
      release()
      posting.state = .unknown
      posting.reason = nil
      posting.notBefore = .never
      return .raise(
        exceptionClass: "unknown_outcome",
        Problem(
          code: "unknown_outcome",
          detail: "It is not known whether the entry was booked, and the ERP cannot be asked",
          fix: "Look for the key \(posting.entry) in the ERP, then resolve the exception with the "
            + "ERP's number, or as absent when the entry is not there"), erpCode: nil)
    }
    posting.state = .sending
    posting.reason = nil
    posting.notBefore = nil
    return .submit
  }

  private mutating func release() {
    posting.leasedUntil = nil
  }

  private mutating func settle(
    _ outcome: PostingOutcome?, at now: Moment, capabilities: Capabilities, policy: RetryPolicy,
    random: inout some RandomNumberGenerator
  ) -> Action {
    switch outcome {
    case .posted(let receipt), .alreadyPosted(let receipt): return post(receipt)
    case .submitted(let ticket):
      posting.ticket = ticket
      posting.isDoubtful = false
      return wait(
        .submitted, reason: nil,
        until: now + (capabilities.polls ? policy.pollEvery : policy.acknowledgeWithin))
    case .rejected(let rejection):
      // A refusal says nothing about an earlier attempt that is in doubt: that stays.
      posting.state = .rejected
      posting.reason = nil
      posting.notBefore = nil
      return .raise(
        exceptionClass: rejection.rejectionClass.exceptionClass, rejection.problem,
        erpCode: rejection.erpCode)
    case .retryLater(let postponement):
      let delay = policy.delay(
        afterAttempt: posting.attemptCount, wish: postponement.after, using: &random)
      return wait(.waiting, reason: .backoff, until: now + delay)
    case .unknown, nil:
      return doubt(at: now, capabilities: capabilities)
    }
  }

  private mutating func settle(
    _ finding: Finding, lookUp: Int, at now: Moment, policy: RetryPolicy,
    random: inout some RandomNumberGenerator
  ) -> Action {
    if posting.state == .posted || posting.state == .reversed {
      return verify(finding, lookUp: lookUp, at: now, policy: policy)
    }
    switch finding {
    case .cannotTell(let problem) where problem.code == Problem.bookedTwiceCode:
      posting.state = .unknown
      posting.reason = nil
      posting.notBefore = .never
      return .raise(exceptionClass: "late_success", problem, erpCode: nil)
    case .found(let receipt): return post(receipt)
    case .absent:
      posting.isDoubtful = false
      return wait(.due, reason: nil, until: now)
    case .cannotTell(let problem):
      guard lookUp < policy.maximumLookUps else {
        posting.state = .unknown
        posting.reason = nil
        posting.notBefore = .never
        return .raise(exceptionClass: "unknown_outcome", problem, erpCode: nil)
      }
      let drawn = policy.delay(afterAttempt: lookUp, using: &random)
      return wait(.unknown, reason: nil, until: now + drawn)
    }
  }

  /// Looks once more at what is posted, or was reversed while it was looked up: whether an attempt
  /// that was given up came through as well.
  private mutating func verify(
    _ finding: Finding, lookUp: Int, at now: Moment, policy: RetryPolicy
  ) -> Action {
    posting.notBefore = nil
    switch finding {
    case .found(let receipt):
      guard let known = posting.receipt, known.number != receipt.number, !posting.isDoubtful else {
        posting.receipt = receipt
        posting.isDoubtful = false
        break
      }
      return .raise(
        exceptionClass: "late_success", .lateSuccess(known.number, receipt.number), erpCode: nil)
    case .cannotTell(let problem) where problem.code == Problem.bookedTwiceCode:
      return .raise(exceptionClass: "late_success", problem, erpCode: nil)
    case .cannotTell where posting.state == .posted && lookUp < RetryPolicy.mostVerifications:
      return wait(.posted, reason: nil, until: now + policy.verifyAfter)
    case .cannotTell, .absent: break
    }
    return .wait(until: .never)
  }

  private mutating func post(_ receipt: Receipt) -> Action {
    posting.state = .posted
    posting.reason = nil
    posting.notBefore = nil
    posting.isDoubtful = false
    posting.receipt = receipt
    return .recordReceipt(receipt)
  }

  /// The far side may still be working: nothing is asked before its quiet period is over.
  private mutating func doubt(at now: Moment, capabilities: Capabilities) -> Action {
    posting.isDoubtful = true
    return wait(.unknown, reason: nil, until: now + capabilities.quietPeriod)
  }

  private mutating func wait(
    _ state: PostingState, reason: WaitingReason?, until moment: Moment
  ) -> Action {
    posting.state = state
    posting.reason = reason
    posting.notBefore = moment
    return .wait(until: moment)
  }
}

extension Problem {
  static func unacknowledged(since moment: Moment) -> Problem {
    Problem(
      code: "unacknowledged",
      detail: "Handed over at \(moment), and this ERP never says what becomes of what it takes",
      fix: "Look into the ERP: resolve the exception with the ERP's number, or as absent")
  }

  /// The ERP answers, never clearly, and does not book.
  static func neverTaken(_ sendings: Int, isAbsent: Bool) -> Problem {
    Problem(
      code: "never_taken",
      detail: "It was sent \(sendings) times, and no answer told whether it is booked"
        + (isAbsent ? "; by its key the ERP does not hold it" : ""),
      fix: "See with 'postern show --exchanges' what the ERP answers, mend it there or name its "
        + "words under 'errors' of the connection, then retry")
  }

  /// One entry stands in the ERP under two numbers.
  static func lateSuccess(_ first: String, _ second: String) -> Problem {
    Problem(
      code: "late_success",
      detail: "It is in the ERP twice, as \(first) and as \(second): an attempt that was given up "
        + "came through later",
      fix: "Reverse one of the two in the ERP, then retry the exception: it is looked up again")
  }
}

extension Rejection.Class {
  /// The class of the exception that such a refusal opens.
  package var exceptionClass: String {
    switch self {
    case .periodClosed: "rejected_period_closed"
    case .unknownAccount: "rejected_unknown_account"
    case .unknownParty: "rejected_unknown_party"
    case .tax: "rejected_tax"
    case .duplicateWithOtherContent: "rejected_duplicate"
    case .validation: "rejected_validation"
    case .permission: "rejected_permission"
    }
  }
}
