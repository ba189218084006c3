package import Ledger

/// How short a payment may fall of what is open and still clear it: by not more than either limit.
package struct PaymentTolerance: Hashable, Sendable {
  package var absolute: Money
  /// Per cent of the invoice.
  package var percent: ExactDecimal

  package init(absolute: Money, percent: ExactDecimal) {
    self.absolute = absolute
    self.percent = percent
  }

  /// The smaller of the two limits, in minor units.
  func limit(on invoice: Money) -> Int64 {
    let share = Int128(invoice.minorUnits) * Int128(percent.coefficient) / (percent.divisor * 100)
    return Int64(clamping: min(Int128(absolute.minorUnits), share))
  }
}
