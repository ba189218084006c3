package import Ledger

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
        found.append(Hindrance(document: other.identity, amount: sum.magnitude))
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
    return found
  }

  /// Gives open items back: the document's own are closed, and what it changed on others is undone.
  func giveBack(_ revisions: [StoredDocument], in transaction: any PostingTransaction) throws {
    let own = Set(revisions.map(\.number))
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
        StoredOpenItemChange(
          item: key.item, part: key.part, ledger: key.ledger, by: last, -amount))
    }
    for revision in revisions {
      for (key, item) in try transaction.itemParts(of: revision.number)
      where !item.open.isZero {
        try transaction.insert(
          StoredOpenItemChange(
            item: revision.number, part: key.part, ledger: key.ledger, by: last, -item.open))
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
