package import Ledger

/// The row number of a rated item in the store.
package struct RatedItemNumber: Hashable, Sendable, Comparable {
  package let value: Int64
  package init(_ value: Int64) { self.value = value }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Usage of one customer, product and meter that a document rated.
package struct RatedItem: Hashable, Sendable {
  package var number: RatedItemNumber
  package var document: DocumentIdentity
  /// Among the items of its document, from 0.
  package var place: Int
  package var period: DateRange
  package var item: RatedUsage.Item

  package init(
    number: RatedItemNumber, document: DocumentIdentity, place: Int, period: DateRange,
    item: RatedUsage.Item
  ) {
    self.number = number
    self.document = document
    self.place = place
    self.period = period
    self.item = item
  }

  package var meter: MeteredProduct {
    MeteredProduct(
      customer: item.customer, product: item.product, meter: item.meter,
      currency: item.amount.currency)
  }

  /// What it keeps when its document is rated anew.
  package var key: RatedItemKey { RatedItemKey(document: document, meter: meter) }
}

/// What rated and billed usage have in common.
package struct MeteredProduct: Hashable, Sendable {
  package var customer: String
  package var product: String
  package var meter: String
  package var currency: Currency

  package init(customer: String, product: String, meter: String, currency: Currency) {
    self.customer = customer
    self.product = product
    self.meter = meter
    self.currency = currency
  }
}

/// The usage of one meter in one document, whatever its revision.
package struct RatedItemKey: Hashable, Sendable {
  package var document: DocumentIdentity
  package var meter: MeteredProduct

  package init(document: DocumentIdentity, meter: MeteredProduct) {
    self.document = document
    self.meter = meter
  }
}

/// Usage that a line of an invoice bills.
package struct BilledUsage: Hashable, Sendable {
  package var meter: MeteredProduct
  package var period: DateRange
  package var quantity: ExactDecimal
  package var amount: Money

  package init(
    meter: MeteredProduct, period: DateRange, quantity: ExactDecimal, amount: Money
  ) {
    self.meter = meter
    self.period = period
    self.quantity = quantity
    self.amount = amount
  }
}

extension Document {
  /// The rated usage that the lines of an invoice bill.
  ///
  /// What a credit memo takes back stays billed: it will not be billed again.
  package var billedUsage: [BilledUsage] {
    guard case .invoice(let invoice) = body, let customer = customer?.id else { return [] }
    return invoice.content.lines.compactMap { line in
      guard let usage = line.usage, !line.net.isNegative else { return nil }
      return BilledUsage(
        meter: MeteredProduct(
          customer: customer, product: line.product, meter: usage.meter, currency: currency),
        period: usage.period, quantity: usage.quantity, amount: line.net)
    }
  }
}

extension DateRange {
  func overlaps(_ other: DateRange) -> Bool { from <= other.through && other.from <= through }
}
