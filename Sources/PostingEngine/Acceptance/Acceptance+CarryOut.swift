package import Ledger
package import PostingRules

extension Acceptance {
  /// Writes what a plan says for a document that is stored already.
  ///
  /// - Parameter earlier: the revisions that it takes the place of once it has entries. Until then
  ///   those that have entries stand, so that the books are never without the document.
  /// - Parameter standing: its open exceptions; those whose cause is still there stay.
  func carryOut(
    _ plan: ConversionPlan, _ number: DocumentNumber, _ document: Document,
    inPlaceOf earlier: [StoredDocument], waitingUntil: Moment? = nil,
    standing: [PostingException] = [], at now: Moment, in transaction: any PostingTransaction
  ) throws -> Verdict {
    try giveUpUnconverted(earlier, at: now, in: transaction)
    switch plan.conversion {
    case .entries:
      if let voided = plan.voided {
        try carryOut(voided, by: number, at: now, in: transaction)
        return Verdict(document.identity, .accepted)
      }
      let reversals =
        plan.corrects
        ? try correct(earlier, by: number, plan, at: now, in: transaction)
        : try supersede(earlier, by: number, plan, at: now, in: transaction)
      try post(plan, number, of: document, after: reversals, in: transaction)
      if plan.records.isEmpty, reversals.isEmpty {
        // Nothing to post, and so nothing to wait for.
        try transaction.setState(.posted, of: number)
      }
      return Verdict(document.identity, .accepted)
    case .waiting(let reason):
      var wait = wait(reason, number, from: document.identity.source, at: now)
      if let waitingUntil { wait.until = min(wait.until, waitingUntil) }
      try transaction.insert(wait)
      return Verdict(document.identity, .accepted, waiting: reason.text)
    case .stopped(let stops):
      let exceptions = stops.map { stop in
        standing.first { $0.fingerprint == stop.cause }
          ?? exception(for: stop, of: document, number: number, at: now)
      }
      for exception in exceptions where exception.id == nil { try transaction.insert(exception) }
      return Verdict(document.identity, .exception, exceptions: exceptions)
    }
  }

  /// The exception that a stop opens.
  ///
  /// - Parameter number: nil for a document that is not stored.
  package func exception(
    for stop: Stop, of document: Document, number: DocumentNumber?, at now: Moment
  ) -> PostingException {
    PostingException(
      exceptionClass: stop.exceptionClass.rawValue, cause: stop.problem.detail,
      fingerprint: stop.cause, document: number, entity: document.entity, amount: stop.amount,
      since: now, fix: stop.problem.fix)
  }

  /// - Parameter reversals: what goes into the ERP before, besides the plan's own predecessors.
  private func post(
    _ plan: ConversionPlan, _ number: DocumentNumber, of document: Document,
    after reversals: [PostingNumber], in transaction: any PostingTransaction
  ) throws {
    var earlier: [StoredPosting] = []
    for identity in plan.predecessors where identity != document.identity {
      guard let stored = try inForce(identity, in: transaction) else { continue }
      earlier += try transaction.postings(of: stored.number).filter { !$0.state.isFinal }
    }
    for (record, connection) in zip(plan.records, plan.connections) {
      // Order matters in one ERP: other entities and ledgers of the document do not wait.
      let entity = record.entry.head.legalEntity
      let first =
        reversals
        + earlier.filter { $0.entity == entity && $0.connection == connection }.map(\.number)
      try insert(record, of: number, through: connection, after: first, in: transaction)
    }
    try store(plan.schedules, by: number, in: transaction)
    try storeUsage(
      of: document, number, on: plan.postingDate ?? document.wantedPostingDate, in: transaction)
    for reference in document.references where reference.purpose == .uses {
      guard let used = try inForce(reference.identity, in: transaction) else { continue }
      try transaction.insertUse(of: used.number, by: number)
    }
    for change in plan.changes {
      let item =
        change.item == document.identity
        ? number : try inForce(change.item, in: transaction)?.number
      guard let item else { continue }
      try transaction.insert(
        StoredOpenItemChange(
          item: item, part: change.part, ledger: change.ledger, parties: change.parties,
          by: number, amount: change.amount, functional: change.functional))
    }
  }

