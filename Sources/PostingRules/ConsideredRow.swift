package import Ledger

/// A row that was looked at for a line, and what speaks against it.
package struct ConsideredRow: Hashable, Sendable {
  /// The file: `accounts/revenue.yaml`.
  package let table: String
  /// The row's number in the file, from 1.
  package let row: Int
  package let account: AccountCode
  /// The conditions that hold: `entity = ACME-DE`.
  package let held: [String]
  /// What does not: `product = API-CALLS, but it is PRO-PLAN`. Empty: the row holds, and wins unless
  /// one that is tried before it does.
  package let failed: [String]
  /// The attributes that do not hold with the line's values: `product=PRO-PLAN`.
  let differences: [String]

  init(
    _ row: AccountRow, of table: AccountTable, rules: EntityRules, facts: LineFacts,
    on date: CalendarDate
  ) {
    var held: [String] = []
    var failed: [String] = []
    var differences: [String] = []
    for condition in row.conditions {
      let value = condition.value(in: facts, of: rules)
      if condition.holds(for: value) {
        held.append(condition.text)
      } else {
        failed.append("\(condition.text), but it is \(value ?? "not given")")
        differences.append("\(condition.attribute.text)=\(value ?? "")")
      }
    }
    if let from = row.from, date < from {
      failed.append("in force from \(from), but the posting date is \(date)")
      differences.append("postingDate<\(from)")
    }
    if let through = row.through, date > through {
      failed.append("in force through \(through), but the posting date is \(date)")
      differences.append("postingDate>\(through)")
    }
    self.table = row.file ?? table.file
    self.row = row.number
    account = row.account
    self.held = held
    self.failed = failed
    self.differences = differences
  }
}
