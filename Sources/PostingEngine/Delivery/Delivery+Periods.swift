package import AdapterKit
package import Ledger
internal import PostingRules

// Entries of a period that the ERP holds closed: they wait, move on, or a person is asked, as the
// entity's policy says, whether we knew before sending or the ERP refused.

extension Delivery {
  /// The periods that the ERP last said are closed.
  func closedInERP(in queries: any PostingQueries) throws -> Set<FiscalPeriod> {
    guard capabilities.readsPeriods else { return [] }
    return Set(try queries.erpPeriods(connection).filter { $0.value.status == .closed }.keys)
  }

  /// - Parameter rejection: what the ERP said; nil when nothing was sent.
  func periodClosed(
    _ posting: StoredPosting, _ record: EntryRecord, _ rejection: Rejection?,
    closed: Set<FiscalPeriod>, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    let period = record.entry.head.period
    if rejection != nil, capabilities.readsPeriods {
      try transaction.set(
        ERPPeriod(status: .closed, readAt: now), of: connection, period: period)
    }
    switch closedPeriods[posting.entity] {
    case .hold: try hold(posting, record, at: now, in: transaction)
    case .nextOpen:
      if !posting.isDoubtful,
        try Withdrawal.reversal(waitingFor: posting, in: transaction) != nil
      {
        return try Withdrawal.withdraw(posting, at: now, in: transaction)
      }
      guard !posting.isDoubtful,
        let next = closedPeriods.next(
          after: period, of: posting.entity, closedInERP: closed.union([period]))
      else { return try hold(posting, record, at: now, in: transaction) }
      try PeriodMove.move(posting, record, to: next.firstDay, at: now, in: transaction)
    case .ask:
      var lifecycle = PostingLifecycle(posting)
      var random = NoRandomness()
      let refused =
        rejection
        ?? Rejection(
          .periodClosed,
          Problem(
            code: "period_closed",
            detail: "Period \(period) is closed in \(connection); nothing was sent",
            fix: "Reopen the period in the ERP, or post the document to the next period"))
      let action = lifecycle.handle(
        .answered(.rejected(refused)), at: now, capabilities: capabilities, policy: policy,
        random: &random)
      try transaction.update(lifecycle.posting)
      guard case .raise(let exceptionClass, let problem, let erpCode) = action else { return }
      try raise(
        exceptionClass, problem, erpCode: erpCode, for: lifecycle.posting, record, at: now,
        in: transaction)
    }
  }

  private func hold(
    _ posting: StoredPosting, _ record: EntryRecord, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    var lifecycle = PostingLifecycle(posting)
    var random = NoRandomness()
    _ = lifecycle.handle(
      .periodClosed, at: now, capabilities: capabilities, policy: policy, random: &random)
    try transaction.update(lifecycle.posting)
    try transaction.append(
      AuditRecord(
        at: now, actor: "engine", action: "posting.waiting", document: posting.document,
        posting: posting.number,
        detail: "Waits until period \(record.entry.head.period) is open in \(connection)"))
  }

  /// Periods whose status decides what may be sent and was not read since `limit`.
  package func periodsToRead(
    since limit: Moment, most: Int, at now: Moment, in queries: any PostingQueries
  ) throws -> Set<FiscalPeriod> {
    guard capabilities.readsPeriods else { return [] }
    let known = try queries.erpPeriods(connection)
    let due = try queries.claimable(connection, at: now, limit: most)
    let held = try queries.heldByPeriod(connection, limit: most)
    let entries = try queries.entries((due + held).map(\.entry))
    var wanted = Set(entries.values.map(\.entry.head.period))
    // Where an entry may go instead.
    for period in wanted {
      var next: FiscalPeriod? = period
      while let closed = next, known[closed]?.status == .closed {
        next = closed.next
        if let next { wanted.insert(next) }
      }
    }
    return wanted.filter { known[$0].map { $0.readAt <= limit } ?? true }
  }

  /// Stores what the ERP said of its periods, and wakes what waited for one that is open now.
  ///
  /// - Parameter asked: those it was asked for; one without an answer is what it was, and
  ///   open at first.
  package func note(
    _ periods: [FiscalPeriod: PeriodStatus], asked: Set<FiscalPeriod>, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    let known = try transaction.erpPeriods(connection)
    var opened: Set<FiscalPeriod> = []
    for period in asked {
      // An ERP that does not answer has not opened what it closed.
      var status = periods[period] ?? .unknown
      if status == .unknown { status = known[period]?.status ?? .unknown }
      try transaction.set(ERPPeriod(status: status, readAt: now), of: connection, period: period)
      if status != .closed { opened.insert(period) }
    }
    guard !opened.isEmpty else { return }
    let held = try transaction.heldByPeriod(connection, limit: Delivery.mostHeld)
    let records = try transaction.entries(held.map(\.entry))
    for var posting in held {
      guard let record = records[posting.entry], opened.contains(record.entry.head.period) else {
        continue
      }
      posting.state = .due
      posting.reason = nil
      posting.notBefore = nil
      try transaction.update(posting)
    }
  }

  /// Held postings that are looked at in one go; the rest is woken by the next.
  private static let mostHeld = 5_000
}
