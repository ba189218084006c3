internal import Ledger
internal import PostingRules

// A higher revision takes the place of the earlier ones when it has entries of its own: what of
// them is or may be in an ERP is reversed there by an entry that follows it, the new entries follow
// the reversals, and the open items move on.

extension Acceptance {
  /// Part of an open item.
  struct ItemPart: Hashable {
    var item: DocumentNumber
    var part: StoredOpenItemChange.Part
  }

  /// What documents changed on open items, summed up; sums of zero are left out.
  func effects(
    of documents: [StoredDocument], in queries: any PostingQueries
  ) throws -> [ItemPart: Money] {
    var sums: [ItemPart: Money] = [:]
    for document in documents {
      for change in try queries.openItemChanges(by: document.number) {
        let key = ItemPart(item: change.item, part: change.part)
        sums[key] = sums[key].map { $0 + change.amount } ?? change.amount
      }
    }
    return sums.filter { !$0.value.isZero }
  }

  /// Earlier revisions without entries are over: their waits and exceptions are, too.
  func giveUpUnconverted(
    _ earlier: [StoredDocument], at now: Moment, in transaction: any PostingTransaction
  ) throws {
    for document in earlier
    where document.state == .accepted || document.state == .exception {
      guard try transaction.entries(of: document.number).isEmpty else { continue }
      try giveUp(document.number, at: now, in: transaction)
      try superseded(document.number, at: now, in: transaction)
    }
  }

  /// A document without entries is over, and its wait and exceptions are, too.
  func giveUp(
    _ document: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    try transaction.removeWait(of: document)
    for exception in try transaction.openExceptions(of: document) {
      if let id = exception.id { try transaction.resolve(exception: id, at: now) }
    }
    try transaction.setState(.discarded, of: document)
  }

  /// - Returns: the reversals that go into the ERP before the new entries.
  func supersede(
    _ earlier: [StoredDocument], by number: DocumentNumber, _ plan: ConversionPlan, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    guard !earlier.isEmpty else { return [] }
    var reversals: [PostingNumber] = []
    let standing = try compensation.standing(earlier, in: transaction)
    if !standing.isEmpty {
      let steps = try compensation.steps(
        for: standing, notBefore: plan.postingDate, unsent: .postedFirst, in: transaction)
      reversals = try compensation.carryOut(
        steps, ownedBy: number, at: now, by: "engine", in: transaction)
      let revisions = Set(standing.map(\.record.entry.head.source.revision))
      for document in earlier where revisions.contains(document.revision) {
        try superseded(document.number, at: now, in: transaction)
      }
    }
    try moveOpenItems(from: earlier, to: number, in: transaction)
    return reversals
  }

  private func superseded(
    _ document: DocumentNumber, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    try transaction.append(
      AuditRecord(
        at: now, actor: "intake", action: "document.superseded", document: document,
        detail: "A higher revision took its place"))
  }

  /// What the earlier revisions changed elsewhere is taken back, and what others settled on them
  /// moves to the new one.
  private func moveOpenItems(
    from earlier: [StoredDocument], to number: DocumentNumber,
    in transaction: any PostingTransaction
  ) throws {
    let effects = try effects(of: earlier, in: transaction)
    let own = Set(earlier.map(\.number))
    for (key, amount) in effects.sorted(by: { $0.key < $1.key }) where !own.contains(key.item) {
      try transaction.insert(
        StoredOpenItemChange(item: key.item, part: key.part, by: number, amount: -amount))
    }
    for part in StoredOpenItemChange.Part.allCases {
      var settled: Money?
      for document in earlier {
        let open = try transaction.openAmount(of: document.number, part: part)
        let others = try settledByOthers(
          on: document, part: part, open: open, effects, in: transaction)
        if !others.isZero { settled = settled.map { $0 + others } ?? others }
        guard !open.isZero else { continue }
        try transaction.insert(
          StoredOpenItemChange(item: document.number, part: part, by: number, amount: -open))
      }
      if let settled, !settled.isZero {
        try transaction.insert(
          StoredOpenItemChange(item: number, part: part, by: number, amount: settled))
      }
    }
  }

  /// What documents besides the revisions themselves changed on one of them.
  private func settledByOthers(
    on document: StoredDocument, part: StoredOpenItemChange.Part, open: Money,
    _ effects: [ItemPart: Money], in queries: any PostingQueries
  ) throws -> Money {
    var others = open
    if part == .receivable, let opened = document.receivable { others -= opened }
    if let own = effects[ItemPart(item: document.number, part: part)] { others -= own }
    return others
  }

  /// What others settled in one currency cannot move to an item in another: a person decides.
  func stoppedIfImmovable(
    _ plan: ConversionPlan, _ document: Document, _ earlier: [StoredDocument],
    in queries: any PostingQueries
  ) throws -> ConversionPlan {
    guard case .entries = plan.conversion else { return plan }
    let effects = try effects(of: earlier, in: queries)
    for stored in earlier {
      for part in StoredOpenItemChange.Part.allCases {
        let open = try queries.openAmount(of: stored.number, part: part)
        let others = try settledByOthers(
          on: stored, part: part, open: open, effects, in: queries)
        guard !others.isZero, others.currency != document.currency else { continue }
        return plan.stopped(
          Stop(
            .fxSettlementUnsupported, pointer: "/currency",
            detail: "Revision \(document.revision) of \(document.identity) is in "
              + "\(document.currency), but \((-others).text) \(others.currency) of an earlier "
              + "revision are settled already",
            fix: "Hand over a revision in \(others.currency), or take the settlements back first",
            cause: "\(document.entity) revision \(others.currency) \(document.currency)",
            amount: document.stakes))
      }
    }
    return plan
  }
}

extension Acceptance.ItemPart: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    (left.item, left.part.rawValue) < (right.item, right.part.rawValue)
  }
}

extension ConversionPlan {
  /// The posting date of the first entry; nil without entries.
  var postingDate: CalendarDate? { records.first?.entry.head.postingDate }
}
