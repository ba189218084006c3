package import Ledger

/// Takes accrued revenue back on the accounts, and at the rate, on which it was accrued.
package enum AccrualEntry {
  /// - Parameters:
  ///   - head: in the currencies of `accrual`, and at its rate.
  ///   - releases: accruals that `accrual` holds.
  /// - Returns: nil when there is nothing to take back.
  package static func release(
    _ releases: [AccrualBalance.Release], of accrual: JournalEntry, _ head: EntryHead
  ) -> JournalEntry? {
    var lines: [JournalLine] = []
    for (line, parts) in Dictionary(grouping: releases, by: \.accrual.line)
      .sorted(by: { $0.key < $1.key })
    {
      let amount = parts.map(\.amount).sum
      guard !amount.isZero, accrual.lines.indices.contains(line) else { continue }
      // The revenue first, as the opposite of the accrual.
      for original in [accrual.lines[line], accrual.lines[line - 1]] {
        lines.append(original.opposite(of: amount, description: head.description))
      }
    }
    guard !lines.isEmpty else { return nil }
    do throws(UnbalancedEntry) {
      return try JournalEntry(head, lines: lines)
    } catch {
      preconditionFailure("what leaves one account enters the other")
    }
  }
}

extension JournalLine {
  /// A part of the line on its other side.
  fileprivate func opposite(of part: DeferredAmount, description: String) -> JournalLine {
    JournalLine(
      role: role, account: account, side: side.opposite,
      amount: Money(minorUnits: abs(part.amount), amount.currency),
      functionalAmount: Money(minorUnits: abs(part.functional), functionalAmount.currency),
      dimensions: dimensions, description: description, reason: reason)
  }
}
