internal import Ledger
internal import PostingRules

extension Compensation {
  /// Takes back what documents did besides their entries and open items, for a reversal, a void or
  /// a higher revision.
  ///
  /// - Parameters: as ``takeBackSchedules(of:with:by:otherwiseOn:at:in:)``.
  /// - Returns: the postings of further entries.
  func takeBackMovements(
    of revisions: [StoredDocument], with steps: [Step], by number: DocumentNumber,
    otherwiseOn day: CalendarDate, at now: Moment, in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    try takeBackUsage(of: revisions, with: steps, by: number, otherwiseOn: day, in: transaction)
    return try takeBackSchedules(
      of: revisions, with: steps, by: number, otherwiseOn: day, at: now, in: transaction)
  }

  /// Takes back what documents did to schedules.
  ///
  /// Their own schedules end, and what summarised month-end runs have released of them is given
  /// back by entries of `number`. Schedules of others get back what the documents took; months that
  /// are over meanwhile are made good in the first that is open.
  ///
  /// - Parameters:
  ///   - steps: the reversals of the documents' entries, which give the days in the books.
  ///   - number: the document that takes them back.
  ///   - day: where no entry is reversed.
  /// - Returns: the postings of the entries.
  private func takeBackSchedules(
    of revisions: [StoredDocument], with steps: [Step], by number: DocumentNumber,
    otherwiseOn day: CalendarDate, at now: Moment, in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    var days: [PostingKey: CalendarDate] = [:]
    for step in steps { days[step.original.key] = step.reversal.entry.head.postingDate }
    let day = steps.first?.reversal.entry.head.postingDate ?? day
    let own = try revisions.flatMap { try transaction.schedules(of: $0.number) }
    let numbers = Set(own.map(\.schedule.number))
    // All that was done before anything is undone: `number` may be one of the documents.
    let elsewhere = try revisions.flatMap { try transaction.scheduleMovements(by: $0.number) }
      .filter { made in
        guard !numbers.contains(made.schedule) else { return false }
        // What a void or revision took back of a run has left the schedule with it.
        guard let entry = made.entry, days[entry] == nil else { return true }
        return try !isTakenBack(entry, in: transaction)
      }
    var released: [Part] = []
    for stored in own {
      released += try end(stored, by: number, on: day, days, in: transaction)
    }
    for (schedule, movements) in Dictionary(grouping: elsewhere, by: \.schedule)
      .sorted(by: { $0.key < $1.key })
    {
      try undo(movements, of: schedule, by: number, on: day, in: transaction)
    }
    return try giveBack(released, by: number, notBefore: day, at: now, in: transaction)
  }

  /// What a summarised run has recognised of a schedule.
  private struct Part {
    var schedule: StoredSchedule
    var amount: DeferredAmount
    var run: DocumentNumber
  }

  /// Ends a schedule of a document that is taken back.
  ///
  /// - Parameter days: of the reversals, by what they reverse.
  /// - Returns: what no reversal gives back, because it stands in a summary.
  private func end(
    _ stored: StoredSchedule, by number: DocumentNumber, on day: CalendarDate,
    _ days: [PostingKey: CalendarDate], in transaction: any PostingTransaction
  ) throws -> [Part] {
    var parts: [Part] = []
    var left: [FiscalPeriod: DeferredAmount] = [:]
    for month in stored.schedule.months { left[month.period] = month.planned }
    for made in try movementsToEnd(of: stored, in: transaction) {
      let reversed = made.entry.flatMap { days[$0] }
      var isReversedHere = made.entry == nil || reversed != nil
      if let entry = made.entry, reversed == nil {
        switch try fate(of: entry, sourcedBy: stored.schedule.document, in: transaction) {
        case .stands: break
        // A run that was reversed has taken its releases back itself.
        case .takenBack: continue
        case .replaced: isReversedHere = true
        }
      }
      if !isReversedHere, !made.movement.kind.isPlan {
        parts.append(Part(schedule: stored, amount: -made.movement.amount, run: made.by))
      }
      if made.movement.kind.isPlan {
        left[made.movement.period, default: .zero] -= made.movement.amount
      }
      try insert(
        made.movement.kind.isPlan ? .cancelled : .released, made.movement.period,
        -made.movement.amount, stored.schedule.number, by: number, on: reversed ?? day,
        in: transaction)
    }
    // What others took from some months and gave back in later ones.
    if left.values.sum.isZero {
      for (period, planned) in left.sorted(by: { $0.key < $1.key }) {
        try insert(
          .cancelled, period, -planned, stored.schedule.number, by: number, on: day,
          in: transaction)
      }
    }
    return parts
  }

  /// What has to be given back when a schedule ends: its own plan and what was released of it. Of one
  /// that an earlier revision has left ended, only releases since: others may have moved on it.
  private func movementsToEnd(
    of stored: StoredSchedule, in queries: any PostingQueries
  ) throws -> [StoredScheduleMovement] {
    let movements = try queries.scheduleMovements(of: stored.schedule.number)
    let end = try movements.firstIndex { made in
      guard made.movement.kind == .cancelled,
        let ender = try queries.document(made.by)?.identity
      else { return false }
      return ender == stored.schedule.document || ender.type == .void
    }
    guard let end else {
      return movements.filter { $0.entry != nil || $0.by == stored.document }
    }
    return movements[end...].filter { $0.entry != nil && !$0.movement.kind.isPlan }
  }

