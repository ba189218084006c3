package import Ledger
internal import PostingRules

extension Compensation {
  /// What others did with a document after it, which has to be taken back first.
  package struct Hindrance: Hashable, Sendable {
    package var document: DocumentIdentity
    /// nil for a refund or chargeback of it.
    package var amount: Money?
  }

  /// What stands in the way of taking a document back: whatever settles it, uses it or gives it
  /// back, and is not taken back itself.
  func hindrances(
    _ revisions: [StoredDocument], in queries: any PostingQueries
  ) throws -> [Hindrance] {
    let own = Set(revisions.map(\.number))
    let changes = try revisions.flatMap { try queries.openItemChanges(on: $0.number) }
      .filter { !own.contains($0.by) && $0.ledger == EntryHead.primaryLedger }
    var found: [Hindrance] = []
    for part in StoredOpenItemChange.Part.allCases {
      let changes = changes.filter { $0.part == part }
      // What several documents did may have come to nothing: a payment and its refund.
      guard changes.reduce(Int128(0), { $0 + Int128($1.amount.minorUnits) }) != 0 else { continue }
      let byDocument = Dictionary(grouping: changes, by: \.by).sorted { $0.key < $1.key }
      for (number, changes) in byDocument {
        let sum = changes.dropFirst().reduce(changes[0].amount) { $0 + $1.amount }
        guard !sum.isZero, let other = try queries.document(number) else { continue }
        let hindrance = Hindrance(document: other.identity, amount: sum.magnitude)
        if !found.contains(hindrance) { found.append(hindrance) }
      }
    }
    for revision in revisions {
      for number in try queries.users(of: revision.number)
      where !changes.contains(where: { $0.by == number }) {
        guard let other = try queries.document(number),
          other.state != .reversed, other.state != .discarded
        else { continue }
        found.append(Hindrance(document: other.identity, amount: nil))
      }
    }
    for number in try usersOfEffects(revisions, in: queries)
      + amendments(of: revisions, in: queries)
    {
      guard let other = try queries.document(number)?.identity,
        !found.contains(where: { $0.document == other })
      else { continue }
      found.append(Hindrance(document: other, amount: nil))
    }
    return found
  }

  /// Later documents that took from items of others what these had added: a recovery of what was
  /// written off, the end of a dispute, a payment of what a refund had reopened. Without them less
  /// than nothing would be left.
  private func usersOfEffects(
    _ revisions: [StoredDocument], in queries: any PostingQueries
  ) throws -> [DocumentNumber] {
    let own = Set(revisions.map(\.number))
    var effects: [Acceptance.ItemPart: Carrying] = [:]
    for change in try revisions.flatMap({ try queries.openItemChanges(by: $0.number) })
    where !own.contains(change.item) && change.ledger == EntryHead.primaryLedger {
      let key = Acceptance.ItemPart(change)
      effects[key] = effects[key].map { $0 + change.carrying } ?? change.carrying
    }
    var users: Set<DocumentNumber> = []
    for (key, effect) in effects where !effect.amount.isNegative && !effect.amount.isZero {
      guard let open = try queries.openItems(of: key.item)[key.part]?.open,
        (open.amount - effect.amount).isNegative
      else { continue }
      let takers = try queries.openItemChanges(on: key.item).filter {
        $0.part == key.part && $0.ledger == key.ledger && $0.amount.isNegative
          && !own.contains($0.by)
      }
      let later = takers.filter { $0.by > revisions[revisions.count - 1].number }
      for number in Set((later.isEmpty ? takers : later).map(\.by)) {
        let stands = try queries.document(number).map {
          $0.state != .reversed && $0.state != .discarded
        }
        if stands == true { users.insert(number) }
      }
    }
    return users.sorted()
  }

  /// Later documents that amended the schedules of these, and stand.
  func amendments(
    of revisions: [StoredDocument], in queries: any PostingQueries
  ) throws -> [DocumentNumber] {
    let own = Set(revisions.map(\.number))
    var others: Set<DocumentNumber> = []
    for revision in revisions {
      for stored in try queries.schedules(of: revision.number) {
        for made in try queries.scheduleMovements(of: stored.schedule.number)
        where made.entry == nil && !own.contains(made.by) {
          others.insert(made.by)
        }
      }
    }
    return try others.sorted().filter { number in
      guard let other = try queries.document(number), other.identity.type != .void,
        other.identity.type != .periodRun, other.state != .reversed, other.state != .discarded
      else { return false }
      return try queries.entries(of: number).isEmpty
        || !standing([other], in: queries).isEmpty
    }
  }

  /// Whether a document without entries did something all the same: to schedules, or to items.
  func isFelt(_ revisions: [StoredDocument], in queries: any PostingQueries) throws -> Bool {
    try revisions.contains { revision in
      guard revision.state != .discarded, revision.state != .reversed,
        try queries.entries(of: revision.number).isEmpty
      else { return false }
      return try !queries.scheduleMovements(by: revision.number).isEmpty
        || !queries.openItemChanges(by: revision.number).isEmpty
    }
  }

  /// Gives open items back: the document's own are closed, and what it changed on others is undone.
  ///
  /// - Parameter steps: the reversals of the document's entries, which give the days in the books.
  func giveBack(
    _ revisions: [StoredDocument], with steps: [Step], in transaction: any PostingTransaction
  ) throws {
    let own = Set(revisions.map(\.number))
    var days: [String: CalendarDate] = [:]
    for step in steps where own.contains(step.posting.document) {
      let head = step.reversal.entry.head
      days[head.ledger] = max(days[head.ledger] ?? head.postingDate, head.postingDate)
    }
    guard let last = revisions.last?.number else { return }
    var others: [Acceptance.ItemPart: Carrying] = [:]
    for revision in revisions {
      for change in try transaction.openItemChanges(by: revision.number)
      where !own.contains(change.item) {
        let key = Acceptance.ItemPart(change)
        others[key] = others[key].map { $0 + change.carrying } ?? change.carrying
      }
    }
    for (key, amount) in others.sorted(by: { $0.key < $1.key }) where !amount.isZero {
      try transaction.insert(
        StoredOpenItemChange(key, by: last, -amount, on: days[key.ledger]))
    }
    for revision in revisions {
      for (key, item) in try transaction.itemParts(of: revision.number)
      where !item.open.isZero {
        try transaction.insert(
          StoredOpenItemChange(key, by: last, -item.open, on: days[key.ledger]))
      }
    }
  }

  /// Reversals of what was settled on a document that are on their way go into the ERP first.
  func pendingReversals(
    concerning revisions: [StoredDocument], in queries: any PostingQueries
  ) throws -> [PostingNumber] {
    let own = Set(revisions.map(\.number))
    var others: Set<DocumentNumber> = []
    for revision in revisions {
      others.formUnion(try queries.openItemChanges(on: revision.number).map(\.by))
      others.formUnion(try queries.users(of: revision.number))
    }
    return try others.subtracting(own).sorted().flatMap { number in
      try queries.postings(of: number).filter { !$0.state.isFinal }.map(\.number)
    }
  }
}
