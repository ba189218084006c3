package import Ledger

/// Open exceptions of one cause: what an operator fixes at once.
package struct ExceptionGroup: Hashable, Sendable {
  package var fingerprint: String
  package var exceptionClass: String
  package var entity: LegalEntityID
  package var connection: ConnectionID?
  /// What the first of them says.
  package var cause: String
  package var fix: String
  package var count: Int
  /// The money at stake, one sum for each currency.
  package var amounts: [Money]
  /// The oldest.
  package var since: Moment

  package init(_ first: PostingException, count: Int, amount: Money, since: Moment) {
    fingerprint = first.fingerprint
    exceptionClass = first.exceptionClass
    entity = first.entity
    connection = first.connection
    cause = first.cause
    fix = first.fix
    self.count = count
    amounts = [amount]
    self.since = since
  }

  /// Takes in more of the same cause.
  package mutating func add(count: Int, _ amount: Money, since: Moment) {
    self.count += count
    self.since = min(self.since, since)
    if let index = amounts.firstIndex(where: { $0.currency == amount.currency }) {
      amounts[index] += amount
    } else {
      amounts.append(amount)
    }
  }

  /// Groups in the order in which they first appear.
  package static func groups(of exceptions: some Sequence<PostingException>) -> [ExceptionGroup] {
    var positions: [String: Int] = [:]
    var groups: [ExceptionGroup] = []
    for exception in exceptions {
      if let position = positions[exception.fingerprint] {
        groups[position].add(count: 1, exception.amount, since: exception.since)
      } else {
        positions[exception.fingerprint] = groups.count
        groups.append(
          ExceptionGroup(
            exception, count: 1, amount: exception.amount, since: exception.since))
      }
    }
    return groups
  }

  /// One line for people: `38 documents: no account for …, 41200.00 EUR`.
  package var text: String {
    let sums = amounts.map(\.description).joined(separator: ", ")
    return "\(count) \(count == 1 ? "document" : "documents"): \(cause), \(sums)"
  }
}
