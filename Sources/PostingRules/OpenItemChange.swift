package import Ledger

/// What a document adds to an open item or takes off it.
///
/// What is open is the sum of the changes; those of a reversed document no longer count.
package struct OpenItemChange: Hashable, Sendable {
  package typealias Part = OpenItem.Part

  package var item: DocumentIdentity
  package var part: Part
  /// The ledger in which it is carried so.
  package var ledger: String
  /// Between whom a due stands; nil for what concerns the customer.
  package var parties: DueParties?
  /// In the item's currency: positive opens, negative clears.
  package var amount: Money
  /// In the entity's functional currency, of the same sign.
  package var functional: Money

  /// - Parameter functional: nil where the currencies are one.
  package init(
    item: DocumentIdentity, part: Part, ledger: String = EntryHead.primaryLedger,
    parties: DueParties? = nil, amount: Money, functional: Money? = nil
  ) {
    self.parties = parties
    self.item = item
    self.part = part
    self.ledger = ledger
    self.amount = amount
    self.functional = functional ?? amount
  }
}
