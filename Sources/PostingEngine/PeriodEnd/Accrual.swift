internal import AdapterKit
package import Ledger
internal import PostingRules

/// Accrues rated usage that is neither billed nor paid in advance at the end of a month.
///
/// What is unbilled is worked out in full; what earlier runs left standing is taken off, so that a
/// run makes only the difference. By policy it is taken back on the next day, or when an invoice
/// bills it. Source: accounting treatment, section 5.
package struct Accrual: PeriodEndWork {
  package struct Plan: Sendable {
    package var run: PeriodRun
    package var entries: [Made]
  }

  /// An entry, and what it does to the accruals of rated items.
  package struct Made: Sendable {
    package var entry: JournalEntry
    var parts: [Part]
    /// The place of the entry that goes into the ERP before it.
    var follows: Int?
  }

  struct Part: Sendable {
    enum Basis: Sendable {
      case standing(AccrualNumber)
      /// A part of an entry of the same plan.
      case made(entry: Int, part: Int)
    }

    var item: RatedItemNumber
    var amount: DeferredAmount
    var line: Int
    /// nil for an accrual itself.
    var basis: Basis?
  }

  private let acceptance: Acceptance

  package init(_ acceptance: Acceptance) { self.acceptance = acceptance }

  /// - Throws: besides, ``Problem`` `accrual_off`, `usage_crosses_periods`, `missing_mapping`,
  ///   `rate_missing`.
  package func plan(
    of entity: LegalEntityID, ledger: String, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan {
    let (rules, books) = try acceptance.openBooks(ledger, of: entity, in: period, to: "accrue")
    guard books.policies.usageAccrual != .off else { throw Problem.accrualIsOff(of: entity) }
    let day = period.lastDay
    let items = try queries.ratedItems(of: entity, through: day, meter: nil)
    if let crossing = items.first(where: { $0.period.through > day }) {
      throw Problem.usageCrosses(crossing, period)
    }
    let draw = UsageDraw(
      items: items,
      schedules: try queries.schedulesByUsage(of: entity, ledger: ledger).map(\.schedule))
    let balance = AccrualBalance(
      items: items,
      unbilled: UnbilledUsage(
        items: items, billed: try queries.billedUsage(of: entity, through: day, meter: nil),
        draw: draw),
      standing: try queries.standingAccruals(of: entity, ledger: ledger, on: day, meter: nil))
    let run = try acceptance.nextRun(
      .accrue, of: entity, ledger: ledger, period: period, in: queries)
    var plan = Plan(run: run, entries: [])
    try release(balance.releases, into: &plan, in: queries)
    try add(balance.additions, of: rules.entity.id, books, to: &plan, in: queries)
    if books.policies.usageAccrual == .nextDay, let next = period.next {
      try takeBackAll(on: next.firstDay, in: &plan, queries)
    }
    return plan
  }

  package func carryOut(
    _ plan: Plan, of entity: LegalEntityID, at now: Moment, actor: String,
    in transaction: any PostingTransaction
  ) throws -> StoredRun? {
    guard !plan.entries.isEmpty else { return nil }
    let stored = try acceptance.store(
      plan.run, of: entity,
      entries: plan.entries.map { RunEntry($0.entry, following: $0.follows) }, at: now,
      actor: actor, in: transaction)
    var numbers: [[AccrualNumber]] = []
    for (record, made) in zip(stored.records, plan.entries) {
      let parts = try made.parts.map { part in
        let basis: AccrualNumber? =
          switch part.basis {
          case .standing(let number): number
          case .made(let entry, let part): numbers[entry][part]
          case nil: nil
          }
        return try transaction.insert(
          StoredAccrual(
            item: part.item, ledger: plan.run.ledger, amount: part.amount, by: stored.number,
            postingDate: record.entry.head.postingDate, entry: record.key, line: part.line,
            basis: basis))
      }
      numbers.append(parts)
    }
    return stored
  }

  // MARK: Entries

  /// Accruals of more than is unbilled, because an item was rated lower or billed since.
  private func release(
    _ releases: [AccrualBalance.Release], into plan: inout Plan, in queries: any PostingQueries
  ) throws {
    for (key, parts) in Dictionary(grouping: releases, by: \.accrual.entry)
      .sorted(by: { $0.key.text < $1.key.text })
    {
      guard let accrual = try queries.entry(key)?.entry else { continue }
      var head = accrual.head
      head.kind = .accrualReversal
      head.postingDate = plan.run.period.lastDay
      head.description = "Usage accrued before and not unbilled any more"
      head.source.sequence = plan.run.period.monthNumber
      head.rulesVersion = acceptance.ruleBook.version
      head = try acceptance.withFreeKey(head, among: keys(of: plan), in: queries)
      guard let entry = AccrualEntry.release(parts, of: accrual, head) else { continue }
      plan.entries.append(
        Made(
          entry: entry,
          parts: parts.map {
            Part(
              item: $0.accrual.item, amount: -$0.amount, line: $0.accrual.line,
              basis: .standing($0.accrual.number))
          }))
    }
  }

  private func add(
    _ additions: [AccrualBalance.Addition], of entity: LegalEntityID, _ books: LedgerRules,
    to plan: inout Plan, in queries: any PostingQueries
  ) throws {
    var converter = acceptance.makeConverter()
    for (identity, parts) in Dictionary(grouping: additions, by: \.item.document)
      .sorted(by: { $0.value[0].item.number < $1.value[0].item.number })
    {
      guard let stored = try queries.document(identity) else { continue }
      let converted = converter.accrue(
        parts, of: try acceptance.storedDocument(stored.number, in: queries), in: books,
        on: plan.run.period.lastDay)
      if let stop = converted.stops.first { throw stop.problem }
      guard let entry = converted.entry else { continue }
      var head = entry.head
      head.source.sequence = plan.run.period.monthNumber
      head = try acceptance.withFreeKey(head, among: keys(of: plan), in: queries)
      plan.entries.append(
        Made(
          entry: entry.withHead(head),
          parts: converted.shares.map {
            Part(item: $0.item.number, amount: $0.amount, line: $0.line)
          }))
    }
  }

  private func takeBackAll(
    on day: CalendarDate, in plan: inout Plan, _ queries: any PostingQueries
  ) throws {
    for (place, made) in plan.entries.enumerated() {
      let reversed = made.entry.reversed(
        key: acceptance.keys.key(of: made.entry.head).text, on: day)
      var head = reversed.head
      head.kind = made.entry.head.kind == .accrual ? .accrualReversal : .accrual
      head = try acceptance.withFreeKey(head, among: keys(of: plan), in: queries)
      plan.entries.append(
        Made(
          entry: reversed.withHead(head),
          parts: made.parts.enumerated().map { index, part in
            Part(
              item: part.item, amount: -part.amount, line: part.line,
              basis: part.basis ?? .made(entry: place, part: index))
          }, follows: place))
    }
  }

  private func keys(of plan: Plan) -> Set<PostingKey> {
    Set(plan.entries.map { acceptance.keys.key(of: $0.entry.head) })
  }
}

extension Problem {
  fileprivate static func accrualIsOff(of entity: LegalEntityID) -> Problem {
    Problem(
      code: "accrual_off", pointer: "entities/\(entity).yaml",
      detail: "\(entity) does not accrue unbilled usage",
      fix: "Set its policy 'usageAccrual' to 'nextDay' or 'whenBilled'")
  }

  /// What a rated summary splits is the usage of days, not an amount by proportion.
  fileprivate static func usageCrosses(_ item: RatedItem, _ period: FiscalPeriod) -> Problem {
    Problem(
      code: "usage_crosses_periods", pointer: "\(item.document)",
      detail: "\(item.document) rates usage from \(item.period.from) to \(item.period.through), "
        + "which is not of \(period) alone",
      fix: "Void it, and hand the usage over by the days on which it occurred, a document for each "
        + "month")
  }
}
