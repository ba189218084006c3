package import Ledger
package import PostingRules

/// Tries what is stopped once more: documents are converted by the rules in force now, refused
/// postings are sent again with the accounts of those rules, and what nobody knows is looked up.
package struct ExceptionRetry: Sendable {
  private let acceptance: Acceptance
  private let actor: String

  package init(acceptance: Acceptance, actor: String) {
    self.acceptance = acceptance
    self.actor = actor
  }

  /// Retries one exception in the caller's transaction.
  package func retry(
    _ exception: PostingException, at now: Moment, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> ExceptionResult {
    if exception.exceptionClass == EntrySet.exceptionClass, let number = exception.document,
      try transaction.halfPostedSince(number) != nil
    {
      return .needsDecision("Mend what stopped the rest of it, or reverse the document")
    }
    if let number = exception.posting {
      return try retry(
        posting: number, exception, at: now, using: &converter, in: transaction)
    }
    return try convert(exception, on: nil, at: now, using: &converter, in: transaction)
  }

  /// Converts once more, or sends again, with a day in the next open period.
  ///
  /// - Throws: ``Problem`` `not_movable` when nothing of it can be moved.
  package func moveToNextPeriod(
    _ exception: PostingException, at now: Moment, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> ExceptionResult {
    guard let number = exception.posting else {
      guard let document = exception.document,
        let day = try acceptance.nextOpenDay(after: document, in: transaction)
      else { throw notMovable(exception) }
      return try convert(exception, on: day, at: now, using: &converter, in: transaction)
    }
    guard let posting = try transaction.posting(number), posting.state == .rejected,
      !posting.isDoubtful, let record = try transaction.entry(posting.entry)
    else { throw notMovable(exception) }
    let head = record.entry.head
    guard
      let day = acceptance.nextOpenDay(
        after: head.postingDate, of: head.legalEntity, in: head.ledger)
    else { throw notMovable(exception) }
    let lines = try acceptance.currentForm(
      of: posting, record, using: &converter, in: transaction
    )?.record.entry.lines
    let replacement = try EntryReplacement(
      record, lines: lines ?? record.entry.lines, connection: posting.connection,
      postingDate: day, rulesVersion: acceptance.ruleBook.version, keys: acceptance.keys)
    try replacement.carryOut(on: posting, at: now, by: actor, in: transaction)
    return .done
  }

  private func notMovable(_ exception: PostingException) -> Problem {
    Problem(
      code: "not_movable",
      detail: "Exception \(exception.id ?? 0) concerns nothing that could be posted on another day",
      fix: "Retry or discard it instead")
  }

  /// - Parameter day: the day in the books; nil for the document's own.
  private func convert(
    _ exception: PostingException, on day: CalendarDate?, at now: Moment,
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws -> ExceptionResult {
    guard let number = exception.document else {
      return .needsDecision(
        "Two documents claim one identity: hand the right one over with a higher revision")
    }
    let verdict = try acceptance.reconvert(
      number, postingDate: day, at: now, actor: actor, using: &converter, in: transaction)
    guard let verdict else {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
      try DocumentProgress.refresh(number, in: transaction)
      return .done
    }
    guard verdict.kind == .exception else { return .done }
    return .stays(verdict.exceptions.map(\.cause))
  }

  private func retry(
    posting number: PostingNumber, _ exception: PostingException, at now: Moment,
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws -> ExceptionResult {
    guard var posting = try transaction.posting(number) else { return .done }
    switch posting.state {
    case .rejected:
      if let replacement = try replacement(of: posting, using: &converter, in: transaction) {
        try replacement.carryOut(on: posting, at: now, by: actor, in: transaction)
        return .done
      }
      posting.state = .due
      posting.notBefore = nil
    case .unknown:
      // Never sent again by a retry: the look-up decides, or the same exception comes back.
      posting.notBefore = now
    case .submitted:
      return .needsDecision("The ERP has the file and has not acknowledged it: ask its team")
    // Found twice: somebody has reversed one, and the look-up says which is left.
    case .posted where exception.exceptionClass == "late_success":
      posting.notBefore = now
      posting.isDoubtful = true
    case .due, .waiting, .sending, .posted, .cancelled, .reversed: break
    }
    try transaction.update(posting)
    if let id = exception.id { try transaction.resolve(exception: id, at: now) }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "exception.retried", document: exception.document,
        posting: number, detail: exception.exceptionClass))
    try DocumentProgress.refresh(posting.document, in: transaction)
    return .done
  }

  /// nil when the entry is sent again as it is.
  private func replacement(
    of posting: StoredPosting, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> EntryReplacement? {
    guard !posting.isDoubtful, let record = try transaction.entry(posting.entry),
      let current = try acceptance.currentForm(
        of: posting, record, using: &converter, in: transaction)
    else { return nil }
    return try EntryReplacement(
      record, lines: current.record.entry.lines, connection: current.connection,
      postingDate: record.entry.head.postingDate, rulesVersion: acceptance.ruleBook.version,
      keys: acceptance.keys)
  }
}