  private enum Fate { case stands, takenBack, replaced }

  /// What became of a release that the reversals at hand do not name.
  ///
  /// One that was cancelled without a reversal was replaced by an entry with another key; where that
  /// is of the document itself, it is reversed with it.
  private func fate(
    of entry: PostingKey, sourcedBy document: DocumentIdentity, in queries: any PostingQueries
  ) throws -> Fate {
    if try isTakenBack(entry, in: queries) { return .takenBack }
    guard try queries.posting(of: entry)?.state == .cancelled else { return .stands }
    return try queries.entry(entry)?.entry.head.source.document == document ? .replaced : .stands
  }

  /// Whether a reversal of the entry stands, or was cancelled together with it.
  private func isTakenBack(_ entry: PostingKey, in queries: any PostingQueries) throws -> Bool {
    try queries.posting(of: entry)?.state == .cancelled
      ? !queries.reversals(of: entry).isEmpty : isReversed(entry, in: queries)
  }

  private func undo(
    _ movements: [StoredScheduleMovement], of number: ScheduleNumber,
    by document: DocumentNumber, on day: CalendarDate, in transaction: any PostingTransaction
  ) throws {
    guard let schedule = try transaction.schedule(number)?.schedule else { return }
    let recognised = Set(
      movements.filter { !$0.movement.kind.isPlan }.map(\.movement.period))
    let closed = Set(
      schedule.months.filter { schedule.isFixed($0, on: day) }.map(\.period)
    ).subtracting(recognised)
    let open = schedule.months.first { !schedule.isFixed($0, on: day) }?.period
    for made in movements {
      let period = made.movement.period
      try insert(
        made.movement.kind.isPlan ? .reshaped : .released,
        closed.contains(period) ? open ?? FiscalPeriod(containing: day) : period,
        -made.movement.amount, number, by: document, on: day, in: transaction)
    }
  }

  private func insert(
    _ kind: ScheduleMovement.Kind, _ period: FiscalPeriod, _ amount: DeferredAmount,
    _ schedule: ScheduleNumber, by number: DocumentNumber, on day: CalendarDate,
    in transaction: any PostingTransaction
  ) throws {
    guard !amount.isZero else { return }
    try transaction.insert(
      StoredScheduleMovement(
        schedule: schedule, movement: ScheduleMovement(kind, period, amount), by: number,
        postingDate: day))
  }

  /// Entries that move what was recognised back to the deferred accounts.
  private func giveBack(
    _ released: [Part], by number: DocumentNumber, notBefore day: CalendarDate, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    guard !released.isEmpty, let document = try transaction.document(number) else { return [] }
    var rest = released
    var postings: [PostingNumber] = []
    while let first = rest.first {
      let schedule = first.schedule.schedule
      let terms = schedule.terms
      func isLike(_ other: ScheduleTerms) -> Bool {
        other.entity == terms.entity && other.ledger == terms.ledger
          && other.currency == terms.currency && other.rate == terms.rate
      }
      let parts = rest.filter { isLike($0.schedule.schedule.terms) }
      rest.removeAll { isLike($0.schedule.schedule.terms) }
      var head = EntryHead(
        legalEntity: terms.entity, ledger: terms.ledger, kind: .reversal, postingDate: day,
        documentDate: document.documentDate, currency: terms.currency,
        functionalCurrency: terms.functionalCurrency, rate: terms.rate,
        reference: schedule.reference,
        description: "Reversal of revenue released of \(schedule.reference)",
        source: EntrySource(
          document: document.identity, revision: document.revision,
          sequence: Self.firstGivenBack + postings.count), rulesVersion: ruleBook.version)
      head.postingDate = firstOpenDay(from: day, for: [head])
      guard
        let entry = ScheduleEntry.entry(
          head, parts.map { ScheduleEntry.Part($0.schedule.schedule.terms, -$0.amount) }),
        let connection = ruleBook.entities[terms.entity]?.connections[terms.ledger]
      else { continue }
      let key = keys.key(of: head)
      try transaction.insert(
        EntryRecord(
          key: key, set: keys.setKey(of: document.identity, revision: document.revision),
          entry: entry), of: number)
      let runs = try Set(parts.map(\.run)).sorted().flatMap { try transaction.postings(of: $0) }
        .filter { !$0.state.isFinal }.map(\.number)
      postings.append(
        try transaction.insert(
          NewPosting(
            entry: key, document: number, entity: terms.entity, connection: connection,
            state: runs.isEmpty ? .due : .waiting, reason: runs.isEmpty ? nil : .order,
            after: runs)))
    }
    return postings
  }

  /// Their numbers are apart from those of other reversals of one document.
  private static let firstGivenBack = 100_001
}
