import Ledger

extension DocumentConversion {
  /// The dimensions of a line: the document's own, those of the account row, and what
  /// `dimensions.yaml` derives for the rest; with the reason for account and derived values.
  mutating func dimensions(
    of role: AccountRole, by row: DeterminedRow, pointer: () -> String
  ) -> (Dimensions, AccountReason) {
    var result = facts.dimensions.filled(from: row.dimensions)
    guard !ruleBook.dimensions.dimensions.isEmpty else { return (result, row.reason) }
    var reasons: [String] = []
    for rules in ruleBook.dimensions.dimensions {
      if result[rules.name] == nil, rules.roles?.contains(role) ?? true {
        if let (found, value) = derive(rules) {
          result[rules.name] = value
          reasons.append(
            "\(rules.name) = \(value) by \(DimensionRules.file) row \(found.number) "
              + "(\(found.because))")
        } else if rules.isRequired {
          stopWithoutDimension(rules, role: role, pointer: pointer())
        }
      }
      if let values = rules.values, let value = result[rules.name], !values.contains(value) {
        stopUnknown(value, of: rules, pointer: pointer())
      }
    }
    guard !reasons.isEmpty else { return (result, row.reason) }
    let reason = AccountReason(
      table: row.reason.table, row: row.reason.row,
      because: ([row.reason.because] + reasons).joined(separator: "; "))
    return (result, reason)
  }

  private func derive(_ rules: DimensionRules) -> (DimensionRow, String)? {
    for row in rules.rows {
      if let value = row.value(for: facts, of: entity.rules, on: postingDate) {
        return (row, value)
      }
    }
    return nil
  }

  private mutating func stopWithoutDimension(
    _ rules: DimensionRules, role: AccountRole, pointer: String
  ) {
    let nearest = rules.rows.map { row in
      (row, failed: row.conditions.filter { !$0.holds(for: $0.value(in: facts, of: entity.rules)) })
    }.min { ($0.failed.count, $0.0.number) < ($1.failed.count, $1.0.number) }
    let suggestion =
      nearest.map { row, failed in
        failed.isEmpty
          ? "row \(row.number) does not give a value on \(postingDate)"
          : "the nearest row is row \(row.number), which wants "
            + failed.map(\.text).joined(separator: "; ")
      } ?? "it has no rows"
    stop(
      .dimensionMissing, pointer: pointer,
      detail: "A line of the role \(role.rawValue) of \(document.title) has no \(rules.name), "
        + "which \(DimensionRules.file) requires: \(suggestion)",
      fix: "Add a row to \(rules.name) in \(DimensionRules.file), or have the source name it, "
        + "then retry",
      cause: "\(entity.rules.entity.id) \(rules.name) \(role.rawValue)")
  }

  private mutating func stopUnknown(
    _ value: String, of rules: DimensionRules, pointer: String
  ) {
    stop(
      .unknownDimension, pointer: pointer,
      detail: "\(document.title) has '\(value)' as \(rules.name), which is not among its values",
      fix: "Add the value to \(rules.name) in \(DimensionRules.file), or correct the document",
      cause: "\(entity.rules.entity.id) \(rules.name) \(value)")
  }
}
