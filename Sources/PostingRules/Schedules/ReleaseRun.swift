package import Ledger

/// The entries of one month's revenue: pure, from what is due to entries with their drill-back.
package struct ReleaseRun: Sendable {
  /// One entry, and the movements it is the sum of.
  package struct Entry: Sendable {
    package var entry: JournalEntry
    package var movements: [(schedule: ScheduleNumber, movement: ScheduleMovement)]
  }

  let entity: LegalEntityID
  let run: PeriodRun
  let functionalCurrency: Currency
  let detail: EntityPolicies.PostingDetail
  let rulesVersion: String

  /// More than any number of a month, so that a month released once more has one of its own.
  package static let sequencesOfARound = 120_000

  package init(
    _ run: PeriodRun, of entity: LegalEntity, detail: EntityPolicies.PostingDetail,
    rulesVersion: String
  ) {
    self.entity = entity.id
    self.run = run
    functionalCurrency = entity.functionalCurrency
    self.detail = detail
    self.rulesVersion = rulesVersion
  }

  /// Entries of the run's month, then those that catch up on earlier months.
  package func entries(for due: [Schedule]) -> [Entry] {
    entries(.deferralRelease, .released, due) { $0 == run.period }
      + entries(.deferralCatchUp, .caughtUp, due) { $0 < run.period }
  }

  private func entries(
    _ kind: EntryKind, _ movement: ScheduleMovement.Kind, _ due: [Schedule],
    months isWanted: (FiscalPeriod) -> Bool
  ) -> [Entry] {
    var groups: [GroupKey: [Schedule]] = [:]
    var order: [GroupKey] = []
    for item in due {
      let key = GroupKey(item, isSummary: detail == .summary)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(item)
    }
    var entries: [Entry] = []
    for key in order {
      var movements: [(schedule: ScheduleNumber, movement: ScheduleMovement)] = []
      var parts: [ScheduleEntry.Part] = []
      for item in groups[key] ?? [] {
        var sum = DeferredAmount.zero
        for month in item.months
        where isWanted(month.period) && !month.unreleased.isZero {
          sum += month.unreleased
          movements.append(
            (
              item.number,
              ScheduleMovement(movement, month.period, -month.unreleased)
            ))
        }
        if !sum.isZero { parts.append(ScheduleEntry.Part(item.terms, sum)) }
      }
      if detail == .summary { parts = ReleaseRun.summed(parts, as: description(kind)) }
      let head = head(kind, key, number: entries.count + 1, groups[key]?.first)
      guard let entry = ScheduleEntry.entry(head, parts) else { continue }
      entries.append(Entry(entry: entry, movements: movements))
    }
    return entries
  }

  /// What one entry may hold: one rate, and in detail one document.
  private struct GroupKey: Hashable {
    var document: DocumentIdentity?
    var revision: Int
    var currency: Currency
    var rate: ExchangeRate?

    init(_ schedule: Schedule, isSummary: Bool) {
      document = isSummary ? nil : schedule.document
      revision = isSummary ? 1 : schedule.revision
      currency = schedule.terms.currency
      rate = schedule.terms.rate
    }
  }

  private func head(
    _ kind: EntryKind, _ key: GroupKey, number: Int, _ first: Schedule?
  ) -> EntryHead {
    let identity = run.identity(of: entity)
    let schedule = key.document == nil ? nil : first
    let sequence = schedule == nil ? number : run.period.monthNumber
    return EntryHead(
      legalEntity: entity, ledger: run.ledger, kind: kind, postingDate: run.period.lastDay,
      documentDate: schedule?.documentDate ?? run.period.lastDay, currency: key.currency,
      functionalCurrency: functionalCurrency, rate: key.rate,
      reference: schedule?.reference ?? identity.id,
      description: description(kind) + (schedule.map { " of \($0.reference)" } ?? ""),
      source: EntrySource(
        document: schedule?.document ?? identity, revision: key.revision, sequence: sequence),
      rulesVersion: rulesVersion)
  }

  private func description(_ kind: EntryKind) -> String {
    kind == .deferralRelease ? "Revenue of \(run.period)" : "Revenue before \(run.period)"
  }

  /// One part for each pair of accounts.
  private static func summed(
    _ parts: [ScheduleEntry.Part], as description: String
  ) -> [ScheduleEntry.Part] {
    struct Accounts: Hashable {
      var deferred: ScheduleAccount
      var recognised: ScheduleAccount
    }
    var sums: [Accounts: ScheduleEntry.Part] = [:]
    var order: [Accounts] = []
    for part in parts {
      let key = Accounts(deferred: part.terms.deferred, recognised: part.terms.recognised)
      if sums[key] == nil {
        order.append(key)
        var terms = part.terms
        terms.description = description
        sums[key] = ScheduleEntry.Part(terms, .zero)
      }
      sums[key]?.amount += part.amount
    }
    return order.compactMap { sums[$0] }
  }
}
