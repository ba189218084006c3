import Ledger
import PostingRules

/// A row of an account table and where it stands.
struct PlacedRow {
  let row: AccountRow
  let role: AccountRole
  let place: FilePlace
}

/// Reads `accounts/<role>.yaml`.
struct AccountTableReader {
  let findings: FindingList

  /// The rows; empty, with a fault, when the file's name is no role.
  func read(_ document: YAMLValue, role name: String) -> [PlacedRow] {
    guard let role = AccountRole(rawValue: name) else {
      findings.error(
        "unknown_role", FilePlace(file: document.place.file), "There is no role '\(name)'",
        fix: Suggestion.fix(for: name, known: AccountRole.allCases.map(\.rawValue)))
      return []
    }
    if document.isEmpty { return [] }
    guard let rows = document.list else {
      findings.error(
        "wrong_type", document.place, "The file holds \(document.kind), not a list of rows",
        fix: "Begin each row with a hyphen: - account: 4000")
      return []
    }
    return rows.enumerated().compactMap { index, value in
      row(value, number: index + 1).map { PlacedRow(row: $0, role: role, place: value.place) }
    }
  }

  private func row(_ value: YAMLValue, number: Int) -> AccountRow? {
    let errors = findings.errorCount
    guard var table = TableReader(value, .accountRow, findings) else { return nil }
    let conditions = conditions(value["when"])
    _ = table.value("when")
    let from = table.date("from")
    let through = table.date("through")
    let account = table.requiredText("account")
    let dimensions = DimensionsReader(findings: findings).read(
      table.value("dimensions"), named: "dimensions")
    table.finish()
    if let from, let through, through < from {
      findings.error(
        "empty_range", table.place(of: "through"),
        "The row ends on \(through), before it begins on \(from): it never holds",
        fix: "Correct one of the dates, or remove the row")
    }
    // A row of which a part is missing would hold too often.
    guard let account, let conditions, findings.errorCount == errors else { return nil }
    return AccountRow(
      number: number, conditions: conditions, from: from, through: through,
      account: AccountCode(account), dimensions: dimensions)
  }

  /// nil, with the faults, when a condition cannot be read: a row without it would hold too often.
  func conditions(_ value: YAMLValue?) -> [AccountCondition]? {
    guard let value, !value.isEmpty else { return [] }
    guard let fields = value.fields else {
      findings.error(
        "wrong_type", value.place, "'when' is \(value.kind), not a table of conditions",
        fix: "Write attributes and values: when: { product: API-CALLS }")
      return nil
    }
    let conditions = fields.map { field -> AccountCondition? in
      guard let attribute = AttributeName(field.key) else {
        let names = AttributeName.simple.map(\.text) + ["dimension.NAME", "custom.NAME"]
        findings.error(
          "unknown_key", field.place, "'\(field.key)' is no attribute of a line",
          fix: Suggestion.fix(for: field.key, known: names))
        return nil
      }
      guard let match = match(field) else { return nil }
      checkClosedValues(match, of: attribute, at: field.value.place)
      return AccountCondition(attribute, match)
    }
    let read = conditions.compactMap { $0 }
    return read.count == conditions.count ? read : nil
  }

  private func match(_ field: YAMLValue.Field) -> AccountCondition.Match? {
    switch field.value.content {
    case .text(let text, _): return .equals(text)
    case .list(let elements):
      let texts = elements.compactMap(\.text)
      guard texts.count == elements.count, !texts.isEmpty else { break }
      return texts.count == 1 ? .equals(texts[0]) : .oneOf(texts)
    case .table:
      guard var table = TableReader(field.value, .match, findings) else { return nil }
      let prefix = table.text("prefix")
      let from = table.text("from")
      let through = table.text("through")
      table.finish()
      switch (prefix, from, through) {
      case (let prefix?, nil, nil): return .prefix(prefix)
      case (nil, nil, nil), (_?, _, _): break
      case (nil, let from, let through): return .range(from: from, through: through)
      }
    case .empty: break
    }
    findings.error(
      "wrong_type", field.place, "The condition on '\(field.key)' says nothing that can match",
      fix: "Write a value, a list, { prefix: … } or { from: …, through: … }")
    return nil
  }

  /// Values of attributes whose values are a closed list.
  private func checkClosedValues(
    _ match: AccountCondition.Match, of attribute: AttributeName, at place: FilePlace
  ) {
    guard let known = attribute.closedValues else { return }
    let values: [String] =
      switch match {
      case .equals(let value): [value]
      case .oneOf(let values): values
      case .prefix, .range: []
      }
    for value in values where !known.contains(value) {
      findings.error(
        "unknown_value", place, "'\(value)' is no value of '\(attribute.text)'",
        fix: Suggestion.fix(for: value, known: known))
    }
  }
}

extension AttributeName {
  /// Every value of the attribute; nil where the list is open.
  var closedValues: [String]? {
    switch self {
    case .kind: DocumentLine.Kind.allCases.map(\.rawValue)
    case .taxCategory: TaxCategory.allCases.map(\.rawValue)
    case .method: PaymentMethod.allCases.map(\.rawValue)
    default: nil
    }
  }
}
