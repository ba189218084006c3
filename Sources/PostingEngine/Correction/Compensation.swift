internal import Ledger
package import PostingRules

/// Takes what a document gave out of the books again, by entries of their own with the same
/// guarantees.
///
/// Works in the caller's transaction, so that a correction is there as a whole or not at all.
package struct Compensation: Sendable {
  let ruleBook: RuleBook
  let keys: KeyDerivation

  package init(ruleBook: RuleBook, keys: KeyDerivation) {
    self.ruleBook = ruleBook
    self.keys = keys
  }

  /// What becomes of an entry that was never sent.
  package enum Unsent: Hashable, Sendable {
    /// It is cancelled, and so is its reversal: the books here show both, the ERP neither.
    case cancelled
    /// It is posted all the same, and its reversal after it.
    case postedFirst
  }

  /// One entry and what takes it back.
  package struct Step: Hashable, Sendable {
    package var original: EntryRecord
    package var posting: StoredPosting
    package var reversal: EntryRecord
    /// Whether neither goes to the ERP.
    package var isCancelled: Bool
  }
}

extension Compensation {
  /// What stands of a document: the entries that name it as their source or that it owns, whatever
  /// revision gave them, less what is reversed or was cancelled.
  ///
  /// - Parameter isWanted: leaves entries out, for instance those of a later revision.
  func standing(
    _ revisions: [StoredDocument], in queries: any PostingQueries,
    isWanted: (EntryRecord) -> Bool = { _ in true }
  ) throws -> [(record: EntryRecord, posting: StoredPosting)] {
    guard let identity = revisions.first?.identity else { return [] }
    var all = try queries.entries(from: identity)
    var seen = Set(all.map(\.key))
    for document in revisions {
      all += try queries.entries(of: document.number).filter { seen.insert($0.key).inserted }
    }
    return try all.compactMap { record in
      guard record.entry.head.kind != .reversal, isWanted(record),
        let posting = try queries.posting(of: record.key), posting.state != .cancelled,
        try !isReversed(record.key, in: queries)
      else { return nil }
      return (record, posting)
    }
  }

  /// Whether a reversal of the entry is posted or on its way; one that was withdrawn does not
  /// count.
  func isReversed(_ key: PostingKey, in queries: any PostingQueries) throws -> Bool {
    try queries.reversals(of: key).contains { reversal in
      try queries.posting(of: reversal).map { $0.state != .cancelled } ?? false
    }
  }

  /// The reversals of what stands.
  ///
  /// What the document's revisions gave by themselves in one ledger gets one day, so that the sides of
  /// an intercompany posting eliminate, and items end when their accounts do; so does what one
  /// month-end run gave of it. Not before the latest of them nor before `day`, and open for all.
  ///
  /// - Parameter day: nil means the original's own.
  func steps(
    for standing: [(record: EntryRecord, posting: StoredPosting)], notBefore day: CalendarDate?,
    unsent: Unsent, in queries: any PostingQueries
  ) throws -> [Step] {
    let days = days(of: standing.map(\.record), notBefore: day)
    var made: [ReversalSeries: Int] = [:]
    return try standing.map { record, posting in
      let head = record.entry.head
      let series = ReversalSeries(head)
      let sequence = try made[series] ?? reversalCount(of: series, in: queries)
      made[series] = sequence + 1
      let (wanted, open) = days[group(of: record)] ?? (head.postingDate, head.postingDate)
      let reversed = record.entry.reversed(
        key: record.key.text, on: open, movedFrom: open == wanted ? nil : wanted)
      var reversalHead = reversed.head
      reversalHead.source.sequence = sequence + 1
      reversalHead.rulesVersion = ruleBook.version
      return try Step(
        original: record, posting: posting,
        reversal: EntryRecord(
          key: keys.key(of: reversalHead), set: record.set, entry: reversed.withHead(reversalHead)),
        // What a summary has taken up reaches the ERP with it.
        isCancelled: posting.isCancellable(unsent)
          && queries.summary(ofDetail: posting.number) == nil)
    }
  }

