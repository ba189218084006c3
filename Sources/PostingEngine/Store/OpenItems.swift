package import Ledger
package import PostingRules

/// What one document adds to an open item or takes off it.
///
/// The receivable that an invoice opens itself stands in its own row
/// (`NewDocument.receivable`) and has no change.
package struct StoredOpenItemChange: Hashable, Sendable {
  package typealias Part = OpenItem.Part

  /// The document whose item it is.
  package var item: DocumentNumber
  package var part: Part
  /// The ledger that carries it so. What an invoice opens in a parallel ledger is a change, too.
  package var ledger: String
  /// Between whom a due stands; nil for what concerns the customer.
  package var parties: DueParties?
  package var by: DocumentNumber
  /// In the item's currency; negative clears.
  package var amount: Money
  /// In the entity's functional currency.
  package var functional: Money
  /// From when on it counts; nil for the day on which the document reached the books of the ledger.
  package var postingDate: CalendarDate?

  package var carrying: Carrying { Carrying(amount: amount, functional: functional) }

  /// - Parameter functional: nil where the currencies are one.
  package init(
    item: DocumentNumber, part: Part, ledger: String = EntryHead.primaryLedger,
    parties: DueParties? = nil, by: DocumentNumber, amount: Money, functional: Money? = nil
  ) {
    self.parties = parties
    self.item = item
    self.part = part
    self.ledger = ledger
    self.by = by
    self.amount = amount
    self.functional = functional ?? amount
  }

  package init(
    item: DocumentNumber, part: Part, ledger: String = EntryHead.primaryLedger,
    parties: DueParties? = nil, by: DocumentNumber, _ carrying: Carrying,
    on postingDate: CalendarDate? = nil
  ) {
    self.init(
      item: item, part: part, ledger: ledger, parties: parties, by: by, amount: carrying.amount,
      functional: carrying.functional)
    self.postingDate = postingDate
  }
}

/// The parts of an item by ledger, but for what is due between entities.
package typealias LedgerItems = [String: [OpenItem.Part: OpenItem]]

/// What can be asked about open items.
package protocol OpenItemQueries {
  /// Every part of a document's item that was ever changed, its own receivable included, in each
  /// ledger; not what is due between entities.
  func ledgerItems(of document: DocumentNumber, before point: StorePoint) throws -> LedgerItems
  /// What is or was due between entities by a document, in each ledger.
  func dues(of document: DocumentNumber, before point: StorePoint) throws -> [IntercompanyDue]
  /// What is open between entities, the oldest document first.
  func openDues(_ filter: DueFilter) throws -> [IntercompanyDue]
  /// The sum of the changes of a part in the leading ledger, for `receivable` with what the document
  /// itself opened.
  func openAmount(of document: DocumentNumber, part: StoredOpenItemChange.Part) throws -> Money
  func openItemChanges(by document: DocumentNumber) throws -> [StoredOpenItemChange]
}

/// Which dues are wanted.
package struct DueFilter: Sendable {
  /// The two entities; nil for all there are.
  package var parties: DueParties?
  /// The last day on which what counts was opened.
  package var day: CalendarDate
  /// What these documents changed does not count.
  package var ignored: [DocumentNumber] = []
  package var point = StorePoint.now

  package init(between parties: DueParties? = nil, through day: CalendarDate) {
    self.parties = parties
    self.day = day
  }
}

extension OpenItemQueries {
  /// Those of the leading ledger.
  package func openItems(of document: DocumentNumber) throws -> [OpenItem.Part: OpenItem] {
    try ledgerItems(of: document, before: .now)[EntryHead.primaryLedger] ?? [:]
  }
}
