package import Ledger

/// Why a connection starts no call at the moment.
package struct ConnectionHold: Hashable, Sendable {
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    /// A person paused it.
    case paused
    case blackout
    /// It failed, and is tried again after a while with one call.
    case circuit
    /// The ERP asked to be left alone.
    case throttled
    /// The calls that it allows in a second, minute, day or month are used up.
    case quota
    /// One refusal more within the hour would be too many.
    case errorBudget
    /// Only what was never sent goes out: too much is being sent again.
    case retryBudget
  }

  package var cause: Cause
  /// nil when a person ends it.
  package var until: Moment?

  package init(_ cause: Cause, until: Moment?) {
    self.cause = cause
    self.until = until
  }

  /// What a posting waits for while this lasts.
  package var waitingReason: WaitingReason {
    switch cause {
    case .paused, .blackout: .hold
    case .circuit: .circuit
    case .throttled, .quota, .errorBudget: .quota
    case .retryBudget: .backoff
    }
  }
}

/// How a connection does, as its engine last said.
package struct ConnectionReport: Hashable, Sendable {
  package enum Circuit: String, Hashable, Sendable, CaseIterable { case closed, open, halfOpen }

  package var at: Moment
  package var hold: ConnectionHold?
  package var circuit: Circuit
  /// Calls at once that it is trusted with at the moment.
  package var concurrency: Int
  /// How long a call takes, as a moving average; nil before the first.
  package var callTime: Duration?

  package init(
    at: Moment, hold: ConnectionHold?, circuit: Circuit, concurrency: Int,
    callTime: Duration? = nil
  ) {
    self.at = at
    self.callTime = callTime
    self.hold = hold
    self.circuit = circuit
    self.concurrency = concurrency
  }

  /// Whether another one says the same, the time apart.
  func says(_ other: ConnectionReport) -> Bool {
    hold == other.hold && circuit == other.circuit && concurrency == other.concurrency
      && callTime == other.callTime
  }

  /// The report as it reads at a later moment: a hold that is over is none.
  package func read(at now: Moment) -> ConnectionReport {
    guard let until = hold?.until, until <= now else { return self }
    var report = self
    report.hold = nil
    if report.circuit == .open { report.circuit = .halfOpen }
    return report
  }
}
