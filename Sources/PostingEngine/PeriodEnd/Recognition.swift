package import Ledger
package import PostingRules

/// Releases the deferred revenue of a month.
///
/// What is released already is not released again: running again makes entries only of what came
/// since.
package struct Recognition: PeriodEndWork {
  package struct Plan: Sendable {
    package var run: PeriodRun
    package var entries: [ReleaseRun.Entry]
    /// What brings schedules that measure usage to what was used, before their release.
    var reached: [ScheduleNumber: [ScheduleMovement]]
    /// The documents of the schedules, for the order in the ERP.
    package var documents: [ScheduleNumber: DocumentNumber]
  }

  private let acceptance: Acceptance

  package init(_ acceptance: Acceptance) { self.acceptance = acceptance }

  /// - Throws: besides, ``Problem`` `earlier_releases_due` when a month before it is open and not
  ///   released.
  package func plan(
    of entity: LegalEntityID, ledger: String, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan {
    let (rules, books) = try acceptance.openBooks(
      ledger, of: entity, in: period, to: "catch up with")
    var due = try queries.schedulesDue(of: entity, ledger: ledger, through: period)
    try refuseEarlier(due, than: period, books, of: entity)
    let used = try schedulesUsed(of: entity, books, in: period, queries)
    due += used.schedules
    let run = try acceptance.nextRun(
      .recognise, of: entity, ledger: ledger, period: period, in: queries)
    let entries = ReleaseRun(
      run, of: rules.entity, detail: books.policies.recognition,
      rulesVersion: acceptance.ruleBook.version
    )
    .entries(for: due.map(\.schedule))
    return Plan(
      run: run,
      entries: try entries.map { made in
        var made = made
        made.entry = made.entry.withHead(
          try acceptance.withFreeKey(made.entry.head, in: queries))
        return made
      }, reached: used.reached,
      documents: Dictionary(uniqueKeysWithValues: due.map { ($0.schedule.number, $0.document) }))
  }

  package func carryOut(
    _ plan: Plan, of entity: LegalEntityID, at now: Moment, actor: String,
    in transaction: any PostingTransaction
  ) throws -> StoredRun? {
    guard !plan.entries.isEmpty else { return nil }
    let stored = try acceptance.store(
      plan.run, of: entity,
      entries: plan.entries.map { entry in
        RunEntry(entry.entry, after: entry.movements.compactMap { plan.documents[$0.schedule] })
      }, at: now, actor: actor, in: transaction)
    for (record, entry) in zip(stored.records, plan.entries) {
      for (schedule, movement) in entry.movements {
        for movement in (plan.reached[schedule] ?? []) + [movement] {
          try transaction.insert(
            StoredScheduleMovement(
              schedule: schedule, movement: movement, by: stored.number,
              postingDate: record.entry.head.postingDate, entry: record.key))
        }
      }
    }
    return stored
  }

  /// Schedules that measure usage, as planned for what was used through a month; that month alone.
  private func schedulesUsed(
    of entity: LegalEntityID, _ books: LedgerRules, in period: FiscalPeriod,
    _ queries: any PostingQueries
  ) throws -> (schedules: [StoredSchedule], reached: [ScheduleNumber: [ScheduleMovement]]) {
    let stored = try queries.schedulesByUsage(of: entity, ledger: books.name)
    guard !stored.isEmpty else { return ([], [:]) }
    let items = try queries.ratedItems(of: entity, through: period.lastDay, meter: nil)
      .filter { $0.period.through <= period.lastDay }
    let schedules = stored.map(\.schedule)
    let reached = UsageDraw(items: items, schedules: schedules)
      .planned(schedules, in: period, rounding: books.policies.rounding)
    let used = stored.compactMap { stored -> StoredSchedule? in
      guard let movements = reached[stored.schedule.number] else { return nil }
      var stored = stored
      stored.schedule = stored.schedule.applying(movements)
      stored.schedule.months.removeAll { $0.period != period }
      return stored
    }
    return (used, reached)
  }

  private func refuseEarlier(
    _ due: [StoredSchedule], than period: FiscalPeriod, _ books: LedgerRules,
    of entity: LegalEntityID
  ) throws {
    let open = due.flatMap(\.schedule.months).map(\.period)
      .filter { $0 < period && !books.closedPeriods.contains($0) }
    guard let first = open.min() else { return }
    throw Problem(
      code: "earlier_releases_due", pointer: "--period",
      detail: "Revenue of \(first) is due in \(entity) and the period is open",
      fix: "Recognise \(first) first; if it is closed in the books, list it under periods.closed")
  }
}
