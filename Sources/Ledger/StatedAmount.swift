/// An amount as a document states it, in a currency that may go without saying.
public struct StatedAmount: Hashable, Sendable {
  /// In units of the currency; may be negative.
  public var value: ExactDecimal
  /// nil means the functional currency of the entity.
  public var currency: Currency?

  public init(_ value: ExactDecimal, in currency: Currency? = nil) {
    self.value = value
    self.currency = currency
  }

  public init(_ amount: Money) {
    self.init(ExactDecimal(amount), in: amount.currency)
  }

  /// The amount in its currency, or in `functionalCurrency` where it names none.
  ///
  /// - Throws: ``AmountFault``; `tooManyDecimals` when the value has more decimals than the
  ///   currency, `tooLarge` past ``Money/maximumMinorUnits``.
  public func money(in functionalCurrency: Currency) throws(AmountFault) -> Money {
    try Money(value, currency ?? functionalCurrency)
  }

  public static prefix func - (amount: StatedAmount) -> StatedAmount {
    StatedAmount(-amount.value, in: amount.currency)
  }
}

extension StatedAmount: CustomStringConvertible {
  /// With exactly the decimals of the currency it names, else without trailing zeros.
  public var text: String {
    guard let currency, let amount = try? Money(value, currency) else { return value.text }
    return amount.text
  }

  public var description: String { currency.map { "\(text) \($0)" } ?? text }
}
