/// Why a text is no amount or number.
public enum AmountFault: Error, Hashable, Sendable {
  /// Not plain decimal notation: digits with an optional minus sign and decimal point.
  case notDecimal
  /// More decimals than the currency, or this kind of number, has.
  case tooManyDecimals(allowed: Int)
  /// More digits than can be held exactly.
  case tooLarge
}
