internal import Digest
package import Ledger
internal import LedgerJSON
package import PostingRules

// Month-end runs: documents of our own that own the entries they make.

/// An entry that a month-end run makes.
package struct RunEntry: Sendable {
  package var entry: JournalEntry
  /// Documents whose postings go into the ERP before it.
  package var after: [DocumentNumber]
  /// The place of the run's entry that goes before it; nil for none.
  package var following: Int?

  package init(
    _ entry: JournalEntry, after: [DocumentNumber] = [], following: Int? = nil
  ) {
    self.entry = entry
    self.after = after
    self.following = following
  }
}

/// A month-end run that is stored.
package struct StoredRun: Sendable {
  package var number: DocumentNumber
  package var document: Document
  package var records: [EntryRecord]
}

extension Acceptance {
  /// The next run of a verb over a period: numbered after those that are stored.
  package func nextRun(
    _ verb: PeriodRun.Verb, of entity: LegalEntityID, ledger: String = EntryHead.primaryLedger,
    period: FiscalPeriod, in queries: any PostingQueries
  ) throws -> PeriodRun {
    var run = PeriodRun(verb, ledger: ledger, period: period)
    while try queries.document(run.identity(of: entity)) != nil { run.number += 1 }
    return run
  }

  /// Stores a run with its entries and their postings.
  ///
  /// - Throws: ``Problem`` `unknown_entity`, `missing_mapping` when the entity has no connection
  ///   for the ledger, and what the store refuses: an entry that is there already.
  package func store(
    _ run: PeriodRun, of entity: LegalEntityID, entries: [RunEntry], at now: Moment,
    actor: String, in transaction: any PostingTransaction
  ) throws -> StoredRun {
    let rules = try entityRules(of: entity)
    let document = Document(
      identity: run.identity(of: entity), entity: entity, reference: run.identity(of: entity).id,
      documentDate: run.period.lastDay, currency: rules.entity.functionalCurrency, customer: nil,
      approval: Approval(by: actor, at: now.description), body: .periodRun(run))
    guard let connection = rules.connections[run.ledger] else {
      throw Problem(
        code: "missing_mapping", pointer: "/entity",
        detail: "Entity \(entity) has no connection for ledger \(run.ledger)",
        fix: "Set 'connection' in entities/\(entity).yaml")
    }
    let content = DocumentWriter.bytes(of: document)
    let records = self.records(of: entries.map(\.entry), for: document)
    let number = try transaction.insert(
      NewDocument(
        document: document, content: content, contentHash: SHA256.hash(content).bytes,
        state: .accepted, acceptedAt: now))
    var open: [DocumentNumber: [PostingNumber]] = [:]
    var made: [PostingNumber] = []
    for (record, entry) in zip(records, entries) {
      var first: [PostingNumber] = []
      for earlier in Set(entry.after).sorted() {
        let known =
          try open[earlier]
          ?? transaction.postings(of: earlier).filter { !$0.state.isFinal }.map(\.number)
        open[earlier] = known
        first += known
      }
      if let place = entry.following { first.append(made[place]) }
      made.append(
        try insert(record, of: number, through: connection, after: first, in: transaction))
    }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "document.accepted", document: number,
        detail: records.count == 1 ? "1 entry" : "\(records.count) entries"))
    return StoredRun(number: number, document: document, records: records)
  }

  /// - Throws: ``Problem`` `unknown_entity`.
  package func entityRules(of entity: LegalEntityID) throws(Problem) -> EntityRules {
    guard let rules = ruleBook.entities[entity] else {
      throw Problem(
        code: "unknown_entity", pointer: "/entity",
        detail: "No legal entity '\(entity)' is configured",
        fix: "Use one of: " + ruleBook.entities.keys.sorted().map(\.code).joined(separator: ", "))
    }
    return rules
  }

  /// A ledger that a month-end run is for.
  ///
  /// - Throws: ``Problem`` `usage` when the entity keeps no such ledger.
  package func books(_ ledger: String, of rules: EntityRules) throws(Problem) -> LedgerRules {
    guard let books = rules.ledger(ledger) else {
      throw Problem(
        code: "usage", pointer: "--ledger",
        detail: "\(rules.entity.id) keeps no ledger '\(ledger)'",
        fix: "Use one of: " + rules.ledgers.map(\.name).joined(separator: ", "))
    }
    return books
  }
}
