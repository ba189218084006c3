import Ledger
import PostingRules

/// Reads `taxes.yaml`: the known tax codes, and the accounts of those that have their own.
struct TaxReader {
  let findings: FindingList

  struct Parsed {
    var codes: [String: TaxCode] = [:]
    /// Rows for the tables `taxPayable` and `taxRecoverable`.
    var rows: [PlacedRow] = []
  }

  func read(_ document: YAMLValue) -> Parsed {
    var parsed = Parsed()
    var lines: [String: FilePlace] = [:]
    for (index, element) in ListReader.elements(document, findings).enumerated() {
      guard var table = TableReader(element, .taxCode, findings) else { continue }
      let code = table.requiredText("code")
      let category: TaxCategory? = table.choice("category")
      let rate = table.decimal("rate")
      let accounts: [(AccountRole, String?)] = [
        (.taxPayable, table.text("account")), (.taxRecoverable, table.text("recoverableAccount")),
      ]
      table.finish()
      guard let code, !ListReader.isRepeat(code, at: element.place, among: &lines, findings)
      else { continue }
      parsed.codes[code] = TaxCode(code: code, category: category, rate: rate)
      for case (let role, let account?) in accounts {
        let row = AccountRow(
          number: index + 1, file: document.place.file,
          conditions: [AccountCondition(.taxCode, .equals(code))], account: AccountCode(account))
        parsed.rows.append(PlacedRow(row: row, role: role, place: element.place))
      }
    }
    return parsed
  }
}
