package import Ledger

/// Between whom a due stands: in whose books, and with whom.
package struct DueParties: Hashable, Sendable {
  package var entity: LegalEntityID
  package var partner: LegalEntityID

  package init(_ entity: LegalEntityID, _ partner: LegalEntityID) {
    self.entity = entity
    self.partner = partner
  }
}

/// What is open between two entities by one document, in one ledger of one of them and one currency.
package struct IntercompanyDue: Hashable, Sendable {
  package var document: DocumentIdentity
  package var ledger: String
  package var parties: DueParties
  /// `dueFrom` or `dueTo`.
  package var part: OpenItem.Part
  package var item: OpenItem

  package init(
    document: DocumentIdentity, ledger: String, parties: DueParties, part: OpenItem.Part,
    item: OpenItem
  ) {
    self.document = document
    self.ledger = ledger
    self.parties = parties
    self.part = part
    self.item = item
  }
}

extension [IntercompanyDue] {
  /// Those of one side in a ledger and currency, in their order. A ledger that is younger than a
  /// document takes its due over from the leading one.
  func standing(
    _ part: OpenItem.Part, between parties: DueParties, in ledger: String, _ currency: Currency
  ) -> [IntercompanyDue] {
    let wanted = filter {
      $0.part == part && $0.parties == parties && $0.item.open.amount.currency == currency
    }
    let leading = wanted.filter { $0.ledger == EntryHead.primaryLedger }
    guard ledger != EntryHead.primaryLedger else { return leading }
    let own = Dictionary(
      wanted.lazy.filter { $0.ledger == ledger }.map { ($0.document, $0) },
      uniquingKeysWith: { first, _ in first })
    return leading.map { due in
      guard let here = own[due.document],
        due.item.opened.isZero || !here.item.opened.isZero
      else { return due }
      return here
    }
  }
}
