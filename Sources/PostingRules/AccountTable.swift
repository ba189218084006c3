package import Ledger

/// The account tables of all roles.
package struct AccountDetermination: Sendable {
  package var tables: [AccountRole: AccountTable]

  package init(_ tables: some Sequence<AccountTable>) {
    self.tables = Dictionary(tables.map { ($0.role, $0) }) { first, second in
      AccountTable(role: first.role, file: first.file, rows: first.rows + second.rows)
    }
  }
}

/// The rows that choose the accounts of one role.
package struct AccountTable: Sendable {
  package var role: AccountRole
  /// The file, relative to the configuration: `accounts/revenue.yaml`.
  package var file: String
  /// In the order of the file; ``AccountRow/Precedence`` says which is tried first.
  package var rows: [AccountRow]

  package init(role: AccountRole, file: String, rows: [AccountRow]) {
    self.role = role
    self.file = file
    self.rows = rows
  }
}

/// One row: where its conditions hold, lines get its account.
package struct AccountRow: Hashable, Sendable {
  /// Where a row stands in the fallback: an entity's own, its group's, or everybody's.
  package enum Level: Int, Hashable, Sendable, Comparable {
    case entity, group, anybody

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    init(_ conditions: [AccountCondition]) {
      if conditions.contains(where: { $0.attribute == .entity }) {
        self = .entity
      } else {
        self = conditions.contains { $0.attribute == .group } ? .group : .anybody
      }
    }
  }

  /// The row's number in its file, from 1.
  package var number: Int
  /// The file it stands in, where that is not the table's.
  package var file: String?
  /// All must hold; none means that the row holds always.
  package var conditions: [AccountCondition]
  /// The first posting date on which it holds; nil means from the beginning.
  package var from: CalendarDate?
  /// The last posting date on which it holds; nil means for good.
  package var through: CalendarDate?
  package var account: AccountCode
  /// Given to the line where the document says nothing of the same name.
  package var dimensions: Dimensions

  package init(
    number: Int, file: String? = nil, conditions: [AccountCondition] = [],
    from: CalendarDate? = nil, through: CalendarDate? = nil, account: AccountCode,
    dimensions: Dimensions = [:]
  ) {
    self.number = number
    self.file = file
    self.conditions = conditions
    self.from = from
    self.through = through
    self.account = account
    self.dimensions = dimensions
  }

  package var level: Level { Level(conditions) }

  package func isInForce(on postingDate: CalendarDate) -> Bool {
    if let from, postingDate < from { return false }
    if let through, postingDate > through { return false }
    return true
  }
}
