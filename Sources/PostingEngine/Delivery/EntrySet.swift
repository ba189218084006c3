internal import AdapterKit
package import Ledger

/// The entries of one document in several entities: they stand or fall together.
///
/// While some are in their ERPs and others are not, the accounts between the entities do not tie.
/// That lasts as long as the slower ERP takes; it becomes the exception `half_posted` when one of
/// the others has stopped. What happens when they lie apart for too long says an ``EntrySetCourse``.
package enum EntrySet {
  /// Looks at the set after one of its postings has got somewhere.
  static func note(
    _ document: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    let all = try transaction.postings(of: document)
    guard Set(all.map(\.entity)).count > 1 else { return }
    let postings = all.filter { $0.state != .cancelled }
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

  /// Whether there are sets that have lain apart for too long.
  package static func isOverdue(
    at now: Moment, _ course: EntrySetCourse, in queries: any PostingQueries
  ) throws -> Bool {
    try !overdue(at: now, course, limit: 1, in: queries).isEmpty
  }

  private static func overdue(
    at now: Moment, _ course: EntrySetCourse, limit: Int, in queries: any PostingQueries
  ) throws -> [DocumentNumber] {
    let since = now + (.zero - course.after)
    switch course.kind {
    case .wait: return []
    case .ask: return try queries.halfPosted(since: since, unlessTold: true, limit: limit)
    case .compensate:
      return try queries.halfPosted(since: since, unlessTold: false, limit: limit)
    }
  }

  /// Does about them what the course says.
  package static func end(
    at now: Moment, _ course: EntrySetCourse, limit: Int, in transaction: any PostingTransaction
  ) throws {
    for number in try overdue(at: now, course, limit: limit, in: transaction) {
      let postings = try transaction.postings(of: number).filter { $0.state != .cancelled }
      if case .compensate(let compensation) = course.kind,
        try compensate(number, postings, by: compensation, at: now, in: transaction)
      {
        continue
      }
      try raise(number, postings, at: now, in: transaction)
      try restartClock(of: number, at: now, in: transaction)
    }
  }

  /// Takes the document back.
  ///
  /// - Returns: false when it cannot be: it is being taken back already, another revision has taken
  ///   its place, or later documents have settled it.
  private static func compensate(
    _ number: DocumentNumber, _ postings: [StoredPosting], by compensation: Compensation,
    at now: Moment, in transaction: any PostingTransaction
  ) throws -> Bool {
    guard let stored = try transaction.document(number),
      try transaction.document(stored.identity)?.number == number
    else { return false }
    let cause = "\(stored.identity) was posted in part: \(account(of: postings))"
    do {
      let result = try Reversal(compensation, actor: "engine").reverse(
        stored.identity, reason: cause, at: now, in: transaction)
      if result.isRepeat { return false }
    } catch let problem as Problem where Reversal.refusals.contains(problem.code) {
      return false
    }
    try transaction.insert(
      PostingException(
        exceptionClass: "set_compensated", cause: cause + ". What is posted is reversed",
        fingerprint: fingerprint("set_compensated", postings), document: number,
        entity: stored.entity, amount: try amount(of: postings, stored, in: transaction),
        since: now,
        fix: "Mend what stopped the rest, hand the document over with a higher revision, and retry "
          + "this exception to close it"))
    try transaction.append(
      AuditRecord(
        at: now, actor: "engine", action: "document.compensated", document: number, detail: cause))
    try DocumentProgress.refresh(number, in: transaction)
    try restartClock(of: number, at: now, in: transaction)
    return true
  }

  /// A set that is still apart is looked at again after the same time.
  private static func restartClock(
    of number: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    guard try transaction.halfPostedSince(number) != nil else { return }
    try transaction.clearHalfPosted(number)
    try transaction.setHalfPosted(number, since: now)
  }

  private static func openExceptions(
    of document: DocumentNumber, in queries: any PostingQueries
  ) throws -> [PostingException] {
    try queries.openExceptions(of: document).filter { $0.exceptionClass == exceptionClass }
  }

  static let exceptionClass = "half_posted"

  private static func raise(
    _ document: DocumentNumber, _ postings: [StoredPosting], at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard try openExceptions(of: document, in: transaction).isEmpty,
      let stored = try transaction.document(document)
    else { return }
    try transaction.insert(
      PostingException(
        exceptionClass: exceptionClass,
        cause: "\(stored.identity) is posted in part: \(account(of: postings))",
        fingerprint: fingerprint(exceptionClass, postings), document: document,
        entity: stored.entity, connection: postings.first { !$0.state.isFinal }?.connection,
        amount: try amount(of: postings, stored, in: transaction), since: now,
        fix: "Mend what stopped the rest, or reverse the document"))
    try transaction.append(
      AuditRecord(
        at: now, actor: "engine", action: "document.half_posted", document: document,
        detail: account(of: postings)))
    try DocumentProgress.refresh(document, in: transaction)
  }

  /// Which part is where, for people.
  private static func account(of postings: [StoredPosting]) -> String {
    let posted = postings.filter(\.state.isFinal).map {
      "\($0.entity) in \($0.connection) as \($0.receipt?.number ?? "?")"
    }
    let missing = postings.filter { !$0.state.isFinal }.map {
      "\($0.entity) is \($0.state.rawValue) for \($0.connection)"
    }
    return (posted + missing).joined(separator: ", ")
  }

  private static func fingerprint(_ name: String, _ postings: [StoredPosting]) -> String {
    let open = postings.filter { !$0.state.isFinal }
    return Fingerprint.text([name] + Set(open.map { "\($0.entity) \($0.connection)" }).sorted())
  }

  /// What is missing, as far as it is in the document's currency.
  private static func amount(
    of postings: [StoredPosting], _ document: StoredDocument, in queries: any PostingQueries
  ) throws -> Money {
    var amount = Money.zero(document.currency)
    for posting in postings where !posting.state.isFinal {
      let total = try queries.entry(posting.entry)?.entry.total
      if let total, total.currency == amount.currency { amount += total }
    }
    return amount
  }
}
