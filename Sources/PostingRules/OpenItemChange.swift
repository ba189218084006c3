package import Ledger

/// What a document adds to an open item or takes off it.
///
/// What is open is the sum of the changes; those of a reversed document no longer count.
package struct OpenItemChange: Hashable, Sendable {
  package typealias Part = OpenItem.Part

  package var item: DocumentIdentity
  package var part: Part
  /// In the item's currency: positive opens, negative clears.
  package var amount: Money
  /// In the entity's functional currency, of the same sign.
  package var functional: Money

  /// - Parameter functional: nil where the currencies are one.
  package init(item: DocumentIdentity, part: Part, amount: Money, functional: Money? = nil) {
    self.item = item
    self.part = part
    self.amount = amount
    self.functional = functional ?? amount
  }
}
