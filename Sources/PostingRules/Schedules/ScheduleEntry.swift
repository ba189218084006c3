package import Ledger

/// Makes the entries that move revenue from deferred to recognised.
package enum ScheduleEntry {
  /// What is recognised of one schedule, or of several on the same accounts.
  package struct Part: Sendable {
    package var terms: ScheduleTerms
    /// Positive recognises.
    package var amount: DeferredAmount

    package init(_ terms: ScheduleTerms, _ amount: DeferredAmount) {
      self.terms = terms
      self.amount = amount
    }
  }

  /// Debits what is deferred and credits what is recognised, two lines for each part; nil when
  /// there is nothing to move.
  package static func entry(_ head: EntryHead, _ parts: [Part]) -> JournalEntry? {
    var lines: [JournalLine] = []
    lines.reserveCapacity(parts.count * 2)
    for part in parts {
      for step in part.amount.steps {
        for (account, sign) in [(part.terms.deferred, Int64(1)), (part.terms.recognised, -1)] {
          lines.append(
            line(
              account, sign * step.amount, functional: sign * step.functional, head,
              part.terms.description))
        }
      }
    }
    guard !lines.isEmpty else { return nil }
    do throws(UnbalancedEntry) {
      return try JournalEntry(head, lines: lines)
    } catch {
      preconditionFailure("what leaves one account enters the other")
    }
  }

  private static func line(
    _ account: ScheduleAccount, _ amount: Int64, functional: Int64, _ head: EntryHead,
    _ description: String
  ) -> JournalLine {
    let side: Side = (amount == 0 ? functional : amount) > 0 ? .debit : .credit
    return JournalLine(
      role: account.role, account: account.account, side: side,
      amount: Money(minorUnits: abs(amount), head.currency),
      functionalAmount: Money(minorUnits: abs(functional), head.functionalCurrency),
      dimensions: account.dimensions, description: description, reason: account.reason)
  }
}

extension DeferredAmount {
  /// The amount as lines can carry it: both currencies on one side. Two steps where the functional
  /// amount, a matter of cents, goes the other way.
  fileprivate var steps: [DeferredAmount] {
    if isZero { return [] }
    if amount == 0 || functional == 0 || (amount > 0) == (functional > 0) { return [self] }
    return [DeferredAmount(amount), DeferredAmount(0, functional: functional)]
  }
}
