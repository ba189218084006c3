internal import AdapterKit
package import Ledger
internal import PostingRules

/// Makes one entry of many: for each currency of an entity, ledger and period, or posting date where
/// the policy says so, one that holds the sums by account and side. The entries stay in the journal;
/// their postings are posted with the summary.
///
/// Tax lines are kept apart by code, rate and jurisdiction, and every line by its dimensions, because
/// that is what returns and reports are made from.
package struct SummaryRun: PeriodEndWork {
  package struct Plan: Sendable {
    package var run: PeriodRun
    package var entries: [JournalEntry]
    /// The postings that each entry carries.
    package var details: [[PostingNumber]]
  }

  private let acceptance: Acceptance

  /// Entries read at once.
  private static let batch = 500

  /// The last posting date that is summarised; nil for all of the period.
  private let last: CalendarDate?

  package init(_ acceptance: Acceptance, through last: CalendarDate? = nil) {
    self.acceptance = acceptance
    self.last = last
  }

  /// A closed period is summarised all the same: what it holds was accepted while it was open.
  ///
  /// - Throws: besides, ``Problem`` `missing_mapping` without a connection.
  package func plan(
    of entity: LegalEntityID, ledger: String, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan {
    let rules = try acceptance.entityRules(of: entity)
    let books = try acceptance.books(ledger, of: rules)
    let run = try acceptance.nextRun(
      .summarise, of: entity, ledger: ledger, period: period, in: queries)
    guard let connection = rules.connections[ledger] else {
      throw Problem(
        code: "missing_mapping", pointer: "/entity",
        detail: "Entity \(entity) has no connection for ledger \(ledger)",
        fix: "Set 'connection' in entities/\(entity).yaml")
    }
    var plan = Plan(run: run, entries: [], details: [])
    guard
      let dates = DateRange(
        from: period.firstDay, through: min(period.lastDay, last ?? period.lastDay))
    else { return plan }
    let waiting = try queries.entriesToSummarise(
      of: entity, ledger: ledger, connection: connection, dates: dates)
    var sums: [EntrySums.Group: EntrySums] = [:]
    for start in stride(from: 0, to: waiting.count, by: SummaryRun.batch) {
      let piece = waiting[start..<min(start + SummaryRun.batch, waiting.count)]
      let records = try queries.entries(piece.map(\.entry))
      for (posting, key) in piece {
        guard let entry = records[key]?.entry else { continue }
        let day = books.policies.summaries == .day ? entry.head.postingDate : period.lastDay
        sums[EntrySums.Group(day: day, currency: entry.head.currency), default: EntrySums()]
          .add(entry, posting)
      }
    }
    let isByDay = books.policies.summaries == .day
    for (group, sum) in sums.sorted(by: { $0.key < $1.key }) {
      let span = isByDay ? group.day.text : period.text
      let name = isByDay ? "\(group.day):\(group.currency)" : group.currency.code
      let head = EntryHead(
        legalEntity: entity, ledger: ledger, kind: .summary, postingDate: group.day,
        documentDate: group.day, currency: group.currency,
        functionalCurrency: rules.entity.functionalCurrency,
        reference: "\(run.identity(of: entity).id):\(name)",
        description: "Summary of \(sum.details.count) entries of \(span) in \(group.currency)",
        source: EntrySource(
          document: run.identity(of: entity), revision: 1, sequence: plan.entries.count + 1),
        rulesVersion: acceptance.ruleBook.version)
      plan.entries.append(try JournalEntry(head, lines: sum.lines(for: head)))
      plan.details.append(sum.details)
    }
    return plan
  }

  package func carryOut(
    _ plan: Plan, of entity: LegalEntityID, at now: Moment, actor: String,
    in transaction: any PostingTransaction
  ) throws -> StoredRun? {
    guard !plan.entries.isEmpty else { return nil }
    let stored = try acceptance.store(
      plan.run, of: entity, entries: plan.entries.map { RunEntry($0) }, at: now, actor: actor,
      in: transaction)
    let postings = try transaction.postings(of: stored.number)
    for (record, details) in zip(stored.records, plan.details) {
      guard let summary = postings.first(where: { $0.entry == record.key }) else { continue }
      for detail in details { try transaction.insert(summary: summary.number, detail: detail) }
    }
    return stored
  }
}

/// Entries of one currency and day, summed up.
private struct EntrySums {
  struct Group: Hashable, Comparable {
    let day: CalendarDate
    let currency: Currency

    static func < (left: Self, right: Self) -> Bool {
      (left.day, left.currency) < (right.day, right.currency)
    }
  }

  private struct Key: Hashable, Comparable {
    let account: String
    let side: Side
    let role: AccountRole
    let tax: Tax?
    let dimensions: Dimensions

    struct Tax: Hashable {
      let code: String
      let category: TaxCategory?
      let rate: ExactDecimal?
      let jurisdiction: String?
    }

    private var order: (String, Int, String, String, String) {
      (
        account, side == .debit ? 0 : 1, role.rawValue,
        [tax?.code, tax?.rate?.text, tax?.jurisdiction, tax?.category?.rawValue]
          .map { $0 ?? "" }.joined(separator: "\u{0}"),
        dimensions.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "\u{0}")
      )
    }

    static func < (left: Self, right: Self) -> Bool { left.order < right.order }
  }

  private struct Sum {
    var amount: Money
    var functional: Money
    var base: Money?
    var count = 0
  }

  private var sums: [Key: Sum] = [:]
  private(set) var details: [PostingNumber] = []

  mutating func add(_ entry: JournalEntry, _ posting: PostingNumber) {
    details.append(posting)
    let head = entry.head
    for line in entry.lines {
      let key = Key(
        account: line.account.code, side: line.side, role: line.role,
        tax: line.tax.map {
          Key.Tax(
            code: $0.code, category: $0.category, rate: $0.rate, jurisdiction: $0.jurisdiction)
        }, dimensions: line.dimensions)
      var sum =
        sums[key]
        ?? Sum(amount: .zero(head.currency), functional: .zero(head.functionalCurrency))
      sum.amount += line.amount
      sum.functional += line.functionalAmount
      if let base = line.tax?.base { sum.base = sum.base.map { $0 + base } ?? base }
      sum.count += 1
      sums[key] = sum
    }
  }

  func lines(for head: EntryHead) -> [JournalLine] {
    sums.sorted { $0.key < $1.key }.map { key, sum in
      JournalLine(
        role: key.role, account: AccountCode(key.account), side: key.side, amount: sum.amount,
        functionalAmount: sum.functional,
        tax: key.tax.map {
          JournalLine.Tax(
            code: $0.code, category: $0.category, rate: $0.rate, base: sum.base,
            jurisdiction: $0.jurisdiction)
        }, dimensions: key.dimensions, description: head.description,
        reason: AccountReason(
          table: "summary", row: 0, because: "sum of \(sum.count) lines"))
    }
  }
}
