package import AdapterKit
package import Ledger
internal import WireTranscript

/// Makes one call to an ERP and says what came back: the only place that awaits an adapter.
package struct Caller: Sendable {
  package let adapter: any ERPAdapter
  package let timeout: Duration
  package let clock: any EngineClock
  /// Takes the connection's secrets out of what is kept of a call.
  package let redaction: SecretRedaction

  package init(
    adapter: any ERPAdapter, timeout: Duration, clock: any EngineClock,
    redaction: SecretRedaction = SecretRedaction([])
  ) {
    self.adapter = adapter
    self.timeout = timeout
    self.clock = clock
    self.redaction = redaction
  }

  /// What came of a call.
  package struct Reply: Sendable {
    /// One for each posting of the call.
    package let answers: [(Delivery.Claimed, Delivery.Answer)]
    /// The time was over first; the adapter's work was cancelled.
    package let isLost: Bool
    /// nil when nothing was said, or the adapter reaches its ERP by a way that keeps no transcript.
    package let evidence: CallEvidence?
  }

  /// Makes the call and hands over its reply as soon as it is there or its time is over; returns
  /// when the adapter has returned too, which one that ignores cancellation may delay.
  package func make(
    _ call: Delivery.Call, then receive: @escaping @Sendable (Reply) async -> Void
  ) async {
    switch call {
    case .submit(let batch):
      let submissions = batch.map(\.submission)
      await beforeTimeout {
        await createMissingCustomers(of: batch, after: await adapter.submit(submissions))
      } then: { outcomes, heard in
        let answers = batch.map { claimed in
          (
            claimed,
            Delivery.Answer.submitted(
              outcomes.map { heard.masked($0[claimed.record.key]) } ?? .unknown(lost))
          )
        }
        await receive(
          Reply(answers: answers, isLost: outcomes == nil, evidence: heard.evidence))
      }
    case .reverse(let claimed, let original):
      guard let reverser = adapter.postingReverser else {
        preconditionFailure("only an adapter that reverses is asked")
      }
      await beforeTimeout {
        await reverser.reverse(ReversalOrder(claimed.submission, of: original))
      } then: { outcome, heard in
        let answer = Delivery.Answer.submitted(heard.masked(outcome) ?? .unknown(lost))
        await receive(
          Reply(answers: [(claimed, answer)], isLost: outcome == nil, evidence: heard.evidence))
      }
    case .find(let claimed):
      guard let finder = adapter.postingFinder else {
        preconditionFailure("only an adapter that finds is asked")
      }
      await beforeTimeout {
        await finder.find(claimed.record.key)
      } then: { finding, heard in
        let answer = Delivery.Answer.found(finding.map(heard.masked) ?? .cannotTell(lost))
        await receive(
          Reply(answers: [(claimed, answer)], isLost: finding == nil, evidence: heard.evidence))
      }
    case .poll(let waiting):
      guard let poller = adapter.ticketPoller else {
        preconditionFailure("only an adapter that polls is asked")
      }
      var tickets: [PostingKey: Ticket] = [:]
      for claimed in waiting { tickets[claimed.record.key] = claimed.posting.ticket }
      let asked = tickets
      await beforeTimeout {
        await poller.poll(asked)
      } then: { outcomes, heard in
        let answers = waiting.map {
          ($0, Delivery.Answer.polled(heard.masked(outcomes?[$0.record.key])))
        }
        await receive(
          Reply(answers: answers, isLost: outcomes == nil, evidence: heard.evidence))
      }
    }
  }

  /// Asks for the ERP's periods; empty when it cannot be asked or does not answer in time.
  package func read(
    _ periods: Set<FiscalPeriod>,
    then receive: @escaping @Sendable ([FiscalPeriod: PeriodStatus]) async -> Void
  ) async {
    guard let reader = adapter.periodReader else { return await receive([:]) }
    await beforeTimeout {
      (try? await reader.periods(periods.sorted())) ?? [:]
    } then: { statuses, _ in
      await receive(statuses ?? [:])
    }
  }

  private var lost: Problem {
    Problem(
      code: "call_timeout", detail: "The ERP connection did not answer within \(timeout)",
      fix: "Nothing: the entry is looked up before it is sent again")
  }

  /// Hands over nil when the time is over first; the work is then cancelled.
  private func beforeTimeout<Value: Sendable>(
    _ work: @escaping @Sendable () async -> Value,
    then receive: @escaping @Sendable (Value?, Heard) async -> Void
  ) async {
    let began = clock.now
    let deadline = began + timeout
    let transcript = Transcript { [clock] in clock.now - began }
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await Transcript.$current.withValue(transcript) { await work() } }
      group.addTask { [clock] in
        try? await clock.sleep(until: deadline)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      await receive(first, Heard(transcript, began: began, redaction))
    }
  }

  /// What was said on the wire by the time the call ended here.
  private struct Heard: Sendable {
    let evidence: CallEvidence?
    private let redaction: SecretRedaction

    init(_ transcript: Transcript, began: Moment, _ redaction: SecretRedaction) {
      evidence = CallEvidence(transcript, began: began, redaction)
      self.redaction = redaction.adding(transcript.secrets)
    }

    /// An ERP may repeat in its answer what it was sent: also a token that no configuration names.
    func masked(_ outcome: PostingOutcome?) -> PostingOutcome? {
      redaction.isEmpty ? outcome : outcome?.masked(by: redaction)
    }

    func masked(_ finding: Finding) -> Finding {
      if case .cannotTell(let problem) = finding {
        return .cannotTell(problem.masked(by: redaction))
      }
      return finding
    }
  }
}

extension PostingOutcome {
  fileprivate func masked(by redaction: SecretRedaction) -> PostingOutcome {
    switch self {
    case .posted, .alreadyPosted, .submitted: self
    case .rejected(let rejection):
      .rejected(
        Rejection(
          rejection.rejectionClass, rejection.problem.masked(by: redaction),
          erpCode: rejection.erpCode.map(redaction.masked),
          erpText: rejection.erpText.map(redaction.masked)))
    case .retryLater(let postponement):
      .retryLater(
        Postponement(
          postponement.problem.masked(by: redaction), scope: postponement.scope,
          after: postponement.after))
    case .unknown(let problem): .unknown(problem.masked(by: redaction))
    }
  }
}

extension Problem {
  fileprivate func masked(by redaction: SecretRedaction) -> Problem {
    Problem(
      code: code, pointer: pointer, detail: redaction.masked(detail), fix: redaction.masked(fix))
  }
}
