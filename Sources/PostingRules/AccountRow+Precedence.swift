extension AccountRow {
  /// How early a row is tried, the first smallest: rows that name the entity, then those that name a
  /// group, then the others; within a level more conditions first, then the closer kinds of match.
  /// Of rows that compare equal the earlier one in the table is tried first.
  package struct Precedence: Hashable, Comparable, Sendable {
    private let level: Level
    private let conditions: Int
    /// The ranks of the matches, summed.
    private let matches: Int

    package init(_ row: AccountRow) { self.init(row.conditions) }

    init(_ conditions: [AccountCondition]) {
      level = AccountRow.Level(conditions)
      self.conditions = conditions.count
      matches = conditions.reduce(0) { $0 + $1.match.rank }
    }

    package static func < (left: Precedence, right: Precedence) -> Bool {
      (left.level, right.conditions, left.matches) < (right.level, left.conditions, right.matches)
    }
  }
}

extension [AccountRow] {
  /// The places of the rows in the order in which they are tried.
  package var positionsByPrecedence: [Int] {
    let precedences = map { AccountRow.Precedence($0) }
    return indices.sorted { (precedences[$0], $0) < (precedences[$1], $1) }
  }
}
