/// One account, side and amount of a journal entry.
public struct JournalLine: Hashable, Sendable {
  public let role: AccountRole
  public let account: AccountCode
  public let side: Side
  /// In the transaction currency, not negative; zero for an exchange difference.
  public let amount: Money
  /// In the entity's functional currency, not negative.
  public let functionalAmount: Money
  /// The customer's id on subledger lines.
  public let party: String?
  /// The other legal entity on intercompany lines.
  public let partner: LegalEntityID?
  /// What a tax line reports.
  public let tax: Tax?
  public let dimensions: Dimensions
  public let description: String
  /// Why this account was chosen.
  public let reason: AccountReason

  /// The tax detail that a line carries to the return.
  public struct Tax: Hashable, Sendable {
    public let code: String
    public let category: TaxCategory?
    public let rate: ExactDecimal?
    /// Negative where the line takes tax back.
    public let base: Money?
    public let jurisdiction: String?
    /// The tax in the accounting currency the document states (EN 16931 BT-111).
    public let accountingAmount: Money?

    public init(
      code: String, category: TaxCategory?, rate: ExactDecimal?, base: Money?,
      jurisdiction: String? = nil, accountingAmount: Money? = nil
    ) {
      self.code = code
      self.category = category
      self.rate = rate
      self.base = base
      self.jurisdiction = jurisdiction
      self.accountingAmount = accountingAmount
    }
  }

  public init(
    role: AccountRole, account: AccountCode, side: Side, amount: Money, functionalAmount: Money,
    party: String? = nil, partner: LegalEntityID? = nil, tax: Tax? = nil,
    dimensions: Dimensions = [:], description: String, reason: AccountReason
  ) {
    precondition(
      !amount.isNegative && !functionalAmount.isNegative, "a line's amounts are not negative")
    self.role = role
    self.account = account
    self.side = side
    self.amount = amount
    self.functionalAmount = functionalAmount
    self.party = party
    self.partner = partner
    self.tax = tax
    self.dimensions = dimensions
    self.description = description
    self.reason = reason
  }
}
