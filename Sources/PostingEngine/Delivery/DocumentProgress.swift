package import AdapterKit
package import Ledger

/// What the fate of a posting means for its document, for the postings behind it, and for the
/// exception list.
package enum DocumentProgress {
  /// The first posting of a document leaves.
  static func begin(
    _ document: DocumentNumber, in transaction: any PostingTransaction
  ) throws {
    guard let stored = try transaction.document(document), stored.state == .accepted else {
      return
    }
    try transaction.setState(.posting, of: document)
  }

  /// The ERP has it: its exceptions are resolved, what waited for it may go, and the document is
  /// posted with its last posting.
  package static func posted(
    _ posting: StoredPosting, _ record: EntryRecord, _ receipt: Receipt, at now: Moment,
    by actor: String = "engine", in transaction: any PostingTransaction
  ) throws {
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "posting.posted", document: posting.document,
        posting: posting.number,
        detail: "\(record.key) is \(receipt.number) in \(posting.connection)"))
    for exception in try transaction.openExceptions(of: posting.number) {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
    }
    if let reversed = record.entry.head.takesBack.flatMap({ PostingKey($0) }) {
      try markReversed(reversed, in: transaction)
    }
    if record.entry.head.kind == .summary {
      try postDetails(of: posting.number, receipt, at: now, by: actor, in: transaction)
    }
    try releaseWaiting(for: posting.number, at: now, in: transaction)
    try EntrySet.note(posting.document, at: now, in: transaction)
    try refresh(posting.document, in: transaction)
    try releaseReplaced(by: posting.document, at: now, in: transaction)
  }

  /// What a summary carries is in the ERP with it, under the same receipt.
  private static func postDetails(
    of summary: PostingNumber, _ receipt: Receipt, at now: Moment, by actor: String,
    in transaction: any PostingTransaction
  ) throws {
    for number in try transaction.details(ofSummary: summary) {
      guard var detail = try transaction.posting(number), !detail.state.isFinal,
        let record = try transaction.entry(detail.entry)
      else { continue }
      detail.state = .posted
      detail.reason = nil
      detail.receipt = receipt
      try transaction.update(detail)
      try posted(detail, record, receipt, at: now, by: actor, in: transaction)
    }
  }

  /// What waited for a revision that was never booked may go when this one is in the ERPs.
  private static func releaseReplaced(
    by document: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    guard let stored = try transaction.document(document), stored.revision > 1,
      stored.state == .posted
    else { return }
    for earlier in try transaction.revisions(of: stored.identity)
    where earlier.revision < stored.revision {
      for posting in try transaction.postings(of: earlier.number)
      where posting.state == .cancelled {
        try releaseWaiting(for: posting.number, at: now, in: transaction)
      }
    }
  }

  /// The ERP has the opposite of an entry: the entry's posting is reversed, and its document, and
  /// the one that owns the entry, with the last of their entries.
  private static func markReversed(
    _ key: PostingKey, in transaction: any PostingTransaction
  ) throws {
    guard var posting = try transaction.posting(of: key), posting.state == .posted,
      let source = try transaction.entry(key)?.entry.head.source.document
    else { return }
    posting.state = .reversed
    try transaction.update(posting)
    try refreshReversed(source, in: transaction)
    guard let owner = try transaction.document(posting.document)?.identity, owner != source else {
      return
    }
    try refreshReversed(owner, in: transaction)
  }

  /// A revision is reversed with the last of the entries that it gave or owns; that it reversed
  /// others itself does not keep it.
  static func refreshReversed(
    _ identity: DocumentIdentity, in transaction: any PostingTransaction
  ) throws {
    let given = try transaction.entries(from: identity)
    for document in try transaction.revisions(of: identity)
    where document.state != .reversed && document.state != .discarded {
      let owned = try transaction.entries(of: document.number)
      let own = Dictionary(
        (given.filter { $0.entry.head.source.revision == document.revision } + owned)
          .filter { $0.entry.head.kind != .reversal }.map { ($0.key, $0) }
      ) { first, _ in first }
      let states = try own.keys.compactMap { try transaction.posting(of: $0)?.state }
      guard states.contains(.reversed),
        states.allSatisfy({ $0 == .reversed || $0 == .cancelled })
      else { continue }
      try transaction.setState(.reversed, of: document.number)
    }
  }

  /// Postings that waited for nothing else become due.
  package static func releaseWaiting(
    for posting: PostingNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    for number in try transaction.postingsWaiting(for: posting) {
      guard var next = try transaction.posting(number), next.state == .waiting,
        next.reason == .order,
        try transaction.unpostedPredecessors(of: number).allSatisfy({ predecessor in
          try transaction.posting(predecessor).map {
            try Withdrawal.isSettled($0, in: transaction)
          } ?? true
        })
      else { continue }
      next.state = .due
      next.reason = nil
      next.notBefore = nil
      try transaction.update(next)
    }
  }

  /// Derives the document's state from its postings and exceptions.
  package static func refresh(
    _ document: DocumentNumber, in transaction: any PostingTransaction
  ) throws {
    guard let stored = try transaction.document(document),
      stored.state != .discarded, stored.state != .reversed
    else { return }
    let all = try transaction.postings(of: document)
    let postings = all.filter { $0.state != .cancelled }
    let isStopped = try !transaction.openExceptions(of: document).isEmpty
    let state: DocumentState =
      if isStopped {
        .exception
      } else if !all.isEmpty, postings.isEmpty {
        .discarded
      } else if !postings.isEmpty, postings.allSatisfy({ $0.state.isFinal }) {
        .posted
      } else if postings.contains(where: { $0.attemptCount > 0 }) {
        .posting
      } else {
        .accepted
      }
    if state != stored.state { try transaction.setState(state, of: document) }
  }

  /// Stops a posting with an exception. One that an ERP refused and a higher revision has replaced
  /// is cancelled instead: nobody needs to mend it.
  package static func raise(
    _ exceptionClass: String, _ problem: Problem, erpCode: String?, for posting: StoredPosting,
    _ record: EntryRecord, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    if posting.state == .rejected, !posting.isDoubtful,
      try Withdrawal.reversal(waitingFor: posting, in: transaction) != nil
    {
      return try Withdrawal.withdraw(posting, at: now, in: transaction)
    }
    let head = record.entry.head
    let isKnown = try transaction.openExceptions(of: posting.number).contains {
      $0.exceptionClass == exceptionClass && $0.cause == problem.detail
    }
    if isKnown { return }
    try transaction.insert(
      PostingException(
        exceptionClass: exceptionClass, cause: problem.detail,
        fingerprint: Fingerprint.text([
          exceptionClass, posting.entity.code, posting.connection.code, erpCode ?? problem.code,
          Fingerprint.withoutDigits(problem.pointer),
        ]), document: posting.document, posting: posting.number, entity: posting.entity,
        connection: posting.connection, amount: record.entry.total ?? .zero(head.currency),
        since: now, fix: problem.fix))
    try transaction.append(
      AuditRecord(
        at: now, actor: "engine",
        action: posting.state.isFinal
          ? "posting.\(exceptionClass)" : "posting.\(posting.state.rawValue)",
        document: posting.document, posting: posting.number, detail: problem.detail))
    try EntrySet.note(posting.document, at: now, in: transaction)
    try refresh(posting.document, in: transaction)
  }
}