  /// Stores an entry with its posting.
  ///
  /// - Parameter first: what goes into the same ERP before it.
  @discardableResult func insert(
    _ record: EntryRecord, of number: DocumentNumber, through connection: ConnectionID,
    after first: [PostingNumber], in transaction: any PostingTransaction
  ) throws -> PostingNumber {
    let head = record.entry.head
    try transaction.insert(record, of: number)
    let books = ruleBook.entities[head.legalEntity]?.ledger(head.ledger)
    // A summary has no order inside: its entries reach the books together.
    let isSummed = books?.policies.posting == .summary && head.kind != .summary
    let waits = isSummed || !first.isEmpty
    return try transaction.insert(
      NewPosting(
        entry: record.key, document: number, entity: head.legalEntity, connection: connection,
        state: waits ? .waiting : .due, reason: isSummed ? .summary : waits ? .order : nil,
        after: isSummed ? [] : first))
  }

  private func wait(
    _ reason: WaitReason, _ number: DocumentNumber, from source: String, at now: Moment
  ) -> DocumentWait {
    switch reason {
    case .reference(let identities):
      DocumentWait(
        document: number, reason: .reference, references: identities, detail: reason.text,
        until: now + (waitLimits[source] ?? waitLimit))
    case .period:
      DocumentWait(
        document: number, reason: .period, references: [], detail: reason.text, until: .never)
    }
  }

  /// Converts a document that waits or is stopped once more, by the rules in force now.
  ///
  /// - Parameter postingDate: the day in the books that a person chose; nil for the document's own.
  /// - Returns: what became of it; nil when it has entries already.
  package func reconvert(
    _ number: DocumentNumber, postingDate: CalendarDate? = nil, at now: Moment, actor: String,
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws -> Verdict? {
    guard let stored = try transaction.document(number),
      stored.state == .accepted || stored.state == .exception,
      try transaction.entries(of: number).isEmpty
    else { return nil }
    var document = try storedDocument(number, in: transaction)
    if let postingDate { document.postingDate = postingDate }
    let earlier =
      stored.revision == 1
      ? [] : try transaction.revisions(of: stored.identity).filter { $0.revision < stored.revision }
    let plan = try plan(for: document, inPlaceOf: earlier, using: &converter, in: transaction)
    let before = try transaction.wait(of: number)
    if case .waiting(let reason) = plan.conversion, before?.detail == reason.text {
      return Verdict(document.identity, .accepted, waiting: reason.text)
    }
    try transaction.removeWait(of: number)
    let standing = try transaction.openExceptions(of: number)
    for exception in standing where !plan.isStopped(by: exception.fingerprint) {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
    }
    try transaction.setConversion(receivable: plan.receivable, rate: plan.rate, of: number)
    if stored.state != plan.state { try transaction.setState(plan.state, of: number) }
    // A document that has begun to wait does not wait longer because it was tried in between.
    let verdict = try carryOut(
      plan, number, document, inPlaceOf: earlier, waitingUntil: before?.until, standing: standing,
      at: now, in: transaction)
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "document.converted", document: number,
        detail: plan.summary))
    if case .entries = plan.conversion {
      try convertWaiting(
        for: document.identity, at: now, actor: actor, using: &converter, in: transaction)
    }
    return verdict
  }

  /// Converts what waited for a document that has entries now, and what waited for that in turn.
  func convertWaiting(
    for identity: DocumentIdentity, at now: Moment, actor: String,
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws {
    guard try transaction.anyDocumentWaits() else { return }
    for waiting in try transaction.documentsWaiting(for: identity) {
      _ = try reconvert(waiting, at: now, actor: actor, using: &converter, in: transaction)
    }
  }
}
