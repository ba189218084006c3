/// An amount, and what it is carried at in the entity's functional currency.
package struct Carrying: Hashable, Sendable {
  package var amount: Money
  /// The same as ``amount`` where the currencies are one.
  package var functional: Money

  package init(amount: Money, functional: Money) {
    self.amount = amount
    self.functional = functional
  }

  package static func zero(_ currency: Currency, functional: Currency) -> Carrying {
    Carrying(amount: .zero(currency), functional: .zero(functional))
  }

  package var isZero: Bool { amount.isZero && functional.isZero }

  package static func + (left: Carrying, right: Carrying) -> Carrying {
    Carrying(amount: left.amount + right.amount, functional: left.functional + right.functional)
  }

  package static func - (left: Carrying, right: Carrying) -> Carrying { left + -right }

  package static prefix func - (carrying: Carrying) -> Carrying {
    Carrying(amount: -carrying.amount, functional: -carrying.functional)
  }
}

/// One part of an open item: what was opened in all, and what of it is left.
package struct OpenItem: Hashable, Sendable {
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// What the customer owes on an invoice.
    case receivable
    /// What a payment or credit memo left unused: unapplied cash, customer credit.
    case credit
    /// What a prepayment invoice billed in advance, tax included; in another currency its functional
    /// amount is that of the net alone, as the advances account carries it.
    case advance
    /// What of a payment is disputed.
    case dispute
    /// What of a payment or credit memo was given back or lost.
    case returned
    /// What of a payment is owed again on its invoices.
    case reopened
    /// What a customer withheld from a payment, until the certificate is here.
    case withheld
    /// What of an invoice was written off and not recovered.
    case writtenOff
    /// What another entity of the group owes by a document; negative where a credit memo gave more
    /// back.
    case dueFrom
    /// The same that is owed to it, in the books of the entity that owes.
    case dueTo
  }

  /// The sum of what was opened.
  package var opened: Carrying
  package var open: Carrying

  package init(opened: Carrying, open: Carrying) {
    self.opened = opened
    self.open = open
  }

  /// Nothing opened yet.
  package init(_ currency: Currency, functional: Currency) {
    opened = .zero(currency, functional: functional)
    open = opened
  }

  /// What `amount` relieves of the functional amount.
  ///
  /// Proportional with cumulative rounding, so that whatever the parts are, the last one clears the
  /// item to zero in both currencies. Where an item was opened at several rates, what is left is
  /// the base instead of what was opened.
  package func relief(of amount: Money) -> Money {
    let open = open.amount.minorUnits
    let functional = self.open.functional
    guard amount.minorUnits != open else { return functional }
    let left = Int128(open) - Int128(amount.minorUnits)
    let carried = share(of: opened, left)
    let isRegular = share(of: opened, Int128(open)) == functional.minorUnits
    guard let rest = isRegular ? carried : share(of: self.open, left) else {
      return .zero(functional.currency)
    }
    return functional - Money(minorUnits: rest, functional.currency)
  }

  private func share(of base: Carrying, _ amount: Int128) -> Int64? {
    guard base.amount.minorUnits != 0 else { return nil }
    let sign: Int128 = base.amount.isNegative ? -1 : 1
    return Int64(
      exactly: Rounding.halfAwayFromZero.divide(
        Int128(base.functional.minorUnits) * amount * sign,
        by: Int128(base.amount.minorUnits) * sign))
  }

  /// Takes a change in.
  package mutating func add(_ change: Carrying) {
    if !change.amount.isNegative { opened = opened + change }
    open = open + change
  }
}
