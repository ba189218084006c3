/// An exact decimal number for quantities, unit prices, percentages and rates.
///
/// Kept without trailing zeros, so that `19`, `19.0` and `19.00` are equal.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits as an integer; the value is `coefficient` divided by ten to the power of `scale`.
  public let coefficient: Int64
  /// The number of decimals, 0 to ``maximumDecimals``.
  public let scale: Int

  public static let maximumDecimals = 12
  public static let zero = ExactDecimal(0)

  public init(_ value: Int64) {
    coefficient = value
    scale = 0
  }

  /// Reads plain decimal notation with up to ``maximumDecimals`` decimals, trailing zeros apart.
  ///
  /// - Throws: ``AmountFault``.
  public init(_ text: String) throws(AmountFault) {
    try self.init(DecimalText.parse(text))
  }

  /// Reads the same notation from UTF-8.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(AmountFault) {
    try self.init(DecimalText.parse(bytes))
  }

  private init(_ number: DecimalText.Number) throws(AmountFault) {
    var number = number
    while number.scale > 0, number.coefficient.isMultiple(of: 10) {
      number.coefficient /= 10
      number.scale -= 1
    }
    guard number.scale <= ExactDecimal.maximumDecimals else {
      throw .tooManyDecimals(allowed: ExactDecimal.maximumDecimals)
    }
    coefficient = number.coefficient
    scale = number.scale
  }

  /// The amount as a number of units of its currency.
  public init(_ amount: Money) {
    var coefficient = amount.minorUnits
    var scale = amount.currency.decimals
    while scale > 0, coefficient.isMultiple(of: 10) {
      coefficient /= 10
      scale -= 1
    }
    self.init(coefficient: coefficient, scale: scale)
  }

  private init(coefficient: Int64, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  /// The number in plain decimal notation, without trailing zeros.
  public var text: String { DecimalText.text(coefficient, scale: scale) }

  public var isNegative: Bool { coefficient < 0 }

  /// The divisor that belongs to the coefficient.
  package var divisor: Int128 { PowersOfTen.int128(scale) }

  public static prefix func - (number: ExactDecimal) -> ExactDecimal {
    ExactDecimal(coefficient: -number.coefficient, scale: number.scale)
  }

  /// This percentage of an amount: `19` per cent of 100.00 is 19.00.
  ///
  /// - Throws: `tooLarge` when the result leaves `Int64`.
  public func percent(
    of amount: Money, rounding: Rounding = .halfAwayFromZero
  ) throws(AmountFault) -> Money {
    let product = Int128(amount.minorUnits) * Int128(coefficient)
    guard let units = Int64(exactly: rounding.divide(product, by: divisor * 100)) else {
      throw .tooLarge
    }
    return Money(minorUnits: units, amount.currency)
  }
}

extension ExactDecimal: Comparable, CustomStringConvertible {
  public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
    Int128(left.coefficient) * right.divisor < Int128(right.coefficient) * left.divisor
  }

  public var description: String { text }
}
