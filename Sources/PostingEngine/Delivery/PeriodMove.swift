package import Ledger

/// Posts an entry on a later day, in a period that is open: nothing of it is in the ERP, so that the
/// posting is cancelled and another takes its place under a key of its own.
package enum PeriodMove {
  /// - Precondition: the posting is in no ERP and in nobody's hands.
  package static func move(
    _ posting: StoredPosting, _ record: EntryRecord, to day: CalendarDate, at now: Moment,
    by actor: String = "engine", in transaction: any PostingTransaction
  ) throws {
    var head = record.entry.head
    let period = head.period
    head.postingDate = day
    let moved = EntryRecord(
      key: KeyDerivation.key(of: record.key, movedTo: day), set: record.set,
      entry: record.entry.withHead(head))
    try transaction.insert(moved, of: posting.document)
    let predecessors = try Withdrawal.openPredecessors(of: posting.number, in: transaction)
    let number = try transaction.insert(
      NewPosting(
        entry: moved.key, document: posting.document, entity: posting.entity,
        connection: posting.connection, state: predecessors.isEmpty ? .due : .waiting,
        reason: predecessors.isEmpty ? nil : .order, after: predecessors))
    try transaction.replace(posting.number, with: number)
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "posting.moved", document: posting.document,
        posting: posting.number,
        detail: "Period \(period) is closed in \(posting.connection): entry \(moved.key) takes "
          + "the place of \(record.key) on \(day)"))
    try Withdrawal.withdraw(posting, at: now, by: actor, in: transaction)
  }
}
