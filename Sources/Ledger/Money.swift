/// An exact amount: whole minor units of one currency.
///
/// Adding amounts of two currencies, or past `Int64`, stops the process: only a defect can do
/// that, because intake bounds every amount (``maximumMinorUnits``) and what the amounts of one
/// document sum to, and sums over many documents go through ``sum(_:in:)``.
public struct Money: Hashable, Sendable {
  public let minorUnits: Int64
  public let currency: Currency

  /// The largest magnitude of one amount that intake lets in: 15 digits. What all amounts of a
  /// document sum to has a bound of its own (`Document.boundSums`), so that no sum of them leaves
  /// `Int64`.
  public static let maximumMinorUnits: Int64 = 999_999_999_999_999

  public init(minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

  /// Reads plain decimal notation such as `1234.50`.
  ///
  /// - Throws: ``AmountFault``; `tooManyDecimals` when the text has more decimals than the
  ///   currency, be they zeros; `tooLarge` past ``maximumMinorUnits``.
  public init(_ text: String, _ currency: Currency) throws(AmountFault) {
    try self.init(DecimalText.parse(text), currency)
  }

  /// Reads the same notation from UTF-8.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>, _ currency: Currency) throws(AmountFault) {
    try self.init(DecimalText.parse(bytes), currency)
  }

  private init(_ number: DecimalText.Number, _ currency: Currency) throws(AmountFault) {
    let missing = currency.decimals - number.scale
    guard missing >= 0 else { throw .tooManyDecimals(allowed: currency.decimals) }
    let (units, overflow) = number.coefficient.multipliedReportingOverflow(
      by: PowersOfTen.int64(missing))
    guard !overflow, units.magnitude <= Money.maximumMinorUnits else { throw .tooLarge }
    self.init(minorUnits: units, currency)
  }

  /// Takes a number that states an amount.
  ///
  /// - Throws: ``AmountFault``; `tooManyDecimals` when the number has more decimals than the
  ///   currency, trailing zeros apart; `tooLarge` past ``maximumMinorUnits``.
  public init(_ number: ExactDecimal, _ currency: Currency) throws(AmountFault) {
    try self.init(
      DecimalText.Number(coefficient: number.coefficient, scale: number.scale), currency)
  }

  /// The amount with exactly the currency's decimals: `1234.50`, `-3`, `0.005`.
  public var text: String { DecimalText.text(minorUnits, scale: currency.decimals) }

  public var isZero: Bool { minorUnits == 0 }
  public var isNegative: Bool { minorUnits < 0 }
  public var magnitude: Money { isNegative ? -self : self }

  public static func + (left: Money, right: Money) -> Money {
    precondition(left.currency == right.currency, "amounts of two currencies do not add")
    return Money(minorUnits: left.minorUnits + right.minorUnits, left.currency)
  }

  public static func - (left: Money, right: Money) -> Money { left + -right }

  public static prefix func - (amount: Money) -> Money {
    Money(minorUnits: -amount.minorUnits, amount.currency)
  }

  public static func += (left: inout Money, right: Money) { left = left + right }
  public static func -= (left: inout Money, right: Money) { left = left - right }

  /// The sum of amounts that came from outside.
  ///
  /// - Throws: `tooLarge` when it leaves `Int64`.
  public static func sum(
    _ amounts: some Sequence<Money>, in currency: Currency
  ) throws(AmountFault) -> Money {
    var total: Int128 = 0
    for amount in amounts {
      precondition(amount.currency == currency, "amounts of two currencies do not add")
      total += Int128(amount.minorUnits)
    }
    guard let units = Int64(exactly: total) else { throw .tooLarge }
    return Money(minorUnits: units, currency)
  }
}

extension Money: Comparable, CustomStringConvertible {
  public static func < (left: Money, right: Money) -> Bool {
    precondition(left.currency == right.currency, "amounts of two currencies do not compare")
    return left.minorUnits < right.minorUnits
  }

  public var description: String { "\(text) \(currency)" }
}
