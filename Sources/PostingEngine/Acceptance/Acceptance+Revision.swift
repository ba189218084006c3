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
    var ledger = EntryHead.primaryLedger
    /// Between whom a due stands; nil for what concerns the customer.
    var parties: DueParties?

    init(_ change: StoredOpenItemChange) {
      self.init(
        item: change.item, part: change.part, ledger: change.ledger, parties: change.parties)
    }

    init(
      item: DocumentNumber, part: StoredOpenItemChange.Part,
      ledger: String = EntryHead.primaryLedger, parties: DueParties? = nil
    ) {
      self.parties = parties
      self.item = item
      self.part = part
      self.ledger = ledger
    }
  }

  /// What documents changed on open items, summed up; sums of zero are left out.
  func effects(
    of documents: [StoredDocument], in queries: any PostingQueries
  ) throws -> [ItemPart: Carrying] {
    var sums: [ItemPart: Carrying] = [:]
    for document in documents {
      for change in try queries.openItemChanges(by: document.number) {
        let key = ItemPart(change)
        sums[key] = sums[key].map { $0 + change.carrying } ?? change.carrying
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
      try giveUpWithoutEntries(document, at: now, in: transaction)
    }
  }

  private func giveUpWithoutEntries(
    _ document: StoredDocument, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    guard try transaction.entries(of: document.number).isEmpty else { return }
    try giveUp(document.number, at: now, in: transaction)
    try superseded(document.number, at: now, in: transaction)
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
    // One that had nothing to post stood until now; nothing of it is there to be reversed.
    for document in earlier where document.state == .posted {
      try giveUpWithoutEntries(document, at: now, in: transaction)
    }
    var reversals: [PostingNumber] = []
    let standing = try compensation.standing(earlier, in: transaction)
    var steps: [Compensation.Step] = []
    if !standing.isEmpty {
      steps = try compensation.steps(
        for: standing, notBefore: plan.postingDate, unsent: .postedFirst, in: transaction)
      reversals = try compensation.carryOut(
        steps, ownedBy: number, at: now, by: "engine", in: transaction)
      let revisions = Set(standing.map(\.record.entry.head.source.revision))
      for document in earlier where revisions.contains(document.revision) {
        try superseded(document.number, at: now, in: transaction)
      }
    }
    try moveOpenItems(from: earlier, to: number, in: transaction)
    reversals += try compensation.takeBackMovements(
      of: earlier, with: steps, by: number,
      otherwiseOn: plan.postingDate ?? earlier[0].documentDate, at: now, in: transaction)
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
  func moveOpenItems(
    from earlier: [StoredDocument], to number: DocumentNumber,
    in transaction: any PostingTransaction
  ) throws {
    let effects = try effects(of: earlier, in: transaction)
    let own = Set(earlier.map(\.number))
    for (key, amount) in effects.sorted(by: { $0.key < $1.key }) where !own.contains(key.item) {
      try transaction.insert(
        StoredOpenItemChange(key, by: number, -amount))
    }
    var settled: [ItemPart: Carrying] = [:]
    for document in earlier {
      for (key, item) in try transaction.itemParts(of: document.number) {
        let others = settledByOthers(on: document, key, item, effects)
        var moved = key
        moved.item = number
        if !others.isZero { settled[moved] = settled[moved].map { $0 + others } ?? others }
        guard !item.open.isZero else { continue }
        try transaction.insert(
          StoredOpenItemChange(key, by: number, -item.open))
      }
    }
    for (key, amount) in settled.sorted(by: { $0.key < $1.key }) where !amount.isZero {
      try transaction.insert(
        StoredOpenItemChange(key, by: number, amount))
    }
  }

  /// What documents besides the revisions themselves changed on one of them.
  private func settledByOthers(
    on document: StoredDocument, _ key: ItemPart, _ item: OpenItem,
    _ effects: [ItemPart: Carrying]
  ) -> Carrying {
    var others = item.open
    if key.part == .receivable, key.ledger == EntryHead.primaryLedger,
      let opened = document.receivable
    {
      others =
        others - Carrying(amount: opened, functional: document.functionalReceivable ?? opened)
    }
    if let own = effects[key] { others = others - own }
    return others
  }

  /// What others settled cannot move to an item in another currency, nor to one that is less than
  /// what is settled: a person decides.
  func stoppedIfImmovable(
    _ plan: ConversionPlan, _ document: Document, _ earlier: [StoredDocument],
    in queries: any PostingQueries
  ) throws -> ConversionPlan {
    guard case .entries = plan.conversion else { return plan }
    let effects = try effects(of: earlier, in: queries)
    var left = plan.opened(by: document)
    for stored in earlier {
      for (key, item) in try queries.itemParts(of: stored.number)
      where key.ledger == EntryHead.primaryLedger {
        let others = settledByOthers(on: stored, key, item, effects).amount
        guard !others.isZero else { continue }
        guard others.currency == document.currency else {
          return plan.stopped(
            Stop(
              .settlementCurrency, pointer: "/currency",
              detail: "Revision \(document.revision) of \(document.identity) is in "
                + "\(document.currency), but \((-others).text) \(others.currency) of an earlier "
                + "revision are settled already",
              fix: "Hand over a revision in \(others.currency), or take the settlements back "
                + "first",
              cause: "\(document.entity) revision \(others.currency) \(document.currency)",
              amount: document.stakes))
        }
        // A due that was netted may turn: the other entity owes then.
        guard key.parties == nil else { continue }
        left[key.part] = left[key.part].map { $0 + others } ?? others
      }
    }
    // What a milestone has reached is a share of the schedule that the revision would end.
    let amendments = try compensation.amendments(of: earlier, in: queries)
      .compactMap { try queries.document($0)?.identity }
    if let milestone = amendments.first(where: { $0.type == .milestone }) {
      let problem = Problem.settledSince(
        document.identity, [Compensation.Hindrance(document: milestone)])
      return plan.stopped(
        Stop(
          .settledSince, pointer: "/revision", detail: problem.detail, fix: problem.fix,
          cause: "\(document.entity) \(document.identity)", amount: document.stakes))
    }
    return left.values.contains(where: \.isNegative) ? plan.stopped(below(document, left)) : plan
  }

  private func below(
    _ document: Document, _ left: [StoredOpenItemChange.Part: Money]
  ) -> Stop {
    let lacking = left.values.min() ?? .zero(document.currency)
    return Stop(
      .revisionBelowSettled, pointer: "/totals",
      detail: "Revision \(document.revision) of \(document.identity) is for "
        + "\((-lacking).text) \(document.currency) less than what is settled or used of it already",
      fix: "Refund or take back the excess first, or credit it with a credit memo and discard this "
        + "revision",
      cause: "\(document.identity)", amount: lacking.magnitude)
  }
}

extension Acceptance.ItemPart: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    left.order < right.order
  }

  private var order: (DocumentNumber, String, String, String, String) {
    (item, ledger, part.rawValue, parties?.entity.code ?? "", parties?.partner.code ?? "")
  }
}

