package import Ledger

/// What became of a document under the rules.
package enum Conversion: Hashable, Sendable {
  /// Balanced entries, none for a control record, and what they do besides.
  case entries([JournalEntry], effects: Effects)
  case waiting(WaitReason)
  /// Everything that stands in the way, at once, in a fixed order.
  case stopped([Stop])
}

/// What entries do besides standing in the books.
package struct Effects: Hashable, Sendable {
  package var openItems: [OpenItemChange]

  package init(openItems: [OpenItemChange] = []) { self.openItems = openItems }

  /// Adds what the same document does in other books. Open items belong to the leading ledger.
  mutating func add(_ other: Effects, isLeading: Bool) {
    if isLeading { openItems += other.openItems }
  }
}

/// What a document waits for.
package enum WaitReason: Hashable, Sendable {
  /// Documents it refers to that are not here.
  case reference([DocumentIdentity])
  /// A closed period of an entity that holds its documents.
  case period(FiscalPeriod, of: LegalEntityID)
}

/// What a document adds to an open item or takes off it, in the item's currency.
///
/// What is open is the sum of the changes; those of a reversed document no longer count.
package struct OpenItemChange: Hashable, Sendable {
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// What the customer owes on an invoice.
    case receivable
    /// What a payment or credit memo left unused: unapplied cash, customer credit.
    case credit
    /// What a prepayment invoice billed in advance, tax included.
    case advance
  }

  package var item: DocumentIdentity
  package var part: Part
  /// Positive opens, negative clears.
  package var amount: Money

  package init(item: DocumentIdentity, part: Part, amount: Money) {
    self.item = item
    self.part = part
    self.amount = amount
  }
}
