internal import AdapterKit
package import Ledger

/// The entries of one document in several entities: they stand or fall together.
///
/// While some are in their ERPs and others are not, the accounts between the entities do not tie.
/// That lasts as long as the slower ERP takes; it becomes the exception `half_posted` when one of
/// the others has stopped, or is still under way after ``patience``.
package enum EntrySet {
  /// How long the parts of a set may lie apart before a person is told.
  package static let patience: Duration = .seconds(3_600)

  /// Looks at the set after one of its postings has got somewhere.
  static func note(
    _ document: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    let postings = try transaction.postings(of: document).filter { $0.state != .cancelled }
    guard Set(postings.map(\.entity)).count > 1 else { return }
    let open = postings.filter { !$0.state.isFinal }
    guard !open.isEmpty, open.count < postings.count else {
      try transaction.clearHalfPosted(document)
      for exception in try openExceptions(of: document, in: transaction) {
        if let id = exception.id { try transaction.resolve(exception: id, at: now) }
      }
      return
    }
    try transaction.setHalfPosted(document, since: now)
    let isStopped = try open.contains { posting in
      try posting.state == .rejected || !transaction.openExceptions(of: posting.number).isEmpty
    }
    if isStopped { try raise(document, postings, at: now, in: transaction) }
  }

  /// Sets that have lain apart for too long without anybody having been told.
  package static func overdue(
    at now: Moment, limit: Int, in queries: any PostingQueries
  ) throws -> [DocumentNumber] {
    try queries.halfPosted(since: now + (.zero - patience), limit: limit).filter {
      try openExceptions(of: $0, in: queries).isEmpty
    }
  }

  /// Raises the exception for them.
  package static func raiseOverdue(
    at now: Moment, limit: Int, in transaction: any PostingTransaction
  ) throws {
    for document in try overdue(at: now, limit: limit, in: transaction) {
      let postings = try transaction.postings(of: document).filter { $0.state != .cancelled }
      try raise(document, postings, at: now, in: transaction)
    }
  }

  private static func openExceptions(
    of document: DocumentNumber, in queries: any PostingQueries
  ) throws -> [PostingException] {
    try queries.openExceptions(of: document).filter { $0.exceptionClass == exceptionClass }
  }

  private static let exceptionClass = "half_posted"

  private static func raise(
    _ document: DocumentNumber, _ postings: [StoredPosting], at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard try openExceptions(of: document, in: transaction).isEmpty,
      let stored = try transaction.document(document)
    else { return }
    let open = postings.filter { !$0.state.isFinal }
    var amount = Money.zero(stored.currency)
    for posting in open {
      let total = try transaction.entry(posting.entry)?.entry.total
      if let total, total.currency == amount.currency { amount += total }
    }
    let posted = postings.filter(\.state.isFinal).map {
      "\($0.entity) in \($0.connection) as \($0.receipt?.number ?? "?")"
    }
    let missing = open.map { "\($0.entity) is \($0.state.rawValue) for \($0.connection)" }
    try transaction.insert(
      PostingException(
        exceptionClass: exceptionClass,
        cause: "\(stored.identity) is posted in part: "
          + (posted + missing).joined(separator: ", "),
        fingerprint: Fingerprint.text(
          [exceptionClass] + Set(open.map { "\($0.entity) \($0.connection)" }).sorted()),
        document: document, entity: stored.entity, connection: open.first?.connection,
        amount: amount, since: now,
        fix: "Mend what stopped the rest, or reverse the document"))
    try transaction.append(
      AuditRecord(
        at: now, actor: "engine", action: "document.half_posted", document: document,
        detail: missing.joined(separator: ", ")))
    try DocumentProgress.refresh(document, in: transaction)
  }
}
