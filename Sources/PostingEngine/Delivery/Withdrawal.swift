internal import Ledger

/// Takes back postings that are in no ERP and shall not get there.
enum Withdrawal {
  /// Cancels a posting with its exceptions, and the reversal that waits for it: what was never
  /// booked needs none. What else waited for it waits for what took its place.
  static func withdraw(
    _ posting: StoredPosting, at now: Moment, by actor: String = "engine",
    in transaction: any PostingTransaction
  ) throws {
    var cancelled = posting
    cancelled.state = .cancelled
    cancelled.reason = nil
    cancelled.notBefore = nil
    cancelled.leasedUntil = nil
    // An answer that is still under way finds its fence stale.
    cancelled.fence += 1
    try transaction.update(cancelled)
    for exception in try transaction.openExceptions(of: posting.number) {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
    }
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "posting.cancelled", document: posting.document,
        posting: posting.number))
    if let reversal = try reversal(waitingFor: posting, in: transaction) {
      try withdraw(reversal, at: now, by: actor, in: transaction)
    }
    try DocumentProgress.releaseWaiting(for: posting.number, at: now, in: transaction)
    try EntrySet.note(posting.document, at: now, in: transaction)
    // The rest of a document that is taken back may have been all that was missing.
    if let identity = try transaction.document(posting.document)?.identity {
      try DocumentProgress.refreshReversed(identity, in: transaction)
    }
    try DocumentProgress.refresh(posting.document, in: transaction)
  }

  /// The posting of the reversal that follows this one; nil when there is none or it is under way.
  static func reversal(
    waitingFor posting: StoredPosting, in queries: any PostingQueries
  ) throws -> StoredPosting? {
    for number in try queries.postingsWaiting(for: posting.number) {
      guard let waiting = try queries.posting(number),
        try queries.entry(waiting.entry)?.entry.head.takesBack == posting.entry.text
      else { continue }
      return waiting
    }
    return nil
  }

  /// What a posting that takes another's place still has to wait for.
  static func openPredecessors(
    of number: PostingNumber, in queries: any PostingQueries
  ) throws -> [PostingNumber] {
    try queries.unpostedPredecessors(of: number).filter { predecessor in
      try queries.posting(predecessor).map { try !isSettled($0, in: queries) } ?? false
    }
  }

  /// Whether nothing has to wait for a posting any more that will never be posted: it reversed what
  /// was never booked, or all that took the place of its document is in the ERPs.
  static func isSettled(_ posting: StoredPosting, in queries: any PostingQueries) throws -> Bool {
    guard posting.state == .cancelled, let document = try queries.document(posting.document) else {
      return false
    }
    if try queries.entry(posting.entry)?.entry.head.kind == .reversal { return true }
    return try queries.revisions(of: document.identity).contains {
      $0.revision > document.revision && ($0.state == .posted || $0.state == .reversed)
    }
  }
}