  /// Stores the reversals with their postings.
  ///
  /// - Parameters:
  ///   - number: the document that owns them.
  ///   - predecessors: what goes into the ERPs before.
  /// - Returns: the postings that go into an ERP.
  func carryOut(
    _ steps: [Step], ownedBy number: DocumentNumber, after predecessors: [PostingNumber] = [],
    at now: Moment, by actor: String, in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    var sent: [PostingNumber] = []
    for step in steps {
      try transaction.insert(step.reversal, of: number)
      var after = predecessors
      if step.posting.state != .posted { after.append(step.posting.number) }
      let waits = !step.isCancelled && !after.isEmpty
      let inserted = try transaction.insert(
        NewPosting(
          entry: step.reversal.key, document: number, entity: step.posting.entity,
          connection: step.posting.connection,
          state: step.isCancelled ? .cancelled : waits ? .waiting : .due,
          reason: waits ? .order : nil, after: waits ? after : []))
      if !step.isCancelled { sent.append(inserted) }
    }
    // When all reversals stand: of a document that has only its posted parts left nobody is told that
    // it is posted.
    for step in steps where step.isCancelled {
      try Withdrawal.withdraw(step.posting, at: now, by: actor, in: transaction)
    }
    return sent
  }
}

/// The reversals that are numbered together: those whose posting keys differ by nothing else.
private struct ReversalSeries: Hashable {
  let source: DocumentIdentity
  let revision: Int
  let entity: LegalEntityID
  let ledger: String

  init(_ head: EntryHead) {
    source = head.source.document
    revision = head.source.revision
    entity = head.legalEntity
    ledger = head.ledger
  }
}

/// Entries that have to stand in one period.
private struct EntryGroup: Hashable {
  /// That of a month-end run; nil for what the document gave itself.
  let run: PostingKey?
  let ledger: String
}

extension Compensation {
  private func group(of record: EntryRecord) -> EntryGroup {
    let source = record.entry.head.source
    let isOwn = record.set == keys.setKey(of: source.document, revision: source.revision)
    return EntryGroup(run: isOwn ? nil : record.set, ledger: record.entry.head.ledger)
  }

  private func reversalCount(
    of series: ReversalSeries, in queries: any PostingQueries
  ) throws -> Int {
    try queries.entries(from: series.source).count {
      $0.entry.head.kind == .reversal && ReversalSeries($0.entry.head) == series
    }
  }

  /// The day each group should have, and the one that closed periods leave it.
  private func days(
    of records: [EntryRecord], notBefore day: CalendarDate?
  ) -> [EntryGroup: (wanted: CalendarDate, open: CalendarDate)] {
    Dictionary(grouping: records, by: group).mapValues { group in
      let latest = group.map(\.entry.head.postingDate).max() ?? .first
      let wanted = max(latest, day ?? latest)
      return (wanted, firstOpenDay(from: wanted, for: group.map(\.entry.head)))
    }
  }

  /// A correction never waits for a period: it goes into the next one that is open for all.
  func firstOpenDay(from day: CalendarDate, for heads: [EntryHead]) -> CalendarDate {
    let books = heads.compactMap { head -> PostingDay.Books? in
      guard let ledger = ruleBook.entities[head.legalEntity]?.ledger(head.ledger) else {
        return nil
      }
      var books = PostingDay.Books(head.legalEntity, ledger)
      books.policy = .nextOpen
      return books
    }
    guard case .on(let open, _) = PostingDay.choose(from: day, in: books) else { return day }
    return open
  }
}

extension StoredPosting {
  /// Whether it is in no ERP for certain and is not sent any more.
  fileprivate func isCancellable(_ unsent: Compensation.Unsent) -> Bool {
    if isDoubtful { return false }
    switch state {
    case .rejected: return true
    case .due, .waiting: return unsent == .cancelled
    case .sending, .submitted, .unknown, .posted, .cancelled, .reversed: return false
    }
  }
}

extension JournalEntry {
  /// The same lines under another head in the same currencies.
  func withHead(_ head: EntryHead) -> JournalEntry {
    do throws(UnbalancedEntry) {
      return try JournalEntry(head, lines: lines)
    } catch {
      preconditionFailure("the same lines balance again")
    }
  }
}
