import Ledger

/// What of rated usage is neither billed nor paid in advance.
///
/// An invoice line bills the items of its meter whose period it touches, the oldest first: an item is
/// billed when its amount is, or its quantity. Source: accounting treatment, section 5.
package struct UnbilledUsage: Sendable {
  private var amounts: [RatedItemNumber: Int64] = [:]

  package init(items: [RatedItem], billed: [BilledUsage], draw: UsageDraw) {
    let billed = Dictionary(grouping: billed, by: \.meter)
    for (meter, items) in Dictionary(grouping: items, by: \.meter) {
      var rests = items.inOrderOfUse.map { Rest($0) }
      for line in billed[meter] ?? [] { Self.bill(line, to: &rests) }
      for rest in rests {
        let unbilled = rest.unbilled - draw.prepaid(of: rest.item)
        if unbilled.signum() == rest.item.item.amount.minorUnits.signum() {
          amounts[rest.item.number] = unbilled
        }
      }
    }
  }

  /// In minor units; zero for what is billed.
  package func amount(of item: RatedItem) -> Int64 { amounts[item.number] ?? 0 }

  private struct Rest {
    let item: RatedItem
    var amount: Int64
    var quantity: UsageQuantity

    init(_ item: RatedItem) {
      self.item = item
      amount = item.item.amount.minorUnits
      quantity = UsageQuantity(item.item.quantity)
    }

    var isBilled: Bool {
      amount <= 0 || (quantity <= .zero && UsageQuantity(item.item.quantity) > .zero)
    }

    /// What is left, but no more than the source says was not invoiced.
    var unbilled: Int64 {
      let whole = item.item.amount.minorUnits
      if whole > 0, isBilled { return 0 }
      guard let invoiced = item.item.invoiced?.minorUnits else { return amount }
      let stated = Int64(clamping: Int128(whole) - Int128(invoiced))
      return whole < 0 ? max(amount, stated) : min(amount, stated)
    }
  }

  private static func bill(_ line: BilledUsage, to rests: inout [Rest]) {
    var amount = line.amount.minorUnits
    var quantity = UsageQuantity(line.quantity)
    for index in rests.indices
    where !rests[index].isBilled && rests[index].item.period.overlaps(line.period) {
      let part = min(amount, rests[index].amount)
      let units = min(quantity, rests[index].quantity)
      rests[index].amount -= part
      amount -= part
      if units > .zero {
        rests[index].quantity = rests[index].quantity - units
        quantity = quantity - units
      }
      if amount <= 0, quantity <= .zero { return }
    }
  }
}
