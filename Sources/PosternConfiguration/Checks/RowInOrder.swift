import Ledger
import PostingRules

/// A row with its place in the order in which the rules try them.
struct RowInOrder {
  let placed: PlacedRow
  /// The entities whose lines it can decide.
  let domain: Set<LegalEntityID>
  /// Without those on entity and group, which the domain settles.
  let conditions: [AccountCondition]
  let precedence: AccountRow.Precedence

  var row: AccountRow { placed.row }

  init(_ placed: PlacedRow, entities: [EntityRules]) {
    self.placed = placed
    let onEntity = placed.row.conditions.filter(\.isOnEntity)
    domain = Set(
      entities.filter { rules in onEntity.allSatisfy { $0.mayHold(for: rules) } }
        .map(\.entity.id))
    conditions = placed.row.conditions.filter { !$0.isOnEntity }
    precedence = AccountRow.Precedence(placed.row)
  }

  /// The rows of a table, the first tried first.
  static func sorted(_ rows: [PlacedRow], entities: [EntityRules]) -> [RowInOrder] {
    rows.map(\.row).positionsByPrecedence.map { RowInOrder(rows[$0], entities: entities) }
  }

  /// Whether this row holds whenever `other` does, for one entity.
  func holdsWherever(_ other: RowInOrder) -> Bool {
    conditions.allSatisfy { mine in
      other.conditions.contains { $0.attribute == mine.attribute && $0.match.isWithin(mine) }
    }
      && (row.from ?? .first) <= (other.row.from ?? .first)
      && (row.through ?? .last) >= (other.row.through ?? .last)
  }

  /// Whether some line could satisfy both.
  func canMeet(_ other: RowInOrder) -> Bool {
    guard
      max(row.from ?? .first, other.row.from ?? .first)
        <= min(row.through ?? .last, other.row.through ?? .last)
    else { return false }
    for mine in conditions {
      for theirs in other.conditions
      where theirs.attribute == mine.attribute && theirs.excludes(mine) { return false }
    }
    return !domain.isDisjoint(with: other.domain)
  }
}

extension AccountCondition {
  /// Whether no value satisfies both. Ranges and prefixes that cannot be told apart may meet.
  fileprivate func excludes(_ other: AccountCondition) -> Bool {
    if let values = listedValues { return !values.contains { other.holds(for: $0) } }
    if let values = other.listedValues { return !values.contains { holds(for: $0) } }
    if case .prefix(let left) = match, case .prefix(let right) = other.match {
      return !left.hasPrefix(right) && !right.hasPrefix(left)
    }
    if case .range(let from, let through) = match,
      case .range(let otherFrom, let otherThrough) = other.match
    {
      return from.map { !Self.isWithin($0, through: otherThrough, attribute) } == true
        || otherFrom.map { !Self.isWithin($0, through: through, attribute) } == true
    }
    return false
  }

  private static func isWithin(
    _ value: String, through: String?, _ attribute: AttributeName
  ) -> Bool {
    AccountCondition(attribute, .range(from: nil, through: through)).holds(for: value)
  }
}

extension AccountCondition.Match {
  /// Whether every value that satisfies this satisfies `other`.
  fileprivate func isWithin(_ other: AccountCondition) -> Bool {
    switch (self, other.match) {
    case (.equals(let value), _): other.holds(for: value)
    case (.oneOf(let values), _): values.allSatisfy { other.holds(for: $0) }
    case (.prefix(let prefix), .prefix(let wanted)): prefix.hasPrefix(wanted)
    case (.range, .range): self == other.match
    default: false
    }
  }
}
