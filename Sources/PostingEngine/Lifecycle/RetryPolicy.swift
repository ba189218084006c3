package import Ledger

/// When a posting that could not be delivered is tried again.
package struct RetryPolicy: Hashable, Sendable {
  /// The first wait is drawn from zero to this.
  package var firstDelay: Duration
  /// No wait is drawn from more than zero to this.
  package var maximumDelay: Duration
  /// How many look-ups in a row may fail to tell before a person is asked.
  package var maximumLookUps: Int
  /// How many times an entry is sent without a clear answer before a person is asked.
  package var maximumSendings: Int
  /// How soon an asynchronous ERP is first asked for its verdict; later less and less often.
  package var pollEvery: Duration
  /// After this a posting that is still without a verdict becomes an exception.
  package var acknowledgeWithin: Duration
  /// The most that is granted to an ERP's own wish (`Retry-After`).
  package var maximumWish: Duration
  /// How long after it was posted an entry is looked up once more that had been sent before without
  /// an answer.
  package var verifyAfter: Duration
  /// How soon an entry is sent again whose period the ERP called closed, where the ERP cannot be
  /// asked for its periods.
  package var periodRetry: Duration

  /// How many times such a look-up may fail to tell.
  package static let mostVerifications = 3
  /// A ticket is asked for at least this often, unless ``pollEvery`` is longer.
  package static let slowestPoll: Duration = .seconds(60)
  /// How often a ticket is asked for whose verdict is overdue: a person knows of it by then.
  package static let overduePoll: Duration = .seconds(900)

  package init(
    firstDelay: Duration = .seconds(1), maximumDelay: Duration = .seconds(300),
    maximumLookUps: Int = 16, maximumSendings: Int = 10, pollEvery: Duration = .seconds(2),
    acknowledgeWithin: Duration = .seconds(3600), maximumWish: Duration = .seconds(3600),
    verifyAfter: Duration = .seconds(900), periodRetry: Duration = .seconds(3600)
  ) {
    self.firstDelay = firstDelay
    self.maximumDelay = maximumDelay
    self.maximumLookUps = maximumLookUps
    self.maximumSendings = maximumSendings
    self.pollEvery = pollEvery
    self.acknowledgeWithin = acknowledgeWithin
    self.maximumWish = maximumWish
    self.verifyAfter = verifyAfter
    self.periodRetry = periodRetry
  }

  /// Capped exponential backoff with full jitter: uniformly from zero to
  /// `min(maximumDelay, firstDelay × 2^(attempt − 1))`.
  package func delay(
    afterAttempt attempt: Int, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let milliseconds = max(ceiling(afterAttempt: attempt).wholeMilliseconds, 1)
    return .milliseconds(Int64.random(in: 0...milliseconds, using: &random))
  }

  /// ``delay(afterAttempt:using:)``, or the ERP's own wish where that is longer.
  package func delay(
    afterAttempt attempt: Int, wish: Duration?, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let drawn = delay(afterAttempt: attempt, using: &random)
    return max(min(wish ?? .zero, maximumWish), drawn)
  }

  /// How long to wait after an asynchronous ERP had no verdict yet: doubled with every fourth
  /// attempt, so that what takes an hour is not asked for every other second.
  package func pollDelay(afterAttempt attempt: Int, isOverdue: Bool) -> Duration {
    if isOverdue { return max(pollEvery, RetryPolicy.overduePoll) }
    let doublings = min(max(attempt - 1, 0) / 4, RetryPolicy.maximumDoublings)
    return max(pollEvery, min(pollEvery * (1 << doublings), RetryPolicy.slowestPoll))
  }

  private static let maximumDoublings = 30

  private func ceiling(afterAttempt attempt: Int) -> Duration {
    let doublings = min(max(attempt - 1, 0), RetryPolicy.maximumDoublings)
    return min(maximumDelay, firstDelay * (1 << doublings))
  }
}

extension Duration {
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}

extension Moment {
  /// A moment that never comes: what waits until then waits for a person.
  package static let never = Moment(milliseconds: 253_402_300_799_000)
}
