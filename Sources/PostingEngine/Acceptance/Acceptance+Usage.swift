internal import AdapterKit
internal import Ledger
internal import PostingRules

// Rated usage, and the invoices that bill it: what was accrued of it is taken back at once.

extension Acceptance {
  /// Writes what a document says of usage.
  ///
  /// - Parameter day: on which it stands in the books.
  func storeUsage(
    of document: Document, _ number: DocumentNumber, on day: CalendarDate,
    in transaction: any PostingTransaction
  ) throws {
    if case .ratedUsage(let usage) = document.body {
      return try transaction.insert(usage, of: number)
    }
    let billed = document.billedUsage
    for usage in billed { try transaction.insert(usage, by: number, postingDate: day) }
    guard !billed.isEmpty, let rules = ruleBook.entities[document.entity] else { return }
    for ledger in rules.ledgers {
      var releases: [AccrualBalance.Release] = []
      for meter in Set(billed.map(\.meter)) {
        releases += try self.releases(of: meter, in: ledger, of: rules, transaction)
      }
      try takeBack(releases, by: document, number, in: ledger, of: rules, on: day, transaction)
    }
  }

  /// Accruals, of whatever month, of more than is unbilled now.
  private func releases(
    of meter: MeteredProduct, in ledger: LedgerRules, of rules: EntityRules,
    _ queries: any PostingQueries
  ) throws -> [AccrualBalance.Release] {
    let entity = rules.entity.id
    let standing = try queries.standingAccruals(
      of: entity, ledger: ledger.name, on: .last, meter: meter)
    guard !standing.isEmpty else { return [] }
    let items = try queries.ratedItems(of: entity, through: .last, meter: meter)
    let draw = UsageDraw(
      items: items,
      schedules: try queries.schedulesByUsage(of: entity, ledger: ledger.name).map(\.schedule))
    return AccrualBalance(
      items: items,
      unbilled: UnbilledUsage(
        items: items, billed: try queries.billedUsage(of: entity, through: .last, meter: meter),
        draw: draw), standing: standing
    ).releases
  }

  private func takeBack(
    _ releases: [AccrualBalance.Release], by document: Document, _ number: DocumentNumber,
    in ledger: LedgerRules, of rules: EntityRules, on day: CalendarDate,
    _ transaction: any PostingTransaction
  ) throws {
    guard let connection = rules.connections[ledger.name] else { return }
    var made = 0
    for (key, parts) in Dictionary(grouping: releases, by: \.accrual.entry)
      .sorted(by: { $0.key.text < $1.key.text })
    {
      guard let accrual = try transaction.entry(key)?.entry else { continue }
      made += 1
      var head = accrual.head
      head.kind = .accrualReversal
      head.documentDate = document.documentDate
      head.reference = document.reference
      head.description = "Accrued usage billed by \(document.reference)"
      head.source = EntrySource(
        document: document.identity, revision: document.revision, sequence: made)
      head.rulesVersion = ruleBook.version
      let wanted = max(day, accrual.head.postingDate)
      head.postingDate = compensation.firstOpenDay(from: wanted, for: [head])
      head.movedFrom = head.postingDate == wanted ? nil : wanted
      guard let entry = AccrualEntry.release(parts, of: accrual, head) else { continue }
      let record = EntryRecord(
        key: keys.key(of: head),
        set: keys.setKey(of: document.identity, revision: document.revision), entry: entry)
      let pending = try transaction.posting(of: key).flatMap { $0.state.isFinal ? nil : $0.number }
      try insert(
        record, of: number, through: connection, after: pending.map { [$0] } ?? [],
        in: transaction)
      for part in parts {
        _ = try transaction.insert(
          StoredAccrual(
            item: part.accrual.item, ledger: ledger.name, amount: -part.amount, by: number,
            postingDate: head.postingDate, entry: record.key, line: part.accrual.line,
            basis: part.accrual.number))
      }
    }
  }
}
