import Ledger

/// Chooses the account of a line; compiles each table for an entity when it is first needed.
struct AccountFinder: Sendable {
  private let determination: AccountDetermination
  /// The rows of each table as lines refer to them, by role.
  private var rows: [[DeterminedRow]?]
  /// By entity, then role.
  private var compiled: [CompiledTable?]

  /// Grows whenever a table is compiled.
  private(set) var compiledCount = 0

  private static let roleCount = AccountRole.allCases.count

  init(_ determination: AccountDetermination, entityCount: Int) {
    self.determination = determination
    rows = Array(repeating: nil, count: AccountFinder.roleCount)
    compiled = Array(repeating: nil, count: entityCount * AccountFinder.roleCount)
  }

  /// nil when no row holds.
  mutating func row(
    for role: AccountRole, of entity: EntityContext, facts: LineFacts, on date: CalendarDate
  ) -> DeterminedRow? {
    let place = entity.position * AccountFinder.roleCount + role.position
    if compiled[place] == nil { compile(role, for: entity, at: place) }
    return compiled[place]?.row(for: facts, on: date)
  }

  private mutating func compile(_ role: AccountRole, for entity: EntityContext, at place: Int) {
    let table = determination.tables[role] ?? AccountTable(role: role, file: "", rows: [])
    let rows = self.rows[role.position] ?? table.rows.map { DeterminedRow($0, of: table) }
    self.rows[role.position] = rows
    compiled[place] = CompiledTable(table, rows: rows, for: entity.rules)
    compiledCount += 1
  }

  /// Every row of the role's table with what speaks against it, in the order in which they are
  /// tried.
  func considered(
    _ role: AccountRole, of rules: EntityRules, facts: LineFacts, on date: CalendarDate
  ) -> [ConsideredRow] {
    guard let table = determination.tables[role] else { return [] }
    return table.rows.positionsByPrecedence
      .map { ConsideredRow(table.rows[$0], of: table, rules: rules, facts: facts, on: date) }
  }
}

extension AccountFinder {
  /// The row with the fewest conditions that fail, the earliest of equals; nil without any row.
  func nearest(
    _ role: AccountRole, of rules: EntityRules, facts: LineFacts, on date: CalendarDate
  ) -> ConsideredRow? {
    guard let table = determination.tables[role] else { return nil }
    var best: (position: Int, failures: Int)?
    for position in table.rows.indices {
      let row = table.rows[position]
      var failures = row.isInForce(on: date) ? 0 : 1
      for condition in row.conditions
      where !condition.holds(for: condition.value(in: facts, of: rules)) { failures += 1 }
      if failures < best?.failures ?? .max { best = (position, failures) }
    }
    return best.map {
      ConsideredRow(table.rows[$0.position], of: table, rules: rules, facts: facts, on: date)
    }
  }
}

extension AccountCondition {
  /// What a line has of the attribute; of several groups, the one that satisfies the condition.
  func value(in facts: LineFacts, of rules: EntityRules) -> String? {
    switch attribute {
    case .entity: rules.entity.id.code
    case .group: rules.groups.first { holds(for: $0) } ?? rules.groups.first
    default: facts.value(of: attribute)
    }
  }
}

/// One entity of a rule book, with its place among the compiled tables.
final class EntityContext: Sendable {
  let rules: EntityRules
  let ruleBook: RuleBook
  let position: Int
  /// The leading ledger first.
  let ledgers: [LedgerRules]

  init(_ rules: EntityRules, of ruleBook: RuleBook, position: Int) {
    self.rules = rules
    self.ruleBook = ruleBook
    self.position = position
    ledgers = rules.ledgers
  }
}

extension AccountRole {
  /// The role's place among all. An enum without payloads is stored as its case number.
  var position: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
}

extension EntityContext {
  /// nil when the entity keeps no such ledger.
  func ledger(_ name: String) -> LedgerRules? { ledgers.first { $0.name == name } }

  /// The ledgers that a document concerns, the leading one first.
  static func ledgerNames(of entity: EntityContext, with partners: [EntityContext]) -> [String] {
    var names = entity.ledgers.map(\.name)
    for name in partners.flatMap(\.ledgers).map(\.name) where !names.contains(name) {
      names.append(name)
    }
    return names
  }
}