extension StoredOpenItemChange {
  init(
    _ key: Acceptance.ItemPart, by number: DocumentNumber, _ carrying: Carrying,
    on postingDate: CalendarDate? = nil
  ) {
    self.init(
      item: key.item, part: key.part, ledger: key.ledger, parties: key.parties, by: number,
      carrying, on: postingDate)
  }
}

extension PostingQueries {
  /// A document's items in every ledger, dues among them, in order.
  func itemParts(
    of document: DocumentNumber
  ) throws -> [(key: Acceptance.ItemPart, item: OpenItem)] {
    let items = try ledgerItems(of: document, before: .now).flatMap { ledger, items in
      items.map { (Acceptance.ItemPart(item: document, part: $0, ledger: ledger), $1) }
    }
    let dues = try dues(of: document, before: .now).map { due in
      (
        Acceptance.ItemPart(
          item: document, part: due.part, ledger: due.ledger, parties: due.parties), due.item
      )
    }
    return (items + dues).sorted { $0.0 < $1.0 }
  }
}

extension ConversionPlan {
  /// What the document itself opens.
  fileprivate func opened(by document: Document) -> [StoredOpenItemChange.Part: Money] {
    var opened: [StoredOpenItemChange.Part: Money] = [:]
    if let receivable { opened[.receivable] = receivable.amount }
    for change in changes
    where change.item == document.identity && change.ledger == EntryHead.primaryLedger {
      opened[change.part] = opened[change.part].map { $0 + change.amount } ?? change.amount
    }
    return opened
  }

  /// The posting date of the first entry; nil without entries.
  var postingDate: CalendarDate? { records.first?.entry.head.postingDate }
}
