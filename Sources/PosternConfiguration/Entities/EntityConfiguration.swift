package import Ledger
package import PostingRules

/// One legal entity, as `entities/<code>.yaml` describes it.
package struct EntityConfiguration: Sendable {
  package var rules: EntityRules
  /// nil when the entity has none: then any account is taken.
  package var chart: ChartOfAccounts?
  /// `entities/DEMO.yaml`.
  package var place: String

  package var id: LegalEntityID { rules.entity.id }
}

/// The accounts that an entity's books have.
package struct ChartOfAccounts: Hashable, Sendable {
  package struct Account: Hashable, Sendable {
    package let number: AccountCode
    package let name: String
    /// `asset`, `liability`, `equity`, `income`, `expense`; nil where the file does not say.
    package let type: String?
  }

  /// `charts/demo.csv`.
  package let file: String
  package let accounts: [Account]
  private let numbers: Set<AccountCode>

  package init(file: String, accounts: [Account]) {
    self.file = file
    self.accounts = accounts
    numbers = Set(accounts.map(\.number))
  }

  package func contains(_ account: AccountCode) -> Bool { numbers.contains(account) }
}
