extension JournalEntry {
  /// The opposite entry: every line on the other side, on `postingDate`, referring to this one by
  /// its `key`. Nothing is looked up again.
  ///
  /// - Parameter movedFrom: the day it should have, where that day's period is closed.
  public func reversed(
    key: String, on postingDate: CalendarDate, movedFrom: CalendarDate? = nil
  ) -> JournalEntry {
    var head = self.head
    head.kind = .reversal
    head.postingDate = postingDate
    head.reverses = key
    head.movedFrom = movedFrom
    head.description = "Reversal of \(self.head.description)"
    let lines = lines.map { line in
      JournalLine(
        role: line.role, account: line.account, side: line.side.opposite, amount: line.amount,
        functionalAmount: line.functionalAmount, party: line.party,
        partner: line.partner, tax: line.tax?.negated, dimensions: line.dimensions,
        description: line.description, reason: line.reason)
    }
    do throws(UnbalancedEntry) {
      return try JournalEntry(head, lines: lines)
    } catch {
      preconditionFailure("the opposite of a balanced entry balances")
    }
  }
}

extension JournalLine.Tax {
  /// The same tax taken back.
  public var negated: JournalLine.Tax {
    JournalLine.Tax(
      code: code, category: category, rate: rate, base: base.map { -$0 },
      jurisdiction: jurisdiction, accountingAmount: accountingAmount.map { -$0 })
  }
}
