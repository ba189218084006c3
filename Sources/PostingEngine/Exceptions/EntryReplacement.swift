internal import Ledger
internal import PostingRules

/// An entry that takes the place of one that an ERP refused, which stays in the journal, cancelled.
///
/// Its key is a new one: the ERP may remember the old key as refused.
struct EntryReplacement {
  private let record: EntryRecord
  private let connection: ConnectionID

  /// What each replacement adds to the sequence of the entry that it replaces.
  static let sequenceStep = 1_000_000

  init(
    _ replaced: EntryRecord, lines: [JournalLine], connection: ConnectionID,
    postingDate: CalendarDate, rulesVersion: String, keys: KeyDerivation
  ) throws {
    var head = replaced.entry.head
    head.postingDate = postingDate
    head.rulesVersion = rulesVersion
    head.source.sequence += EntryReplacement.sequenceStep
    record = EntryRecord(
      key: keys.key(of: head), set: replaced.set, entry: try JournalEntry(head, lines: lines))
    self.connection = connection
  }

  func carryOut(
    on posting: StoredPosting, at now: Moment, by actor: String,
    in transaction: any PostingTransaction
  ) throws {
    let first = try Withdrawal.openPredecessors(of: posting.number, in: transaction)
    try transaction.insert(record, of: posting.document)
    let number = try transaction.insert(
      NewPosting(
        entry: record.key, document: posting.document, entity: posting.entity,
        connection: connection, state: first.isEmpty ? .due : .waiting,
        reason: first.isEmpty ? nil : .order, after: first))
    try transaction.moveOrder(from: posting.number, to: number)
    // A summary keeps what it carries.
    for detail in try transaction.details(ofSummary: posting.number) {
      try transaction.insert(summary: number, detail: detail)
    }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "posting.replaced", document: posting.document,
        posting: posting.number,
        detail: "\(posting.entry) by \(record.key) of \(record.entry.head.postingDate)"))
    try Withdrawal.withdraw(posting, at: now, by: actor, in: transaction)
  }
}

extension Acceptance {
  /// What the rules in force make of an entry that an ERP refused, where only accounts, taxes,
  /// dimensions or the connection differ; nil when nothing does.
  ///
  /// Amounts that would change leave it as it is: they would no longer tie to the other entries of
  /// the document and to what it settled. That takes a higher revision.
  func currentForm(
    of posting: StoredPosting, _ record: EntryRecord, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> (record: EntryRecord, connection: ConnectionID)? {
    let head = record.entry.head
    guard head.kind != .reversal, let stored = try transaction.document(posting.document),
      head.source.document == stored.identity
    else { return nil }
    let document = try storedDocument(stored.number, in: transaction)
    // What it did itself counts as undone, so that it finds what it found before.
    let own = try transaction.revisions(of: stored.identity).filter {
      $0.revision <= stored.revision
    }
    let plan = try plan(for: document, inPlaceOf: own, using: &converter, in: transaction)
    for (current, connection) in zip(plan.records, plan.connections)
    where current.entry.head.isSamePart(as: head) {
      let isSame =
        current.entry.lines.elementsEqual(record.entry.lines, by: { $0.saysTheSame(as: $1) })
        && connection == posting.connection
      let tiesOut = current.entry.lines.elementsEqual(
        record.entry.lines, by: { $0.isWorthTheSame(as: $1) })
      return isSame || !tiesOut ? nil : (current, connection)
    }
    return nil
  }

  /// The first day of the next period that is open here; nil past the end of the calendar.
  func nextOpenDay(
    after day: CalendarDate, of entity: LegalEntityID, in ledger: String
  ) -> CalendarDate? {
    guard let next = FiscalPeriod(containing: day).next else { return nil }
    guard let rules = ruleBook.entities[entity]?.ledger(ledger) else { return next.firstDay }
    var books = PostingDay.Books(entity, rules)
    books.policy = .nextOpen
    guard case .on(let open, _) = PostingDay.choose(from: next.firstDay, in: [books]) else {
      return nil
    }
    return open
  }

  /// As above, after the day that a document without entries would be posted on.
  func nextOpenDay(
    after document: DocumentNumber, in queries: any PostingQueries
  ) throws -> CalendarDate? {
    guard try queries.entries(of: document).isEmpty else { return nil }
    let document = try storedDocument(document, in: queries)
    return nextOpenDay(
      after: document.postingDate ?? document.documentDate, of: document.entity,
      in: EntryHead.primaryLedger)
  }
}

extension EntryHead {
  /// Whether both are the same part of one document, whichever replacement of it.
  func isSamePart(as other: EntryHead) -> Bool {
    legalEntity == other.legalEntity && ledger == other.ledger && kind == other.kind
      && source.sequence % EntryReplacement.sequenceStep
        == other.source.sequence % EntryReplacement.sequenceStep
  }
}

extension JournalLine {
  /// The same role, side and amounts: what other entries and open items tie to.
  fileprivate func isWorthTheSame(as other: JournalLine) -> Bool {
    role == other.role && side == other.side && amount == other.amount
      && functionalAmount == other.functionalAmount && party == other.party
  }

  /// The same for the ERP, whatever row of the rules it comes from.
  fileprivate func saysTheSame(as other: JournalLine) -> Bool {
    isWorthTheSame(as: other) && account == other.account && tax == other.tax
      && dimensions == other.dimensions
  }
}
