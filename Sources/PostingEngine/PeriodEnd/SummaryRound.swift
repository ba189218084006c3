package import Ledger
internal import PostingRules

/// Makes the summaries of months and days that are over, where an entity's policy says so.
///
/// What is summarised already is not taken up again: what comes later for a month or day goes into a
/// further summary at the next round.
package struct SummaryRound: Sendable {
  /// What waits for one summary run.
  package struct Backlog: Hashable, Sendable {
    package var entity: LegalEntityID
    package var ledger: String
    package var period: FiscalPeriod
    package var entries: Int
    /// The first day on which the policy has them summarised; nil where somebody has to ask.
    package var due: CalendarDate?

    package init(
      entity: LegalEntityID, ledger: String, period: FiscalPeriod, entries: Int,
      due: CalendarDate?
    ) {
      self.entity = entity
      self.ledger = ledger
      self.period = period
      self.entries = entries
      self.due = due
    }
  }

  private let acceptance: Acceptance
  private let store: any PostingStore
  private let commit: GroupCommit
  private let clock: any EngineClock
  private let zones: [LegalEntityID: ClockOffsets]

  /// How often it is worth a look: what is over is over at midnight somewhere.
  package static let interval: Duration = .seconds(900)

  /// - Parameter zones: those of entities whose days do not end with UTC's.
  package init(
    _ acceptance: Acceptance, store: any PostingStore, commit: GroupCommit,
    clock: any EngineClock, zones: [LegalEntityID: ClockOffsets]
  ) {
    self.acceptance = acceptance
    self.store = store
    self.commit = commit
    self.clock = clock
    self.zones = zones
  }

  /// - Returns: how many summaries were made.
  /// - Throws: the first problem, once everything else is done.
  package func run() async throws -> Int {
    let entities = acceptance.ruleBook.entities.values
    guard entities.contains(where: { $0.ledgers.contains { $0.policies.posting == .summary } })
    else { return 0 }
    var made = 0
    var failure: (any Error)?
    for backlog in try store.read({ try backlog(in: $0) }) {
      let today = today(in: backlog.entity)
      guard let due = backlog.due, due <= today else { continue }
      do {
        let run = SummaryRun(acceptance, through: today.adding(days: -1))
        let now = clock.now
        made += try await commit.write { transaction in
          let plan = try run.plan(
            of: backlog.entity, ledger: backlog.ledger, period: backlog.period, in: transaction)
          _ = try run.carryOut(
            plan, of: backlog.entity, at: now, actor: "engine", in: transaction)
          return plan.entries.count
        }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return made
  }

  /// What waits for summaries, by entity, ledger and month.
  package func backlog(in queries: any PostingQueries) throws -> [Backlog] {
    var found: [Backlog] = []
    for day in try queries.summaryBacklog() {
      guard let rules = acceptance.ruleBook.entities[day.entity],
        let books = rules.ledger(day.ledger), rules.connections[day.ledger] == day.connection
      else { continue }
      let period = FiscalPeriod(containing: day.postingDate)
      let due: CalendarDate? =
        switch books.policies.summaries {
        case .byHand: nil
        case .day: day.postingDate.adding(days: 1)
        case .month: period.next?.firstDay
        }
      if let last = found.indices.last, found[last].entity == day.entity,
        found[last].ledger == day.ledger, found[last].period == period
      {
        found[last].entries += day.entries
      } else {
        found.append(
          Backlog(
            entity: day.entity, ledger: day.ledger, period: period, entries: day.entries,
            due: due))
      }
    }
    return found
  }

  /// The day that it is where an entity is.
  private func today(in entity: LegalEntityID) -> CalendarDate {
    let now = clock.now
    let local = now + (zones[entity] ?? .utc).ahead(at: now)
    let day: Int64 = 86_400_000
    let (quotient, remainder) = local.milliseconds.quotientAndRemainder(dividingBy: day)
    return CalendarDate(dayNumber: Int(remainder < 0 ? quotient - 1 : quotient))
  }
}
