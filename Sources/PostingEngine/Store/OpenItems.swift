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
  package var by: DocumentNumber
  /// In the item's currency; negative clears.
  package var amount: Money
  /// In the entity's functional currency.
  package var functional: Money

  package var carrying: Carrying { Carrying(amount: amount, functional: functional) }

  /// - Parameter functional: nil where the currencies are one.
  package init(
    item: DocumentNumber, part: Part, by: DocumentNumber, amount: Money, functional: Money? = nil
  ) {
    self.item = item
    self.part = part
    self.by = by
    self.amount = amount
    self.functional = functional ?? amount
  }

  package init(item: DocumentNumber, part: Part, by: DocumentNumber, _ carrying: Carrying) {
    self.init(
      item: item, part: part, by: by, amount: carrying.amount, functional: carrying.functional)
  }
}

/// What can be asked about open items.
package protocol OpenItemQueries {
  /// Every part of a document's item that was ever changed, its own receivable included.
  func openItems(of document: DocumentNumber) throws -> [OpenItem.Part: OpenItem]
  /// The sum of the changes of a part, for `receivable` with what the document itself opened.
  func openAmount(of document: DocumentNumber, part: StoredOpenItemChange.Part) throws -> Money
  func openItemChanges(by document: DocumentNumber) throws -> [StoredOpenItemChange]
}
