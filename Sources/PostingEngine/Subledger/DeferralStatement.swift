package import Ledger
internal import PostingRules

/// Deferred revenue of one entity: what moved in a month, and what is still to come at its end.
package struct DeferralStatement: Sendable {
  package let entity: LegalEntityID
  package let period: FiscalPeriod
  /// By account and currency.
  package let rows: [ScheduleRollForward]
  package let waterfall: [ScheduleWaterfallRow]

  /// Whether the schedules are what the accounts hold.
  package var tiesOut: Bool { rows.allSatisfy(\.difference.isZero) }

  package init(
    of entity: LegalEntityID, ledger: String, over period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws {
    self.entity = entity
    self.period = period
    rows = try queries.scheduleRollForward(of: entity, ledger: ledger, over: period)
    waterfall = try queries.scheduleWaterfall(of: entity, ledger: ledger, after: period)
  }
}
