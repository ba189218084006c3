public import Ledger

/// What an ERP's amounts and currencies cannot say; without limits unless told.
public struct AmountLimits: Hashable, Sendable {
  /// The most decimals of an amount; nil for those of the currency.
  public var decimals: Int?
  /// The largest amount of a line in minor units; nil for no limit.
  public var largest: Int64?
  /// Which transaction currencies an entry may have.
  public var currencies: Currencies
  /// Whether a line may have an amount of zero beside a functional amount, as exchange differences
  /// have.
  public var takesZeroAmounts: Bool

  public enum Currencies: Hashable, Sendable {
    case any
    /// Only that of the books.
    case functional
    case only(Set<Currency>)
  }

  public init(
    decimals: Int? = nil, largest: Int64? = nil, currencies: Currencies = .any,
    takesZeroAmounts: Bool = true
  ) {
    self.decimals = decimals
    self.largest = largest
    self.currencies = currencies
    self.takesZeroAmounts = takesZeroAmounts
  }
}
