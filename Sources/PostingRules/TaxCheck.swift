import Ledger

/// Compares taxes with base times rate. A tax is in order when either way of rounding halves brings
/// it within the tolerance.
struct TaxCheck {
  /// In units of the document's currency.
  let tolerance: ExactDecimal
  private let currency: Currency
  /// The tolerance in minor units, and the divisor that belongs to it.
  private let minorUnits: Int128
  private let divisor: Int128

  init(tolerance: ExactDecimal?, currency: Currency) {
    self.tolerance = tolerance ?? ExactDecimal(1)
    self.currency = currency
    minorUnits = Int128(self.tolerance.coefficient) * Int128(currency.minorUnitsPerUnit)
    divisor = self.tolerance.divisor
  }

  /// Tax less base times rate where that is more than the tolerance; nil when the tax is in order or
  /// there is nothing to check.
  func difference(of tax: TaxDetail, in known: [String: TaxCode]) -> Money? {
    guard let base = tax.base?.minorUnits, let amount = tax.amount?.minorUnits,
      let rate = tax.rate ?? known[tax.code]?.rate
    else { return nil }
    let unit = rate.divisor * 100
    let exact = Int128(amount) * unit - Int128(base) * Int128(rate.coefficient)
    // |exact| / unit > tolerance + 1/2, all in minor units.
    let away = exact.magnitude
    guard Int128(away) * 2 * divisor > unit * (2 * minorUnits + divisor) else { return nil }
    let units = Rounding.halfAwayFromZero.divide(exact, by: unit)
    return Money(minorUnits: Int64(clamping: units), currency)
  }
}
