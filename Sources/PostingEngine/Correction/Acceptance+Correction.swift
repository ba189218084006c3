internal import Ledger
internal import PostingRules

// Where the entity's policy says so, a higher revision of what is posted gives one entry of kind
// `correction` in each ledger with what differs; what is posted stands.

extension Acceptance {
  /// The plan of a document that takes the place of earlier revisions.
  func adapted(
    _ plan: ConversionPlan, _ document: Document, inPlaceOf earlier: [StoredDocument],
    in queries: any PostingQueries
  ) throws -> ConversionPlan {
    if earlier.isEmpty { return plan }
    let plan = try stoppedIfImmovable(plan, document, earlier, in: queries)
    guard case .entries = plan.conversion,
      ruleBook.entities[document.entity]?.policies.revisions == .difference,
      plan.schedules.isEmpty, document.billedUsage.isEmpty,
      let standing = try correctable(earlier, document, in: queries),
      let records = corrections(of: standing, to: plan.records)
    else { return plan }
    var result = plan
    result.corrects = true
    result.records = records.map(\.record)
    result.connections = records.compactMap { record in
      zip(plan.records, plan.connections).first {
        $0.0.key == record.basis
      }?.1
    }
    return result
  }

  /// What is in the books of the earlier revisions; nil where a difference cannot say the change:
  /// not all of it is posted, others have built on it, customer, currency or entity differ, or there
  /// are schedules or accruals, which an entry with what differs could not begin anew.
  private func correctable(
    _ earlier: [StoredDocument], _ document: Document, in queries: any PostingQueries
  ) throws -> [EntryRecord]? {
    let standing = try compensation.standing(earlier, in: queries)
    let numbers = Set(earlier.map(\.number))
    guard !standing.isEmpty,
      standing.allSatisfy({ $0.posting.state == .posted && numbers.contains($0.posting.document) })
    else { return nil }
    let revisions = Set(standing.map(\.posting.document))
    guard
      try earlier.allSatisfy({
        try queries.schedules(of: $0.number).isEmpty && !queries.billsUsage($0.number)
      }),
      earlier.allSatisfy({ stored in
        !revisions.contains(stored.number)
          || (stored.entity == document.entity && stored.customer == document.customer?.id
            && stored.currency == document.currency)
      })
    else { return nil }
    return standing.map(\.record)
  }

  /// The differences by entity and ledger, each with the new entry that it takes its head from; nil
  /// where the two sides are in different books or at different rates.
  private func corrections(
    of standing: [EntryRecord], to wanted: [EntryRecord]
  ) -> [(record: EntryRecord, basis: PostingKey)]? {
    let before = Dictionary(grouping: standing, by: BookKey.init)
    let after = Dictionary(grouping: wanted, by: BookKey.init)
    guard before.keys == after.keys else { return nil }
    var order: [BookKey] = []
    for record in wanted where !order.contains(BookKey(record)) { order.append(BookKey(record)) }
    var result: [(EntryRecord, PostingKey)] = []
    for book in order {
      guard let old = before[book], let new = after[book], let first = new.first else { return nil }
      var difference = EntryDifference()
      for record in new { difference.add(record.entry, isNew: true) }
      for record in old { difference.add(record.entry, isNew: false) }
      var head = first.entry.head
      head.kind = .correction
      head.source.sequence = 1
      head.description = "Correction: \(head.description)"
      let latest = old.map(\.entry.head.postingDate).max() ?? head.postingDate
      if latest > head.postingDate {
        head.postingDate = compensation.firstOpenDay(from: latest, for: [head])
        head.movedFrom = head.postingDate == latest ? nil : latest
      }
      let lines = difference.lines(in: head)
      guard !lines.isEmpty else { continue }
      guard let entry = try? JournalEntry(head, lines: lines) else { return nil }
      result.append(
        (EntryRecord(key: keys.key(of: head), set: first.set, entry: entry), first.key))
    }
    return result
  }

  /// The earlier revisions stand; what they opened and what others settled on them moves on.
  func correct(
    _ earlier: [StoredDocument], by number: DocumentNumber, _ plan: ConversionPlan, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    for document in earlier where document.state != .discarded && document.state != .reversed {
      try transaction.append(
        AuditRecord(
          at: now, actor: "intake", action: "document.corrected", document: document.number,
          detail: plan.records.isEmpty
            ? "A higher revision changes nothing in the books"
            : "A higher revision was posted as a difference"))
    }
    try moveOpenItems(from: earlier, to: number, in: transaction)
    return []
  }
}

/// The books and the rate of an entry: differences are made within them.
private struct BookKey: Hashable {
  let entity: LegalEntityID
  let ledger: String
  let currency: Currency
  let rate: ExactDecimal?

  init(_ record: EntryRecord) {
    let head = record.entry.head
    entity = head.legalEntity
    ledger = head.ledger
    currency = head.currency
    rate = head.rate?.rate
  }
}
