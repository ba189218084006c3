/// A query over the account's tables: one SELECT with inner joins, conditions, groups and an order.
struct SuiteQL: Sendable {
  indirect enum Expression: Hashable, Sendable {
    case column(table: String?, name: String)
    case literal(String)
    /// Upper case; `COUNT(*)` has no arguments.
    case call(String, [Expression])
  }

  indirect enum Condition: Sendable {
    case compare(Expression, String, Expression)
    case among(Expression, [Expression])
    case isNull(Expression)
    case not(Condition)
    case all([Condition])
    case any([Condition])
  }

  struct Source: Sendable {
    let table: String
    let alias: String
    /// nil for the first.
    let on: Condition?
  }

  static let reserved: Set<String> = [
    "FROM", "WHERE", "GROUP", "ORDER", "JOIN", "INNER", "ON", "AND", "OR", "AS", "ASC", "DESC",
    "BY",
    "LEFT", "SELECT", "IN", "IS", "NOT", "LIKE", "BETWEEN",
  ]
  static let masterTables: Set<String> = [
    "account", "subsidiary", "currency", "customer", "entity", "department", "classification",
    "location", "item", "salestaxitem", "accountingperiod",
  ]

  /// nil name selects every column.
  let columns: [(name: String?, value: Expression)]
  let sources: [Source]
  let condition: Condition?
  let groups: [Expression]
  let order: [(value: Expression, isDescending: Bool)]

  init(_ text: String) throws(Trouble) {
    var tokens = try SuiteQLTokens(text)
    try tokens.expect("SELECT")
    var columns: [(name: String?, value: Expression)] = []
    repeat {
      if tokens.take("*") {
        columns.append((nil, .literal("")))
        continue
      }
      let value = try Self.expression(&tokens)
      let isNamed = tokens.take("AS") || !tokens.comes(["FROM", ","])
      columns.append((isNamed ? try tokens.name().lowercased() : value.name, value))
    } while tokens.take(",")
    try tokens.expect("FROM")
    var sources = [try Self.source(&tokens, isJoined: false)]
    while tokens.take("INNER", "JOIN") || tokens.take("JOIN") {
      sources.append(try Self.source(&tokens, isJoined: true))
    }
    condition = tokens.take("WHERE") ? try Self.condition(&tokens) : nil
    var groups: [Expression] = []
    if tokens.take("GROUP", "BY") {
      repeat { groups.append(try Self.expression(&tokens)) } while tokens.take(",")
    }
    var order: [(value: Expression, isDescending: Bool)] = []
    if tokens.take("ORDER", "BY") {
      repeat {
        let value = try Self.expression(&tokens)
        let isDescending = tokens.take("DESC")
        _ = tokens.take("ASC")
        order.append((value, isDescending))
      } while tokens.take(",")
    }
    guard tokens.isAtEnd else { throw SuiteQLTokens.invalid("nothing more is expected") }
    self.columns = columns
    self.sources = sources
    self.groups = groups
    self.order = order
  }

  /// External ids that the query asks for.
  var keys: [String] {
    (condition.map(Self.comparisons) ?? []).filter { $0.column == "externalid" }.map(\.text)
  }

  /// Codes of master data that the query names, by the column they are compared with.
  var mentions: [String] {
    (sources.compactMap(\.on) + [condition].compactMap { $0 }).flatMap(Self.comparisons)
      .filter { $0.column != "externalid" || sources.count == 1 }.map(\.text)
  }

  // MARK: Reading

  private static func source(
    _ tokens: inout SuiteQLTokens, isJoined: Bool
  ) throws(Trouble) -> Source {
    let table = try tokens.name(unless: reserved).lowercased()
    let hasAlias =
      tokens.take("AS")
      || !(tokens.isAtEnd || tokens.comes(["WHERE", "GROUP", "ORDER", "JOIN", "INNER", "ON"]))
    let alias = hasAlias ? try tokens.name(unless: reserved).lowercased() : table
    guard isJoined else { return Source(table: table, alias: alias, on: nil) }
    try tokens.expect("ON")
    return Source(table: table, alias: alias, on: try condition(&tokens))
  }

