package import Ledger

/// Looks at what is open and puts what people have to hear into the outbox: one alert for each
/// cause, and its steps as their time comes.
package struct AlertRound: Sendable {
  private let policy: AlertPolicy
  private let compose: @Sendable (AlertMessage, _ recipient: String) -> (String, String)

  /// - Parameter compose: subject and content of a message for a recipient.
  package init(
    policy: AlertPolicy,
    compose: @escaping @Sendable (AlertMessage, _ recipient: String) -> (String, String)
  ) {
    self.policy = policy
    self.compose = compose
  }

  /// Whether a look is worth a transaction.
  package func isNeeded(at now: Moment, in queries: any PostingQueries) throws -> Bool {
    let alerts = try queries.openAlerts()
    if alerts.contains(where: { $0.nextAt.map { $0 <= now } ?? false }) { return true }
    let known = Set(alerts.map(\.fingerprint))
    let causes = try queries.openCauses(at: now).filter { policy.steps(for: $0) != nil }
    return Set(causes.map(\.fingerprint)) != known
  }

  /// - Returns: how many messages there are now.
  @discardableResult
  package func look(at now: Moment, in transaction: any PostingTransaction) throws -> Int {
    var alerts: [String: Alert] = [:]
    for alert in try transaction.openAlerts() { alerts[alert.fingerprint] = alert }
    var count = 0
    for group in try transaction.openCauses(at: now) {
      guard let steps = policy.steps(for: group) else { continue }
      let standing = alerts.removeValue(forKey: group.fingerprint)
      var alert =
        standing
        ?? Alert(fingerprint: group.fingerprint, raisedAt: now, step: 0, nextAt: now)
      while let due = alert.nextAt, due <= now {
        if steps.indices.contains(alert.step) {
          let kind: AlertMessage.Kind = alert.step == 0 ? .raised : .escalated
          let message = AlertMessage(kind: kind, group: group, raisedAt: alert.raisedAt)
          count += try tell(message, steps[alert.step].recipients, at: now, in: transaction)
          alert.step += 1
        }
        alert.nextAt =
          steps.indices.contains(alert.step) ? alert.raisedAt + steps[alert.step].after : nil
      }
      if standing == nil {
        try transaction.insert(alert)
      } else if alert != standing {
        try transaction.update(alert)
      }
    }
    for alert in alerts.values.sorted(by: { $0.raisedAt < $1.raisedAt }) {
      count += try end(alert, at: now, in: transaction)
    }
    return count
  }

  /// The cause is gone, or was put aside: those who heard of it hear that too.
  private func end(
    _ alert: Alert, at now: Moment, in transaction: any PostingTransaction
  ) throws -> Int {
    var ended = alert
    ended.endedAt = now
    ended.nextAt = nil
    try transaction.update(ended)
    var filter = ListFilter()
    filter.fingerprint = alert.fingerprint
    filter.limit = 1
    guard let first = try transaction.exceptions(filter).first else { return 0 }
    let group = ExceptionGroup(
      first, count: 0, amount: .zero(first.amount.currency), since: first.since)
    let told = (policy.steps(for: group) ?? []).prefix(alert.step).flatMap(\.recipients)
    return try tell(
      AlertMessage(kind: .ended, group: group, raisedAt: alert.raisedAt), told, at: now,
      in: transaction)
  }

  private func tell(
    _ message: AlertMessage, _ recipients: [String], at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Int {
    for recipient in recipients {
      let (subject, content) = compose(message, recipient)
      try transaction.insert(
        Notice(
          recipient: recipient, chain: message.group.fingerprint, subject: subject,
          content: content, createdAt: now))
    }
    return recipients.count
  }
}
