package import Ledger

/// The entry that accrues rated usage, or what stands in its way.
package struct AccrualConversion: Sendable {
  /// An item's part of the entry.
  package struct Share: Hashable, Sendable {
    package var item: RatedItem
    package var amount: DeferredAmount
    /// The number of its line of unbilled revenue; that of the revenue is the next.
    package var line: Int
  }

  /// nil when something stands in the way.
  package var entry: JournalEntry?
  package var shares: [Share]
  package var stops: [Stop]
}

extension Converter {
  /// Accrues what of rated usage is not billed, on the last day of a month and at its rate.
  ///
  /// - Parameter document: the rated usage; every addition is of one of its items.
  package mutating func accrue(
    _ additions: [AccrualBalance.Addition], of document: Document, in ledger: LedgerRules,
    on day: CalendarDate
  ) -> AccrualConversion {
    var document = document
    document.documentDate = day
    return withConversion(of: document, in: ledger, on: day) { $0.accrue(additions) }
      ?? AccrualConversion(entry: nil, shares: [], stops: [.unknownEntity(of: document)])
  }
}

extension DocumentConversion {
  mutating func accrue(_ additions: [AccrualBalance.Addition]) -> AccrualConversion {
    struct Accounts: Hashable {
      var unbilled: ScheduleAccount
      var revenue: ScheduleAccount
    }
    chooseRate()
    facts.documentLines = additions.map { DocumentLine(accruing: $0.item) }
    var groups: [Accounts: [AccrualBalance.Addition]] = [:]
    var order: [Accounts] = []
    for (index, addition) in additions.enumerated() {
      facts.customer = addition.item.item.customer
      facts.lineIndex = index
      let pointer = "/items/\(addition.item.place)"
      guard
        let unbilled = account(.unbilledRevenue, amount: addition.amount, pointer: pointer),
        let revenue = account(.revenue, amount: addition.amount, pointer: pointer)
      else { continue }
      let accounts = Accounts(unbilled: unbilled, revenue: revenue)
      if groups[accounts] == nil { order.append(accounts) }
      groups[accounts, default: []].append(addition)
    }
    facts.leaveLine()
    let description = "Unbilled usage of \(FiscalPeriod(containing: postingDate))"
    var lines: [(place: Int, additions: [AccrualBalance.Addition])] = []
    for accounts in order {
      let parts = groups[accounts] ?? []
      let sum = parts.reduce(Int64(0)) { $0 + $1.amount }
      guard sum != 0 else { continue }
      lines.append((lineCount, parts))
      add(accounts.unbilled, sum, description: description)
      add(accounts.revenue, -sum, description: description)
    }
    finishEntry(.accrual, description: description)
    let entry = lastEntry
    return AccrualConversion(
      entry: entry, shares: entry.map { shares(of: lines, in: $0) } ?? [],
      stops: convert().stops)
  }

  private func shares(
    of lines: [(place: Int, additions: [AccrualBalance.Addition])], in entry: JournalEntry
  ) -> [AccrualConversion.Share] {
    lines.flatMap { place, additions in
      let line = entry.lines[place]
      let sign: Int64 = line.side == .debit ? 1 : -1
      var split = FunctionalSplit(
        sign * line.amount.minorUnits, functional: sign * line.functionalAmount.minorUnits)
      return additions.map {
        AccrualConversion.Share(
          item: $0.item,
          amount: DeferredAmount($0.amount, functional: split.next($0.amount)), line: place + 1)
      }
    }
  }
}

extension DocumentLine {
  /// The line that will bill an item, as far as it is known.
  fileprivate init(accruing item: RatedItem) {
    self.init(
      id: String(item.place), kind: .usage, product: item.item.product, net: item.item.amount,
      usage: Usage(
        meter: item.item.meter, quantity: item.item.quantity, period: item.period))
  }
}
