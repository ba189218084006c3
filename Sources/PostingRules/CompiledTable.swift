import Ledger

/// A row as lines refer to it: one object however many lines it decides.
final class DeterminedRow: Sendable {
  let account: AccountCode
  let dimensions: Dimensions
  let reason: AccountReason

  init(_ row: AccountRow, of table: AccountTable) {
    account = row.account
    dimensions = row.dimensions
    reason = AccountReason(
      table: row.file ?? table.file, row: row.number,
      because: row.conditions.isEmpty
        ? "default" : row.conditions.map(\.text).joined(separator: ", "))
  }
}

/// The rows of one role that one entity can ever use, the first tried first.
///
/// Conditions on entity and group are settled when it is made. Rows that want one value of the
/// attribute with the most distinct values are found through an index by that value.
final class CompiledTable: Sendable {
  struct Candidate: Sendable {
    let row: DeterminedRow
    /// Without those on entity and group, and without the one the index has answered.
    let conditions: [AccountCondition]
    let from: CalendarDate?
    let through: CalendarDate?
  }

  private let candidates: [Candidate]
  private let pivot: AttributeName?
  /// Positions of candidates by the value they want of the pivot, in order.
  private let byPivot: [String: [Int]]
  /// Positions of all other candidates, in order.
  private let others: [Int]
  /// The winner, where the first candidate holds for every line on every day.
  private let always: DeterminedRow?

  init(_ table: AccountTable, rows: [DeterminedRow], for rules: EntityRules) {
    var candidates = table.rows.positionsByPrecedence
      .filter { table.rows[$0].appliesTo(rules) }
      .map { index in
        let row = table.rows[index]
        return Candidate(
          row: rows[index], conditions: row.conditions.filter { !$0.isOnEntity },
          from: row.from, through: row.through)
      }
    always = candidates.first.flatMap {
      $0.conditions.isEmpty && $0.from == nil && $0.through == nil ? $0.row : nil
    }
    let pivot = CompiledTable.pivot(of: candidates)
    self.pivot = pivot
    var byPivot: [String: [Int]] = [:]
    var others: [Int] = []
    for (position, candidate) in candidates.enumerated() {
      if let values = candidate.conditions.first(where: { $0.attribute == pivot })?.listedValues {
        for value in Set(values) { byPivot[value, default: []].append(position) }
        candidates[position] = candidate.without(pivot)
      } else {
        others.append(position)
      }
    }
    self.candidates = candidates
    self.byPivot = byPivot
    self.others = others
  }

  private func holds(_ position: Int, for facts: LineFacts, on date: CalendarDate) -> Bool {
    if let from = candidates[position].from, date < from { return false }
    if let through = candidates[position].through, date > through { return false }
    for condition in candidates[position].conditions.indices {
      let value = facts.value(of: candidates[position].conditions[condition].attribute)
      if !candidates[position].conditions[condition].holds(for: value) { return false }
    }
    return true
  }

  /// The first row that holds; nil when none does.
  func row(for facts: LineFacts, on date: CalendarDate) -> DeterminedRow? {
    if let always { return always }
    var best = candidates.count
    if let pivot, let value = facts.value(of: pivot), let positions = byPivot[value] {
      for position in positions where holds(position, for: facts, on: date) {
        best = position
        break
      }
    }
    for position in others {
      if position >= best { break }
      if holds(position, for: facts, on: date) {
        best = position
        break
      }
    }
    return best < candidates.count ? candidates[best].row : nil
  }

  /// The attribute of which the candidates want the most distinct values; nil when none wants any.
  private static func pivot(of candidates: [Candidate]) -> AttributeName? {
    var values: [AttributeName: Set<String>] = [:]
    for condition in candidates.lazy.flatMap(\.conditions) {
      guard let wanted = condition.listedValues else { continue }
      values[condition.attribute, default: []].formUnion(wanted)
    }
    return values.max { ($0.value.count, $1.key.text) < ($1.value.count, $0.key.text) }?.key
  }
}

extension CompiledTable.Candidate {
  /// Without its first condition on an attribute.
  fileprivate func without(_ attribute: AttributeName?) -> Self {
    var rest = conditions
    if let place = rest.firstIndex(where: { $0.attribute == attribute }) { rest.remove(at: place) }
    return Self(row: row, conditions: rest, from: from, through: through)
  }
}

extension AccountCondition {
  /// Whether it is settled by the entity alone.
  package var isOnEntity: Bool { attribute == .entity || attribute == .group }

  /// The values that satisfy it, where they can be listed.
  package var listedValues: [String]? {
    switch match {
    case .equals(let value): [value]
    case .oneOf(let values): values
    case .prefix, .range: nil
    }
  }

  /// Whether a condition on entity or group holds for an entity; any other may hold.
  package func mayHold(for rules: EntityRules) -> Bool {
    switch attribute {
    case .entity: holds(for: rules.entity.id.code)
    case .group: rules.groups.contains { holds(for: $0) }
    default: true
    }
  }
}

extension AccountRow {
  func appliesTo(_ rules: EntityRules) -> Bool {
    conditions.allSatisfy { $0.mayHold(for: rules) }
  }
}
