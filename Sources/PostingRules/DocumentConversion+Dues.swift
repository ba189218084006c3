import Ledger

// What entities owe each other is open by document, in the books of both: what a document opens is
// its own due, what goes back to a customer changes that of the payment, and netting settles dues.

extension DocumentConversion {
  /// Notes what the entry finished last opens between entities.
  mutating func openDues() {
    switch document.body {
    case .netting, .refund, .chargeback: return
    default: break
    }
    guard let entry = lastEntry else { return }
    var sums: [(part: OpenItem.Part, partner: LegalEntityID, carrying: Carrying)] = []
    for line in entry.lines {
      guard let part = line.role.duePart, let partner = line.partner else { continue }
      var carrying = Carrying(amount: line.amount, functional: line.functionalAmount)
      if (line.side == .debit) != (part == .dueFrom) { carrying = -carrying }
      if let place = sums.firstIndex(where: { $0.part == part && $0.partner == partner }) {
        sums[place].carrying = sums[place].carrying + carrying
      } else {
        sums.append((part, partner, carrying))
      }
    }
    for (part, partner, carrying) in sums {
      changeDue(
        document.identity, part, with: partner, by: carrying.amount.minorUnits,
        functional: carrying.functional.minorUnits)
    }
  }

  /// A line of what the two entities owe each other for money of a payment that goes back, or comes
  /// again: what it relieves is carried as the payment's due is, what goes beyond at the rate at
  /// which the payment is booked here. What it is worth besides is an exchange difference.
  ///
  /// - Parameters:
  ///   - amount: debits positive, in the payment's currency.
  ///   - worth: in functional currency, of the same sign.
  mutating func addDue(
    _ part: OpenItem.Part, _ amount: Int64, of item: DocumentIdentity, worth: Int64,
    description: String, pointer: String
  ) {
    guard amount != 0, let partner = facts.partner else { return }
    let sign: Int64 = part == .dueFrom ? 1 : -1
    let stored = references.stored(item)
    let open = (stored?.dues ?? []).standing(
      part, between: DueParties(books.entity, partner), in: ledger.name, currency
    ).first?.item
    var rest = sign * amount
    var carried: Int64 = 0
    if let open, open.open.amount.minorUnits.signum() == -rest.signum() {
      let isTurned = open.open.amount.isNegative
      let item = isTurned ? open.turned : open
      let taken = min(Int64(clamping: rest.magnitude), item.open.amount.minorUnits)
      let relief = item.relief(of: money(taken)).minorUnits
      carried = isTurned ? relief : -relief
      rest += isTurned ? -taken : taken
    }
    let booked = stored?.rate(in: books)
    if carried == 0, booked == nil {
      carried = sign * worth
    } else {
      do throws(AmountFault) {
        carried += try booked?.convert(money(rest), rounding: policies.rounding).minorUnits ?? rest
      } catch {
        return stopTooLarge()
      }
    }
    let role: AccountRole = part == .dueFrom ? .dueFrom : .dueTo
    add(role, amount, functional: sign * carried, description: description, pointer: pointer)
    addExchangeDifference(worth - sign * carried, description: description, pointer: pointer)
    changeDue(item, part, with: partner, by: sign * amount, functional: carried)
  }

  /// - Parameter functional: what `amount` is carried at; both are positive where more is owed.
  mutating func changeDue(
    _ item: DocumentIdentity, _ part: OpenItem.Part, with partner: LegalEntityID,
    by amount: Int64, functional: Int64
  ) {
    guard amount != 0 || functional != 0 else { return }
    effects.openItems.append(
      OpenItemChange(
        item: item, part: part, ledger: ledger.name,
        parties: DueParties(books.entity, partner), amount: money(amount),
        functional: Money(minorUnits: functional, functionalCurrency)))
  }
}

extension OpenItem {
  /// An item on the wrong side, as one on the right.
  var turned: OpenItem {
    OpenItem(opened: .zero(open.amount.currency, functional: open.functional.currency), open: -open)
  }
}
