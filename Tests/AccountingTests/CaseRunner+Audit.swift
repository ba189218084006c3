import Ledger
import PostingEngine
import PostingRules
import SQLStore

// What an auditor asks of any books: that what is open in detail equals the accounts that sum it, and
// that what is taken back leaves nothing.

extension CaseRunner {
  /// Debits less credits by entity, ledger, account, currency and customer, in transaction and in
  /// functional currency; zeros are left out.
  func balances() throws -> [String: [Int64]] {
    var balances: [String: [Int64]] = [:]
    for entry in try entries(after: 0).map(\.record.entry) where entry.head.kind != .summary {
      let head = entry.head
      for line in entry.lines {
        let key =
          "\(head.legalEntity) \(head.ledger) \(line.account.code) \(head.currency) \(line.party ?? "")"
        let sign: Int64 = line.side == .debit ? 1 : -1
        var sums = balances[key] ?? [0, 0]
        sums[0] += sign * line.amount.minorUnits
        sums[1] += sign * line.functionalAmount.minorUnits
        balances[key] = sums
      }
    }
    return balances.filter { $0.value != [0, 0] }
  }

  /// Where receivables, schedules and dues do not equal their accounts, in any ledger at the end of
  /// any month that has entries.
  func untied() throws -> [String] {
    var found: [String] = []
    let all = try entries(after: 0).map(\.record.entry.head)
    for (entity, heads) in Dictionary(grouping: all, by: \.legalEntity) {
      guard let rules = ruleBook.entities[entity] else { continue }
      for ledger in rules.ledgers.map(\.name) {
        for month in Set(
          heads.compactMap { FiscalPeriod($0.postingDate.text.prefix(7).description) })
        {
          try store.read { queries in
            let report = try AgeingReport(
              of: entity, ledger: ledger, functional: rules.entity.functionalCurrency,
              on: month.lastDay, in: queries)
            if !report.tiesOut { found.append("\(entity) \(ledger) \(month): \(report.tieOuts)") }
            let statement = try DeferralStatement(
              of: entity, ledger: ledger, over: month, in: queries)
            if !statement.tiesOut {
              found.append("\(entity) \(ledger) \(month): \(statement.rows)")
            }
          }
        }
      }
    }
    return try found + untiedDues() + unclearedExchange()
  }

  /// What is left on FX clearing in functional currency: every document clears what it puts there.
  private func unclearedExchange() throws -> [String] {
    var sums: [String: Int64] = [:]
    for entry in try entries(after: 0).map(\.record.entry) where entry.head.kind != .summary {
      for line in entry.lines where line.role == .fxClearing {
        sums["FX clearing of \(entry.head.legalEntity) \(entry.head.ledger)", default: 0] +=
          (line.side == .debit ? 1 : -1) * line.functionalAmount.minorUnits
      }
    }
    return sums.filter { $0.value != 0 }.map { "\($0): \($1)" }
  }

  /// Where the sides of two entities differ, or what is open by document is not what the journal has.
  private func untiedDues() throws -> [String] {
    let (balances, dues) = try store.read {
      (
        try $0.intercompanyBalances(through: .last), try $0.openDues(DueFilter(through: .last))
      )
    }
    let check = IntercompanyCheck(balances, dues: dues) { ledger, entity in
      ruleBook.entities[entity]?.ledger(ledger) != nil
    }
    var found = (check.pairs + check.unmatched.map(\.pair)).filter { !$0.difference.isZero }
      .map { "\($0)" }
    var sums: [String: [Int64]] = [:]
    func add(_ name: String, _ part: OpenItem.Part, _ carrying: Carrying, _ sign: Int64) {
      let key = "\(name) \(part.rawValue) \(carrying.amount.currency)"
      var sum = sums[key] ?? [0, 0]
      sum[0] += sign * carrying.amount.minorUnits
      sum[1] += sign * carrying.functional.minorUnits
      sums[key] = sum
    }
    for balance in balances {
      let name = "\(balance.ledger) \(balance.entity) \(balance.partner)"
      add(
        name, .dueFrom,
        Carrying(amount: balance.dueFrom, functional: balance.functionalDueFrom), 1)
      add(name, .dueTo, Carrying(amount: balance.dueTo, functional: balance.functionalDueTo), 1)
    }
    for due in dues {
      let name = "\(due.ledger) \(due.parties.entity) \(due.parties.partner)"
      add(name, due.part, due.item.open, -1)
    }
    found += sums.filter { $0.value != [0, 0] }.map { "journal less open dues of \($0): \($1)" }
    return found
  }

  /// Posts all there is and reverses it, the last first; what is stopped is given up before.
  ///
  /// - Returns: what is left on accounts and open items.
  func takeEverythingBack() throws -> [String] {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let documents = try store.read { try $0.documents(filter) }
    try postEverything()
    try store.write { transaction throws in
      for document in documents where document.state == .exception {
        try transaction.setState(.discarded, of: document.number)
      }
    }
    var rest = documents.filter {
      $0.identity.type != .void && $0.state != .discarded && $0.state != .reversed
    }
    let numbers = rest.map(\.number)
    let reversal = Reversal(acceptance.compensation, actor: "test")
    let now = now
    // What settles a revision may be older.
    while !rest.isEmpty {
      let before = rest.count
      var reasons: [String] = []
      rest = try rest.reversed().filter { document in
        try store.write { transaction throws in
          guard try transaction.document(document.identity)?.number == document.number else {
            return false
          }
          do {
            _ = try reversal.reverse(
              document.identity, reason: "all of it", at: now, in: transaction)
            return false
          } catch let problem as Problem where problem.code == "settled_since" {
            reasons.append(problem.detail)
            return true
          } catch let problem as Problem where problem.code == "not_reversible" {
            return false
          }
        }
      }.reversed()
      if rest.count == before { return ["nothing of it can be reversed: \(reasons)"] }
    }
    try recogniseOnceMore()
    var left = try balances().map { "\($0): \($1)" }.sorted()
    try store.read { queries in
      for number in numbers {
        for (ledger, items) in try queries.ledgerItems(of: number, before: .now) {
          for (part, item) in items where !item.open.isZero {
            left.append("document \(number.value) \(ledger) \(part): \(item.open)")
          }
        }
        for stored in try queries.schedules(of: number) {
          for month in stored.schedule.months where !month.unreleased.isZero {
            left.append("schedule of \(stored.schedule.document) in \(month.period): \(month)")
          }
        }
        for due in try queries.dues(of: number, before: .now) where !due.item.open.isZero {
          left.append("\(due)")
        }
      }
    }
    return left
  }

  /// Where a void has taken its part of a summarised run back and the run is reversed after it, the
  /// next run makes that good; where nothing is left to be released, it does nothing.
  private func recogniseOnceMore() throws {
    let months = Set(
      try entries(after: 0).map { FiscalPeriod(containing: $0.record.entry.head.postingDate) })
    for rules in ruleBook.entities.values {
      for ledger in rules.ledgers.map(\.name) {
        for month in months.sorted() {
          do {
            try carryOut(
              Recognition(acceptance),
              EntityPeriod(entity: rules.entity.id, period: month, ledger: ledger))
          } catch let problem as Problem where problem.code == "period_closed" {}
        }
      }
    }
  }
}
