/// Units of one currency for one unit of another, on a day, from a source.
public struct ExchangeRate: Hashable, Sendable {
  public let from: Currency
  public let to: Currency
  /// Units of `to` for one unit of `from`; positive.
  public let rate: ExactDecimal
  public let date: CalendarDate
  /// Who says so: `ECB`, `SAMPLE`, a billing system.
  public let source: String

  /// nil when the rate is not positive.
  public init?(
    from: Currency, to: Currency, rate: ExactDecimal, date: CalendarDate, source: String
  ) {
    guard rate.coefficient > 0 else { return nil }
    self.from = from
    self.to = to
    self.rate = rate
    self.date = date
    self.source = source
  }

  /// The numerator and denominator of one minor unit of `from` in minor units of `to`.
  private var ratio: (numerator: Int128, denominator: Int128) {
    let shift = to.decimals - from.decimals
    let numerator = Int128(rate.coefficient)
    return shift >= 0
      ? (numerator * PowersOfTen.int128(shift), rate.divisor)
      : (numerator, rate.divisor * PowersOfTen.int128(-shift))
  }

  /// The amount in `to`, rounded to its minor unit.
  ///
  /// - Throws: `tooLarge` when the result leaves `Int64`.
  public func convert(
    _ amount: Money, rounding: Rounding = .halfAwayFromZero
  ) throws(AmountFault) -> Money {
    precondition(amount.currency == from, "a rate converts its own currency")
    let (numerator, denominator) = ratio
    let (product, overflow) = Int128(amount.minorUnits).multipliedReportingOverflow(by: numerator)
    guard !overflow, let units = Int64(exactly: rounding.divide(product, by: denominator)) else {
      throw .tooLarge
    }
    return Money(minorUnits: units, to)
  }
}
