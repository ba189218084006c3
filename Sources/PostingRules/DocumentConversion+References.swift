import Ledger

extension References {
  /// What the document cannot be converted without and is not here, in the document's order.
  func missing(for document: Document) -> [DocumentIdentity] {
    // An invoice only follows others, which may be missing.
    if case .invoice = document.body { return [] }
    guard case .stored(let here) = self else { return [] }
    let references = document.references
    var absent: [DocumentIdentity] = []
    for reference in references where reference.purpose != .follows {
      if here[reference.identity] == nil { absent.append(reference.identity) }
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
}

extension DocumentConversion {
  /// Checks that an item can be settled in this document's currency, at its rate and in its entity;
  /// stops otherwise.
  mutating func canSettle(_ item: DocumentIdentity, pointer: String) -> Bool {
    guard let other = references.document(item) else { return true }
    guard other.itemEntity == entity.rules.entity.id else {
      stopUntreated("settling items of another entity", pointer: pointer)
      return false
    }
    let stored = references.stored(item)
    let isRateMissing = currency != functionalCurrency && rate == nil
    let isSameRate = stored == nil || isRateMissing || stored?.rate?.rate == rate?.rate
    if other.currency == currency, isSameRate { return true }
    let booked = stored?.rate.map { " at \($0.rate)" } ?? ""
    let own = rate.map { " at \($0.rate)" } ?? ""
    stop(
      .fxSettlementUnsupported, pointer: pointer,
      detail: "\(document.title) in \(currency)\(own) settles \(other.title), which is booked in "
        + "\(other.currency)\(booked); exchange differences are not treated yet",
      fix: "Post the settlement in the ERP by hand and discard it here, or wait for a version "
        + "that treats exchange differences",
      cause: "\(document.entity) \(currency) \(other.currency)")
    return false
  }

  /// Takes an amount off what a customer owes on an invoice.
  ///
  /// - Returns: what the line says about the invoice; nil, and a stop, when it cannot be settled.
  mutating func clear(_ item: DocumentIdentity, by amount: Int64, pointer: String) -> String? {
    take(amount, of: item, part: .receivable, pointer: pointer)
  }

  /// Takes an amount off one part of an open item; an amount below zero adds to it.
  mutating func take(
    _ amount: Int64, of item: DocumentIdentity, part: OpenItemChange.Part, pointer: String
  ) -> String? {
    guard canSettle(item, pointer: pointer) else { return nil }
    let name = references.document(item)?.reference ?? item.id
    if amount > 0, let stored = references.stored(item) {
      let open = stored.open(part)
      let taken = cleared[item, default: 0] + Int128(amount)
      guard taken <= Int128(open.minorUnits) else {
        stop(
          .overSettled, pointer: pointer,
          detail: "\(document.title) takes \(money(amount).text) \(currency) off \(name), of which "
            + "only \(open.text) is open",
          fix: "Correct the amounts, or leave the excess unapplied",
          cause: "\(document.entity) \(item)", amount: money(amount))
        return nil
      }
      cleared[item] = taken
    }
    change(item, part, by: -amount)
    return name
  }

  /// Notes what the document does to an open item.
  mutating func change(_ item: DocumentIdentity, _ part: OpenItemChange.Part, by amount: Int64) {
    guard amount != 0 else { return }
    effects.openItems.append(OpenItemChange(item: item, part: part, amount: money(amount)))
  }
}

extension ReferencedDocument {
  fileprivate func open(_ part: OpenItemChange.Part) -> Money {
    switch part {
    case .receivable: open
    case .credit: credit
    case .advance: advance
    }
  }
}