  private static func expression(_ tokens: inout SuiteQLTokens) throws(Trouble) -> Expression {
    if tokens.take("(") {
      let inner = try expression(&tokens)
      try tokens.expect(")")
      return inner
    }
    switch try tokens.next() {
    case .text(let text): return .literal(text)
    case .word("-", _):
      guard case .word(_, let digits) = try tokens.next() else {
        throw SuiteQLTokens.invalid("a number is expected")
      }
      return .literal("-" + digits)
    case .word(let word, let raw):
      if raw.first?.isNumber == true { return .literal(raw) }
      guard !reserved.contains(word), raw.first?.isLetter == true else {
        throw SuiteQLTokens.invalid("\(raw) is not expected")
      }
      guard tokens.take("(") else {
        let parts = raw.lowercased().split(separator: ".")
        return parts.count > 1
          ? .column(table: String(parts[0]), name: String(parts[1]))
          : .column(table: nil, name: raw.lowercased())
      }
      var arguments: [Expression] = []
      if !tokens.take("*"), !tokens.comes([")"]) {
        repeat { arguments.append(try expression(&tokens)) } while tokens.take(",")
      }
      try tokens.expect(")")
      return .call(word, arguments)
    }
  }

  private static func condition(_ tokens: inout SuiteQLTokens) throws(Trouble) -> Condition {
    var choices: [Condition] = []
    repeat {
      var parts: [Condition] = []
      repeat { parts.append(try comparison(&tokens)) } while tokens.take("AND")
      choices.append(.all(parts))
    } while tokens.take("OR")
    return choices.count == 1 ? choices[0] : .any(choices)
  }

  private static func comparison(_ tokens: inout SuiteQLTokens) throws(Trouble) -> Condition {
    if tokens.take("NOT") { return .not(try comparison(&tokens)) }
    if tokens.take("(") {
      let inner = try condition(&tokens)
      try tokens.expect(")")
      return inner
    }
    let left = try expression(&tokens)
    if tokens.take("IS", "NOT", "NULL") { return .not(.isNull(left)) }
    if tokens.take("IS", "NULL") { return .isNull(left) }
    let isNegated = tokens.take("NOT")
    if tokens.take("IN") {
      try tokens.expect("(")
      var values: [Expression] = []
      repeat { values.append(try expression(&tokens)) } while tokens.take(",")
      try tokens.expect(")")
      return isNegated ? .not(.among(left, values)) : .among(left, values)
    }
    if tokens.take("BETWEEN") {
      let low = try expression(&tokens)
      try tokens.expect("AND")
      let high = try expression(&tokens)
      return .all([.compare(left, ">=", low), .compare(left, "<=", high)])
    }
    for sign in ["=", "<>", "!=", "<=", ">=", "<", ">", "LIKE"] where tokens.take(sign) {
      let comparison = Condition.compare(
        left, sign == "!=" ? "<>" : sign, try expression(&tokens))
      return isNegated ? .not(comparison) : comparison
    }
    throw SuiteQLTokens.invalid("a comparison is expected")
  }

  /// Columns that have to be one of some texts.
  private static func comparisons(
    in condition: Condition
  ) -> [(column: String, text: String)] {
    switch condition {
    case .compare(.column(_, let name), "=", .literal(let text)): [(name, text)]
    case .among(.column(_, let name), let values):
      values.compactMap { if case .literal(let text) = $0 { (name, text) } else { nil } }
    case .all(let parts), .any(let parts): parts.flatMap(comparisons)
    default: []
    }
  }
}

extension SuiteQL.Expression {
  /// What the column is called in the answer.
  var name: String {
    switch self {
    case .column(_, let name): name
    case .literal: "expr"
    case .call(_, let arguments): arguments.first?.name ?? "expr"
    }
  }
}
