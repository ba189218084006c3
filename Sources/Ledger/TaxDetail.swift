/// The kinds of tax treatment of UNCL 5305 that EN 16931 knows.
public enum TaxCategory: String, Hashable, Sendable, CaseIterable {
  case standard = "S"
  case zeroRated = "Z"
  case exempt = "E"
  case reverseCharge = "AE"
  case intraCommunity = "K"
  case export = "G"
  case outOfScope = "O"
  case canaryIslands = "L"
  case ceutaMelilla = "M"
  case splitPayment = "B"
}

/// One tax on a line, or on a document as a whole.
public struct TaxDetail: Hashable, Sendable {
  /// The source's tax code: `DE-19`, `S-25`.
  public var code: String
  public var category: TaxCategory?
  /// Per cent.
  public var rate: ExactDecimal?
  /// The amount that is taxed; nil on a line whose document carries the taxes as a whole.
  public var base: Money?
  /// The tax; nil likewise.
  public var amount: Money?
  public var jurisdiction: String?
  /// The tax in the accounting currency of the seller (EN 16931 BT-111).
  public var accountingAmount: StatedAmount?

  public init(
    code: String, category: TaxCategory? = nil, rate: ExactDecimal? = nil, base: Money? = nil,
    amount: Money? = nil, jurisdiction: String? = nil, accountingAmount: StatedAmount? = nil
  ) {
    self.code = code
    self.category = category
    self.rate = rate
    self.base = base
    self.amount = amount
    self.jurisdiction = jurisdiction
    self.accountingAmount = accountingAmount
  }
}
