package import Ledger

/// One compiled version of the rules that finance owns.
package struct RuleBook: Sendable {
  /// The content address of the configuration: `sha256:…`.
  package var version: String
  package var entities: [LegalEntityID: EntityRules]
  package var accounts: AccountDetermination
  package var rates: RateTable
  /// Bank and processor accounts by their code.
  package var moneyAccounts: [String: MoneyAccount]
  /// Known tax codes by code; empty means that codes are not checked.
  package var taxCodes: [String: TaxCode]
  package var intercompany: IntercompanyAgreements
  package var dimensions: DimensionDerivation
  /// What documents of a source have where they say nothing, by source code.
  package var sourceDefaults: [String: SourceDefaults]

  package init(
    version: String, entities: [LegalEntityID: EntityRules], accounts: AccountDetermination,
    rates: RateTable = RateTable([]), moneyAccounts: [String: MoneyAccount] = [:],
    taxCodes: [String: TaxCode] = [:],
    intercompany: IntercompanyAgreements = IntercompanyAgreements(),
    dimensions: DimensionDerivation = DimensionDerivation([]),
    sourceDefaults: [String: SourceDefaults] = [:]
  ) {
    self.version = version
    self.entities = entities
    self.accounts = accounts
    self.rates = rates
    self.moneyAccounts = moneyAccounts
    self.taxCodes = taxCodes
    self.intercompany = intercompany
    self.dimensions = dimensions
    self.sourceDefaults = sourceDefaults
  }
}

/// A tax code of the configuration; what it says fills what a document leaves out.
package struct TaxCode: Hashable, Sendable {
  package var code: String
  package var category: TaxCategory?
  /// Per cent.
  package var rate: ExactDecimal?

  package init(code: String, category: TaxCategory? = nil, rate: ExactDecimal? = nil) {
    self.code = code
    self.category = category
    self.rate = rate
  }
}

/// A bank account, or the clearing account of a payment processor.
package struct MoneyAccount: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable { case bank, processor }

  /// What documents call it; the account tables test it as `account`.
  package var code: String
  package var kind: Kind
  /// Whose it is; nil means any entity.
  package var entity: LegalEntityID?
  /// What it holds; nil means any currency.
  package var currency: Currency?

  package init(
    code: String, kind: Kind, entity: LegalEntityID? = nil, currency: Currency? = nil
  ) {
    self.code = code
    self.kind = kind
    self.entity = entity
    self.currency = currency
  }

  /// The role of its lines.
  package var role: AccountRole { kind == .bank ? .bank : .processorClearing }
}
