package import Ledger
package import PostingRules

/// Tries what is stopped once more: documents are converted by the rules in force now, refused
/// postings are sent again, and what nobody knows is looked up again.
package struct ExceptionRetry: Sendable {
  private let acceptance: Acceptance
  private let actor: String

  package init(acceptance: Acceptance, actor: String) {
    self.acceptance = acceptance
    self.actor = actor
  }

  /// What became of one exception.
  package enum Result: Hashable, Sendable {
    /// Its document has entries now, or its posting is due again.
    case released
    /// It stays, for these reasons.
    case stays([String])
    /// Nothing can be tried: a person has to decide.
    case needsDecision(String)
  }

  /// Retries one exception in the caller's transaction.
  package func retry(
    _ exception: PostingException, at now: Moment, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> Result {
    if let number = exception.posting {
      return try retry(posting: number, exception, at: now, in: transaction)
    }
    guard let number = exception.document else {
      return .needsDecision(
        "Two documents claim one identity: hand the right one over with a higher revision")
    }
    let verdict = try acceptance.reconvert(
      number, at: now, actor: actor, using: &converter, in: transaction)
    guard let verdict else {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
      return .released
    }
    guard verdict.kind == .exception else { return .released }
    return .stays(verdict.exceptions.map(\.cause))
  }

  private func retry(
    posting number: PostingNumber, _ exception: PostingException, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Result {
    guard var posting = try transaction.posting(number) else { return .released }
    switch posting.state {
    case .rejected:
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
    return .released
  }
}
