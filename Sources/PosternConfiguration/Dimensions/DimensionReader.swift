import Ledger
import PostingRules

/// Reads `dimensions.yaml`.
struct DimensionReader {
  let findings: FindingList

  struct Parsed {
    var known: [KnownDimension] = []
    var rules: [DimensionRules] = []
  }

  func read(_ document: YAMLValue) -> Parsed {
    var parsed = Parsed()
    var lines: [String: FilePlace] = [:]
    for element in ListReader.elements(document, findings) {
      guard var table = TableReader(element, .dimension, findings) else { continue }
      let code = table.requiredText("code")
      let name = table.text("name")
      let values = table.value("values") == nil ? nil : table.texts("values")
      let roles = roles(&table)
      let isRequired = table.boolean("required", default: false)
      let rows = (table.value("derive")?.list ?? []).enumerated().compactMap { index, value in
        row(value, number: index + 1, values: values)
      }
      if let value = table.value("derive"), value.list == nil {
        table.wrongType("derive", value, expected: "a list of rows")
      }
      table.finish()
      guard let code, !ListReader.isRepeat(code, at: element.place, among: &lines, findings)
      else { continue }
      parsed.known.append(KnownDimension(code: code, name: name ?? code, values: values))
      parsed.rules.append(
        DimensionRules(
          name: code, values: values.map { Set($0) }, roles: roles, isRequired: isRequired,
          rows: rows))
    }
    return parsed
  }

  private func roles(_ table: inout TableReader) -> Set<AccountRole>? {
    guard table.value("roles") != nil else { return nil }
    let names = AccountRole.allCases.map(\.rawValue)
    let place = table.place(of: "roles")
    return Set(
      table.texts("roles").compactMap { text in
        if let role = AccountRole(rawValue: text) { return role }
        findings.error(
          "unknown_role", place, "There is no role '\(text)'",
          fix: Suggestion.fix(for: text, known: names))
        return nil
      })
  }

  private func row(_ value: YAMLValue, number: Int, values: [String]?) -> DimensionRow? {
    let errors = findings.errorCount
    guard var table = TableReader(value, .dimensionRow, findings) else { return nil }
    let conditions = AccountTableReader(findings: findings).conditions(value["when"])
    _ = table.value("when")
    let from = table.date("from")
    let through = table.date("through")
    let fixed = table.text("value")
    let attribute = table.text("valueOf")
    table.finish()
    var result: DimensionRow.Value?
    switch (fixed, attribute) {
    case (let text?, nil):
      result = .fixed(text)
      if let values, !values.contains(text) {
        findings.error(
          "unknown_value", table.place(of: "value"), "'\(text)' is no value of the dimension",
          fix: Suggestion.fix(for: text, known: values))
      }
    case (nil, let name?):
      result = AttributeName(name).map { .of($0) }
      if result == nil {
        let names = AttributeName.simple.map(\.text) + ["dimension.NAME", "custom.NAME"]
        findings.error(
          "unknown_value", table.place(of: "valueOf"), "'\(name)' is no attribute of a line",
          fix: Suggestion.fix(for: name, known: names))
      }
    default:
      findings.error(
        "missing_key", table.place, "A row gives either 'value' or 'valueOf'",
        fix: "Write one of the two")
    }
    // A row of which a part is missing would hold too often.
    guard let conditions, let result, findings.errorCount == errors else { return nil }
    return DimensionRow(
      number: number, conditions: conditions, from: from, through: through, value: result)
  }
}
