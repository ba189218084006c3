internal import Ledger

/// What entries of one document say differently, line by line: the same role, account, party,
/// partner, tax and dimensions are one line.
struct EntryDifference {
  private struct Key: Hashable {
    let role: AccountRole
    let account: AccountCode
    let party: String?
    let partner: LegalEntityID?
    let dimensions: Dimensions
    let taxCode: String?
    let taxCategory: TaxCategory?
    let taxRate: ExactDecimal?
    let jurisdiction: String?

    init(_ line: JournalLine) {
      role = line.role
      account = line.account
      party = line.party
      partner = line.partner
      dimensions = line.dimensions
      taxCode = line.tax?.code
      taxCategory = line.tax?.category
      taxRate = line.tax?.rate
      jurisdiction = line.tax?.jurisdiction
    }
  }

  /// Debits positive, new less old, in minor units.
  private struct Sum {
    var amount: Int128 = 0
    var functional: Int128 = 0
    var base: Int128 = 0
    /// The line it was first seen on.
    var line: JournalLine
  }

  private var sums: [Key: Sum] = [:]
  private var order: [Key] = []

  mutating func add(_ entry: JournalEntry, isNew: Bool) {
    for line in entry.lines {
      let key = Key(line)
      if sums[key] == nil { order.append(key) }
      let sign: Int128 = (line.side == .debit) == isNew ? 1 : -1
      var sum = sums[key] ?? Sum(line: line)
      sum.amount += sign * Int128(line.amount.minorUnits)
      sum.functional += sign * Int128(line.functionalAmount.minorUnits)
      sum.base += (isNew ? 1 : -1) * Int128(line.tax?.base?.minorUnits ?? 0)
      sums[key] = sum
    }
  }

  /// The lines that differ; none where nothing does.
  func lines(in head: EntryHead) -> [JournalLine] {
    order.flatMap { key -> [JournalLine] in
      guard let sum = sums[key], sum.amount != 0 || sum.functional != 0 else { return [] }
      // Rounding may turn the two amounts against each other: then each has a line of its own.
      if (sum.amount > 0 && sum.functional < 0) || (sum.amount < 0 && sum.functional > 0) {
        return [
          line(sum, amount: sum.amount, functional: 0, in: head),
          line(sum, amount: 0, functional: sum.functional, in: head),
        ]
      }
      return [line(sum, amount: sum.amount, functional: sum.functional, in: head)]
    }
  }

  private func line(
    _ sum: Sum, amount: Int128, functional: Int128, in head: EntryHead
  ) -> JournalLine {
    let line = sum.line
    return JournalLine(
      role: line.role, account: line.account,
      side: amount > 0 || (amount == 0 && functional > 0) ? .debit : .credit,
      amount: Money(minorUnits: Int64(amount.magnitude), head.currency),
      functionalAmount: Money(minorUnits: Int64(functional.magnitude), head.functionalCurrency),
      party: line.party, partner: line.partner,
      tax: line.tax.map { tax in
        JournalLine.Tax(
          code: tax.code, category: tax.category, rate: tax.rate,
          base: tax.base.map { Money(minorUnits: Int64(sum.base), $0.currency) },
          jurisdiction: tax.jurisdiction)
      }, dimensions: line.dimensions, description: line.description, reason: line.reason)
  }
}
