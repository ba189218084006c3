package import Ledger

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
    by: DocumentNumber, amount: Money, functional: Money? = nil
  ) {
    self.item = item
    self.part = part
    self.ledger = ledger
    self.by = by
    self.amount = amount
    self.functional = functional ?? amount
  }

  package init(
    item: DocumentNumber, part: Part, ledger: String = EntryHead.primaryLedger,
    by: DocumentNumber, _ carrying: Carrying, on postingDate: CalendarDate? = nil
  ) {
    self.init(
      item: item, part: part, ledger: ledger, by: by, amount: carrying.amount,
      functional: carrying.functional)
    self.postingDate = postingDate
  }
}

/// The parts of an item by ledger.
package typealias LedgerItems = [String: [OpenItem.Part: OpenItem]]

/// What can be asked about open items.
package protocol OpenItemQueries {
  /// Every part of a document's item that was ever changed, its own receivable included, in each
  /// ledger.
  func ledgerItems(of document: DocumentNumber, before point: StorePoint) throws -> LedgerItems
  /// The sum of the changes of a part in the leading ledger, for `receivable` with what the document
  /// itself opened.
  func openAmount(of document: DocumentNumber, part: StoredOpenItemChange.Part) throws -> Money
  func openItemChanges(by document: DocumentNumber) throws -> [StoredOpenItemChange]
}

extension OpenItemQueries {
  /// Those of the leading ledger.
  package func openItems(of document: DocumentNumber) throws -> [OpenItem.Part: OpenItem] {
    try ledgerItems(of: document, before: .now)[EntryHead.primaryLedger] ?? [:]
  }
}
