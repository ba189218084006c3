import Ledger
import PostingRules

/// Reads `bank-accounts.yaml`: bank accounts and clearing accounts of payment processors.
struct BankAccountReader {
  let findings: FindingList

  struct Parsed {
    var accounts: [String: MoneyAccount] = [:]
    var places: [String: FilePlace] = [:]
    /// Rows for the tables `bank` and `processorClearing`.
    var rows: [PlacedRow] = []
    var entities: [NamedEntity] = []
  }

  func read(_ document: YAMLValue) -> Parsed {
    var parsed = Parsed()
    for (index, element) in ListReader.elements(document, findings).enumerated() {
      guard var table = TableReader(element, .bankAccount, findings) else { continue }
      let code = table.requiredText("code")
      if table.value("kind") == nil { table.missing("kind") }
      let kind: MoneyAccount.Kind? = table.choice("kind")
      let entity = table.text("entity").map { LegalEntityID($0) }
      let currency = table.currency("currency")
      let account = table.text("account")
      table.finish()
      if let entity {
        parsed.entities.append(NamedEntity(id: entity, place: table.place(of: "entity")))
      }
      guard let code, let kind,
        !ListReader.isRepeat(code, at: element.place, among: &parsed.places, findings)
      else { continue }
      let money = MoneyAccount(code: code, kind: kind, entity: entity, currency: currency)
      parsed.accounts[code] = money
      guard let account else { continue }
      // With the entity the row is as near as one of the entity's own in the tables.
      var conditions = [AccountCondition(.account, .equals(code))]
      if let entity { conditions.append(AccountCondition(.entity, .equals(entity.code))) }
      let row = AccountRow(
        number: index + 1, file: document.place.file, conditions: conditions,
        account: AccountCode(account))
      parsed.rows.append(PlacedRow(row: row, role: money.role, place: element.place))
    }
    return parsed
  }
}
