package import Ledger

/// Open exceptions of one cause in one currency: what an operator fixes at once.
package struct ExceptionGroup: Hashable, Sendable {
  package var fingerprint: String
  package var exceptionClass: String
  package var entity: LegalEntityID
  package var connection: ConnectionID?
  /// What the first of them says.
  package var cause: String
  package var fix: String
  package var count: Int
  /// The money at stake.
  package var amount: Money
  package var since: Moment

  private struct Key: Hashable {
    let fingerprint: String
    let currency: Currency
  }

  /// Groups in the order in which they first appear.
  package static func groups(of exceptions: some Sequence<PostingException>) -> [ExceptionGroup] {
    var positions: [Key: Int] = [:]
    var groups: [ExceptionGroup] = []
    for exception in exceptions {
      let key = Key(fingerprint: exception.fingerprint, currency: exception.amount.currency)
      if let position = positions[key] {
        groups[position].count += 1
        groups[position].amount += exception.amount
        groups[position].since = min(groups[position].since, exception.since)
      } else {
        positions[key] = groups.count
        groups.append(
          ExceptionGroup(
            fingerprint: exception.fingerprint, exceptionClass: exception.exceptionClass,
            entity: exception.entity, connection: exception.connection, cause: exception.cause,
            fix: exception.fix, count: 1, amount: exception.amount, since: exception.since))
      }
    }
    return groups
  }
}
