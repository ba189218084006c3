import Ledger

extension References {
  /// What the document cannot be converted without and is not here, in the document's order.
  func missing(for document: Document) -> [DocumentIdentity] {
    guard case .stored(let here) = self else { return [] }
    let references = document.references
    var absent: [DocumentIdentity] = []
    for reference in references where reference.purpose != .follows {
      if here[reference.identity] == nil { absent.append(reference.identity) }
    }
    if case .payout(let payout) = document.body {
      // An item is one of them; while none is here, it waits for any.
      absent += payout.candidates(in: document.identity.source).flatMap { candidates in
        candidates.contains { here[$0] != nil } ? [] : candidates
      }
    }
    return absent
  }

  /// The document and what is open on it; nil when it is not here. Among assumed documents nothing
  /// is known to be open.
  func document(_ identity: DocumentIdentity) -> Document? {
    switch self {
    case .assumed(let among): among[identity]
    case .stored(let here): here[identity]?.document
    }
  }

  func stored(_ identity: DocumentIdentity) -> ReferencedDocument? {
    guard case .stored(let here) = self else { return nil }
    return here[identity]
  }

  /// Those of a contract in all books, in the order in which they were made.
  func schedules(ofContract contract: String) -> [Schedule] {
    guard case .stored(let here) = self else { return [] }
    return here.values.flatMap(\.schedules).filter { $0.terms.contract == contract }
      .sorted { $0.number < $1.number }
  }
}

/// One part of an item.
struct ItemPart: Hashable {
  let item: DocumentIdentity
  let part: OpenItemChange.Part
}

/// What was taken off an item.
struct Taken {
  /// What lines say about the item.
  let name: String
  /// What it relieved, in functional currency; nil where nothing stored is looked at.
  let functional: Int64?
}

extension DocumentConversion {
  /// An item as this document has left it so far; nil where nothing stored is looked at.
  func openItem(_ item: DocumentIdentity, _ part: OpenItemChange.Part) -> OpenItem? {
    if let changed = changedItems[ItemPart(item: item, part: part)] { return changed }
    guard let stored = references.stored(item) else { return nil }
    return stored.item(part, in: ledger.name)
      ?? OpenItem(stored.document.currency, functional: functionalCurrency)
  }

  /// What is open of an item, in minor units; nil where nothing stored is looked at.
  func open(_ item: DocumentIdentity, _ part: OpenItemChange.Part) -> Int64? {
    openItem(item, part)?.open.amount.minorUnits
  }

  /// Checks that an item is of this document's entity, customer and currency; stops otherwise.
  mutating func canSettle(_ item: DocumentIdentity, pointer: String) -> Bool {
    guard let other = references.document(item) else { return true }
    guard other.itemEntity == entity.rules.entity.id else {
      stopElsewhere(other, pointer: pointer)
      return false
    }
    if let owner = other.customer, let own = document.customer, owner.id != own.id,
      owner.parent != own.id
    {
      stop(
        .customerMismatch, pointer: pointer,
        detail: "\(document.title) of customer \(own.id) settles \(other.title), which is for "
          + "customer \(owner.id)",
        fix: "Correct the document, or hand it over for \(owner.id); a customer settles for "
          + "another only as the parent that the invoice names",
        cause: "\(document.entity) \(own.id) \(owner.id)")
      return false
    }
    guard other.currency != currency else { return true }
    stop(
      .settlementCurrency, pointer: pointer,
      detail: "\(document.title) in \(currency) settles \(other.title), which is in "
        + "\(other.currency)",
      fix: "State the amount in \(other.currency) as amountInInvoiceCurrency of an application, or "
        + "hand the document over in \(other.currency)",
      cause: "\(document.entity) \(currency) \(other.currency)")
    return false
  }

  private mutating func stopElsewhere(_ other: Document, pointer: String) {
    let owner = other.itemEntity
    let isPayment = if case .payment = document.body { true } else { false }
    stop(
      .entityMismatch, pointer: pointer,
      detail: "\(document.title) is for \(document.entity), but \(other.title) stands in the books "
        + "of \(owner)",
      fix: isPayment
        ? "State \(owner) as collectedFor where \(document.entity) collects for it, or hand the "
          + "document over for \(owner)"
        : "Hand the document over for \(owner)", cause: "\(document.entity) \(owner)")
  }

  /// Takes an amount that is not negative off one part of an open item.
  ///
  /// - Returns: what it relieved; nil, and a stop, when it cannot be settled.
  mutating func take(
    _ amount: Int64, of item: DocumentIdentity, part: OpenItemChange.Part, pointer: String
  ) -> Taken? {
    guard canSettle(item, pointer: pointer) else { return nil }
    let name = references.document(item)?.reference ?? item.id
    guard let stored = openItem(item, part) else {
      change(item, part, by: -amount)
      return Taken(name: name, functional: nil)
    }
    guard amount <= stored.open.amount.minorUnits else {
      stopOverSettled(amount, of: name, part, open: stored.open.amount, item, pointer: pointer)
      return nil
    }
    let functional = stored.relief(of: money(amount)).minorUnits
    change(item, part, by: -amount, functional: -functional)
    return Taken(name: name, functional: functional)
  }

  private mutating func stopOverSettled(
    _ amount: Int64, of name: String, _ part: OpenItemChange.Part, open: Money,
    _ item: DocumentIdentity, pointer: String
  ) {
    let (what, fix) = part.excess
    stop(
      .overSettled, pointer: pointer,
      detail: "\(document.title) takes \(money(amount).text) \(currency) off \(name), of which "
        + "only \(open.text) is \(what)", fix: fix, cause: "\(document.entity) \(item)",
      amount: money(amount))
  }

  /// Notes what the document does to an open item.
  ///
  /// - Parameter functional: nil where it is the amount at the rate of the entry.
  mutating func change(
    _ item: DocumentIdentity, _ part: OpenItemChange.Part, by amount: Int64,
    functional: Int64? = nil
  ) {
    let functional = functional ?? converted(amount)
    guard amount != 0 || functional != 0 else { return }
    let carrying = Carrying(
      amount: money(amount),
      functional: Money(minorUnits: functional, functionalCurrency))
    effects.openItems.append(
      OpenItemChange(
        item: item, part: part, ledger: ledger.name, amount: carrying.amount,
        functional: carrying.functional))
    if item != document.identity, var changed = openItem(item, part) {
      changed.add(carrying)
      changedItems[ItemPart(item: item, part: part)] = changed
    }
  }
}

extension OpenItemChange.Part {
  /// What is left of it, in words, and what to do about more.
  fileprivate var excess: (what: String, fix: String) {
    switch self {
    case .receivable: ("open", "Correct the amounts, or leave the excess unapplied")
    case .credit: ("unused", "Correct the amounts, or use another payment or credit memo")
    case .advance: ("billed in advance", "Correct the amounts")
    case .dispute: ("disputed", "Hand over the opened stage first, or correct the amount")
    case .returned: ("given back", "Correct the amount, or hand over the refund first")
    case .reopened: ("owed again", "Correct the amount")
    case .withheld: ("withheld", "Correct the amount, or hand over the payment that says so")
    case .dueFrom, .dueTo: ("due between the entities", "Correct the amounts")
    case .writtenOff: ("written off", "Correct the amount, or hand over the write-off first")
    }
  }
}
