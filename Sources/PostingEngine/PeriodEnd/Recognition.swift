package import Ledger
package import PostingRules

/// Releases the deferred revenue of a month.
///
/// What is released already is not released again: running again makes entries only of what came
/// since.
package struct Recognition: Sendable {
  package struct Plan: Sendable {
    package var run: PeriodRun
    package var entries: [ReleaseRun.Entry]
    /// The documents of the schedules, for the order in the ERP.
    package var documents: [ScheduleNumber: DocumentNumber]
  }

  private let acceptance: Acceptance

  package init(_ acceptance: Acceptance) { self.acceptance = acceptance }

  /// The entries that a run would make now.
  ///
  /// - Throws: ``Problem`` `unknown_entity`, `period_closed`, or `earlier_releases_due` when a
  ///   month before it is open and not released.
  package func plan(
    of entity: LegalEntityID, ledger: String = EntryHead.primaryLedger, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan {
    let rules = try acceptance.entityRules(of: entity)
    let books = try acceptance.books(ledger, of: rules)
    guard !books.closedPeriods.contains(period) else {
      throw Problem(
        code: "period_closed", pointer: "--period",
        detail: "The period \(period) of \(entity) is closed",
        fix: "Recognise the next open period, which catches up, or reopen \(period)")
    }
    let due = try queries.schedulesDue(of: entity, ledger: ledger, through: period)
    try refuseEarlier(due, than: period, books, of: entity)
    let run = try acceptance.nextRun(
      .recognise, of: entity, ledger: ledger, period: period, in: queries)
    let entries = ReleaseRun(
      run, of: rules.entity, detail: books.policies.recognition,
      rulesVersion: acceptance.ruleBook.version
    )
    .entries(for: due.map(\.schedule))
    return Plan(
      run: run, entries: try entries.map { try withFreeKey($0, queries) },
      documents: Dictionary(uniqueKeysWithValues: due.map { ($0.schedule.number, $0.document) }))
  }

  /// Stores the run of a plan made in the same transaction.
  ///
  /// - Returns: nil when there is nothing to release.
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
        try transaction.insert(
          StoredScheduleMovement(
            schedule: schedule, movement: movement, by: stored.number,
            postingDate: record.entry.head.postingDate, entry: record.key))
      }
    }
    return stored
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

  /// A month of a document that was released before, and given back or added to, has its entry once
  /// more under a sequence of its own.
  private func withFreeKey(
    _ entry: ReleaseRun.Entry, _ queries: any PostingQueries
  ) throws -> ReleaseRun.Entry {
    var result = entry
    var head = entry.entry.head
    while try queries.entry(acceptance.keys.key(of: head)) != nil {
      head.source.sequence += ReleaseRun.sequencesOfARound
      result.entry = entry.entry.withHead(head)
    }
    return result
  }
}
