import Ledger
import PostingRules

/// The group of companies that every story plays in, and its rules before and after they are mended.
enum SimulatedGroup {
  static let start = Moment(milliseconds: 1_772_524_800_000)  // 2026-03-03
  static let source = "billing"
  static let currency = code("EUR")
  static let day = date("2026-03-02")
  /// Lies in a period that the rules open only when they are mended.
  static let laterDay = date("2026-04-02")
  /// Has no revenue account until the rules are mended.
  static let unmappedProduct = "P-NEW"

  static func entity(_ number: Int) -> LegalEntityID { LegalEntityID("E\(number)") }
  static func connection(_ number: Int) -> ConnectionID { ConnectionID("erp-\(number)") }

  static func rules(entities: Int, isMended: Bool) -> RuleBook {
    var rules: [LegalEntityID: EntityRules] = [:]
    for number in 1...entities {
      let id = entity(number)
      rules[id] = EntityRules(
        entity: LegalEntity(
          id: id, name: id.code, country: "DE", functionalCurrency: currency),
        policies: EntityPolicies(),
        closedPeriods: isMended ? [] : [FiscalPeriod(containing: laterDay)],
        connections: [EntryHead.primaryLedger: connection(number)])
    }
    let tables = AccountRole.allCases.map { role in
      var row = AccountRow(number: 1, account: AccountCode(role.rawValue))
      if role == .revenue, !isMended {
        row.conditions = [AccountCondition(.product, .oneOf(["P-1", "P-2"]))]
      }
      return AccountTable(role: role, file: "accounts/\(role.rawValue).yaml", rows: [row])
    }
    return RuleBook(
      version: isMended ? "sha256:2" : "sha256:1", entities: rules,
      accounts: AccountDetermination(tables),
      moneyAccounts: ["BANK": MoneyAccount(code: "BANK", kind: .bank)],
      intercompany: IntercompanyAgreements(
        deliveries: (1...entities).flatMap { biller in
          (1...entities).filter { $0 != biller }.map {
            DeliveryAgreement(
              biller: entity(biller), deliverer: entity($0), treatment: .passThrough)
          }
        }))
  }

  private static func code(_ text: String) -> Currency {
    guard let currency = Currency(text) else { preconditionFailure("a currency that exists") }
    return currency
  }

  private static func date(_ text: String) -> CalendarDate {
    guard let date = CalendarDate(text) else { preconditionFailure("a day that exists") }
    return date
  }
}
