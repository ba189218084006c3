internal import Ledger
internal import PostingRules

extension Acceptance {
  /// What the store knows, or knew, of the documents that `document` names.
  ///
  /// - Parameters:
  ///   - earlier: revisions that it takes the place of; what they did counts as undone.
  ///   - point: what came later does not count.
  func references(
    of document: Document, inPlaceOf earlier: [StoredDocument], before point: StorePoint = .now,
    in queries: any PostingQueries
  ) throws -> References {
    var known: [DocumentIdentity: ReferencedDocument] = [:]
    var effects: [ItemPart: Carrying]?
    func look(up identity: DocumentIdentity) throws {
      guard known[identity] == nil,
        let stored = try inForce(identity, before: point, in: queries)
      else { return }
      let undone = try effects ?? self.effects(of: earlier, in: queries)
      effects = undone
      var items = try queries.ledgerItems(of: stored.number, before: point)
      for (key, effect) in undone where key.item == stored.number && key.parties == nil {
        guard let open = items[key.ledger]?[key.part]?.open else { continue }
        items[key.ledger]?[key.part]?.open = open - effect
      }
      var found = ReferencedDocument(
        document: try storedDocument(stored.number, in: queries),
        items: items[EntryHead.primaryLedger] ?? [:], rate: stored.rate)
      items[EntryHead.primaryLedger] = nil
      found.parallelItems = items
      if document.givesMoneyBack {
        found.cleared = try cleared(by: stored, in: queries)
      }
      if document.givesMoneyBack, found.document.itemEntity != found.document.entity {
        found.dues = try queries.dues(of: stored.number, before: point)
        for place in found.dues.indices {
          let due = found.dues[place]
          let key = ItemPart(
            item: stored.number, part: due.part, ledger: due.ledger, parties: due.parties)
          if let effect = undone[key] { found.dues[place].item.open = due.item.open - effect }
        }
      }
      found.furtherRates = try furtherRates(of: found.document, stored.number, in: queries)
      known[identity] = found
    }
    for reference in document.references { try look(up: reference.identity) }
    for identity in document.furtherReferences(among: known.mapValues(\.document)) {
      try look(up: identity)
    }
    try addSchedules(
      to: &known, for: document, inPlaceOf: earlier, before: point, in: queries)
    return .stored(known)
  }

  /// What of each invoice a payment cleared, by ledger.
  private func cleared(
    by payment: StoredDocument, in queries: any PostingQueries
  ) throws -> [String: [DocumentIdentity: Carrying]] {
    guard payment.identity.type == .payment else { return [:] }
    var cleared: [String: [DocumentIdentity: Carrying]] = [:]
    // What a revision took back of those before it is theirs.
    for revision in try queries.revisions(of: payment.identity)
    where revision.number <= payment.number {
      for change in try queries.openItemChanges(by: revision.number)
      where change.part == .receivable {
        guard let invoice = try queries.document(change.item)?.identity else { continue }
        let sum = cleared[change.ledger]?[invoice]
        cleared[change.ledger, default: [:]][invoice] =
          sum.map { $0 - change.carrying } ?? -change.carrying
      }
    }
    return cleared
  }

  /// The rates at which a document stands in books besides the leading ledger of its item's entity.
  private func furtherRates(
    of document: Document, _ number: DocumentNumber, in queries: any PostingQueries
  ) throws -> [ReferencedDocument.Books: ExchangeRate] {
    let rules = ruleBook.entities[document.itemEntity]
    guard document.itemEntity != document.entity || rules?.parallelLedgers.isEmpty == false else {
      return [:]
    }
    var rates: [ReferencedDocument.Books: ExchangeRate] = [:]
    for head in try queries.entries(of: number).map(\.entry.head)
    where head.currency == document.currency && head.kind != .reversal {
      let books = ReferencedDocument.Books(head.legalEntity, head.ledger)
      if rates[books] == nil { rates[books] = head.rate }
    }
    return rates
  }

  /// The revision of a document whose entries count; nil when there is none.
  ///
  /// A document that waits, or was given up, does not count as here: nothing of it is in the
  /// books. Until a higher revision has entries of its own, those of the one before it stand.
  func inForce(
    _ identity: DocumentIdentity, before point: StorePoint = .now, in queries: any PostingQueries
  ) throws -> StoredDocument? {
    guard let latest = try queries.document(identity) else { return nil }
    guard point == .now else {
      if latest.revision == 1 { return latest }
      return try queries.revisions(of: identity).last {
        try queries.hasEntries($0.number, before: point)
      }
    }
    if try isConverted(latest, in: queries) { return latest }
    guard latest.revision > 1 else { return nil }
    return try queries.revisions(of: identity).last { try isConverted($0, in: queries) }
  }

  private func isConverted(
    _ stored: StoredDocument, in queries: any PostingQueries
  ) throws -> Bool {
    switch stored.state {
    case .posted, .posting: true
    case .discarded, .reversed: false
    case .accepted, .exception: try !queries.entries(of: stored.number).isEmpty
    }
  }
}
