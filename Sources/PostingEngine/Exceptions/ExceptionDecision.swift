internal import AdapterKit
package import Ledger
internal import PostingRules

/// What a person decides about a posting or document that is stopped.
package struct ExceptionDecision: Sendable {
  private let actor: String

  package init(actor: String) { self.actor = actor }

  /// The entry is in the ERP under this number: somebody looked, or entered it by hand.
  ///
  /// - Throws: ``Problem`` `not_resolvable` when the exception concerns no posting that could be
  ///   in an ERP.
  package func resolve(
    _ exception: PostingException, erpNumber: String, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard let number = exception.posting, var posting = try transaction.posting(number),
      let record = try transaction.entry(posting.entry),
      [.rejected, .unknown, .submitted].contains(posting.state)
    else {
      throw Problem(
        code: "not_resolvable",
        detail: "Exception \(exception.id ?? 0) concerns nothing that could be in an ERP",
        fix: "Retry or discard it instead")
    }
    let receipt = Receipt(id: erpNumber, number: erpNumber, postedAt: now)
    posting.state = .posted
    posting.reason = nil
    posting.notBefore = nil
    posting.isDoubtful = false
    posting.receipt = receipt
    // An answer that is still under way finds its fence stale.
    posting.fence += 1
    posting.leasedUntil = nil
    try transaction.update(posting)
    try DocumentProgress.posted(
      posting, record, receipt, at: now, by: actor, in: transaction)
  }

  /// Somebody looked and the entry is not in the ERP: it is sent again.
  ///
  /// - Throws: ``Problem`` `not_resolvable` when it is known what became of the posting.
  package func declareAbsent(
    _ exception: PostingException, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    guard let number = exception.posting, var posting = try transaction.posting(number),
      posting.state == .unknown || posting.state == .submitted
        || (posting.state == .rejected && posting.isDoubtful)
    else {
      throw Problem(
        code: "not_resolvable",
        detail: "Exception \(exception.id ?? 0) concerns no posting that is in doubt",
        fix: "Retry or discard it instead")
    }
    posting.state = .due
    posting.reason = nil
    posting.notBefore = nil
    posting.isDoubtful = false
    posting.ticket = nil
    // An answer that is still under way finds its fence stale.
    posting.fence += 1
    posting.leasedUntil = nil
    try transaction.update(posting)
    for open in try transaction.openExceptions(of: number) {
      if let id = open.id { try transaction.resolve(exception: id, at: now) }
    }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "posting.absent", document: posting.document,
        posting: number, detail: "Declared not to be in \(posting.connection)"))
    try DocumentProgress.refresh(posting.document, in: transaction)
  }

  /// The document is given up; nothing of it may be in an ERP or on its way there, and nothing may
  /// wait for it.
  ///
  /// - Throws: ``Problem`` `not_discardable`.
  package func discard(
    _ exception: PostingException, reason: String, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    if let number = exception.document {
      let postings = try transaction.postings(of: number).filter { $0.state != .cancelled }
      for posting in postings { try checkDiscardable(posting, in: transaction) }
      for posting in postings {
        try Withdrawal.withdraw(posting, at: now, by: actor, in: transaction)
      }
      try transaction.removeWait(of: number)
      for open in try transaction.openExceptions(of: number) {
        if let id = open.id { try transaction.resolve(exception: id, at: now) }
      }
      try closeOpenItems(of: number, in: transaction)
      try giveSchedulesBack(by: number, in: transaction)
      try transaction.setState(.discarded, of: number)
    } else if let id = exception.id {
      try transaction.resolve(exception: id, at: now)
    }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "document.discarded", document: exception.document,
        detail: reason))
  }

  private func checkDiscardable(
    _ posting: StoredPosting, in queries: any PostingQueries
  ) throws {
    guard [.due, .waiting, .rejected].contains(posting.state), !posting.isDoubtful else {
      throw Problem(
        code: "not_discardable",
        detail: "Posting \(posting.number.value) of its document is \(posting.state.rawValue)",
        fix: "Reverse the document instead")
    }
    if try queries.summary(ofDetail: posting.number) != nil {
      throw Problem(
        code: "not_discardable",
        detail: "Posting \(posting.number.value) of its document is part of a summary",
        fix: "Reverse the document once the summary is posted")
    }
    for owner in try [posting] + replaced(by: posting, in: queries) {
      for number in try queries.postingsWaiting(for: owner.number) {
        guard let waiting = try queries.posting(number), waiting.document != posting.document,
          try queries.entry(waiting.entry)?.entry.head.takesBack != owner.entry.text,
          let document = try queries.document(waiting.document)
        else { continue }
        throw Problem(
          code: "not_discardable", detail: "\(document.identity) waits for it",
          fix: "Discard or revise that document first, or hand over a higher revision of this one")
      }
    }
  }

  /// Cancelled postings of earlier revisions: what waited for them waits for this one.
  private func replaced(
    by posting: StoredPosting, in queries: any PostingQueries
  ) throws -> [StoredPosting] {
    guard let document = try queries.document(posting.document) else { return [] }
    return try queries.revisions(of: document.identity)
      .filter { $0.revision < document.revision }
      .flatMap { try queries.postings(of: $0.number) }
      .filter { $0.state == .cancelled }
  }

  /// What a discarded document, or month-end run, did to the schedules of others never was; its own
  /// count no more.
  private func giveSchedulesBack(
    by number: DocumentNumber, in transaction: any PostingTransaction
  ) throws {
    let own = Set(try transaction.schedules(of: number).map(\.schedule.number))
    for made in try transaction.scheduleMovements(by: number)
    where !own.contains(made.schedule) {
      var opposite = made
      opposite.movement.amount = -made.movement.amount
      opposite.entry = nil
      try transaction.insert(opposite)
    }
  }

  /// What a discarded document opened or settled no longer counts.
  private func closeOpenItems(
    of number: DocumentNumber, in transaction: any PostingTransaction
  ) throws {
    for change in try transaction.openItemChanges(by: number) {
      try transaction.insert(
        StoredOpenItemChange(Acceptance.ItemPart(change), by: number, -change.carrying))
    }
    if let open = try transaction.openItems(of: number)[.receivable]?.open, !open.isZero {
      try transaction.insert(
        StoredOpenItemChange(item: number, part: .receivable, by: number, -open))
    }
  }
}
