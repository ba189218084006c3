package import AdapterKit
package import Ledger

/// Makes one call to an ERP and says what came back: the only place that awaits an adapter.
package struct Caller: Sendable {
  package let adapter: any ERPAdapter
  package let timeout: Duration
  package let clock: any EngineClock

  package init(adapter: any ERPAdapter, timeout: Duration, clock: any EngineClock) {
    self.adapter = adapter
    self.timeout = timeout
    self.clock = clock
  }

  /// What came of a call.
  package struct Reply: Sendable {
    /// One for each posting of the call.
    package let answers: [(Delivery.Claimed, Delivery.Answer)]
    /// The time was over first; the adapter's work was cancelled.
    package let isLost: Bool
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
      } then: { outcomes in
        let answers = batch.map { claimed in
          (
            claimed,
            Delivery.Answer.submitted(outcomes.map { $0[claimed.record.key] } ?? .unknown(lost))
          )
        }
        await receive(Reply(answers: answers, isLost: outcomes == nil))
      }
    case .reverse(let claimed, let original):
      guard let reverser = adapter.postingReverser else {
        preconditionFailure("only an adapter that reverses is asked")
      }
      await beforeTimeout {
        await reverser.reverse(ReversalOrder(claimed.submission, of: original))
      } then: { outcome in
        let answer = Delivery.Answer.submitted(outcome ?? .unknown(lost))
        await receive(Reply(answers: [(claimed, answer)], isLost: outcome == nil))
      }
    case .find(let claimed):
      guard let finder = adapter.postingFinder else {
        preconditionFailure("only an adapter that finds is asked")
      }
      await beforeTimeout {
        await finder.find(claimed.record.key)
      } then: { finding in
        let answer = Delivery.Answer.found(finding ?? .cannotTell(lost))
        await receive(Reply(answers: [(claimed, answer)], isLost: finding == nil))
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
      } then: { outcomes in
        let answers = waiting.map {
          ($0, Delivery.Answer.polled(verdict(outcomes?[$0.record.key])))
        }
        await receive(Reply(answers: answers, isLost: outcomes == nil))
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
    } then: {
      await receive($0 ?? [:])
    }
  }

  /// An acknowledgement that cannot be read is none: a better one may come, and after the time
  /// limit a person is asked.
  private func verdict(_ outcome: PostingOutcome?) -> PostingOutcome? {
    if case .unknown = outcome { nil } else { outcome }
  }

  private var lost: Problem {
    Problem(
      code: "call_timeout", detail: "The ERP connection did not answer within \(timeout)",
      fix: "Nothing: the entry is looked up before it is sent again")
  }

  /// Hands over nil when the time is over first; the work is then cancelled.
  private func beforeTimeout<Value: Sendable>(
    _ work: @escaping @Sendable () async -> Value,
    then receive: @escaping @Sendable (Value?) async -> Void
  ) async {
    let deadline = clock.now + timeout
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await work() }
      group.addTask { [clock] in
        try? await clock.sleep(until: deadline)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      await receive(first)
    }
  }
}
