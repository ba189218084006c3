import Foundation

extension SuiteQL {
  /// Columns by table.
  typealias Row = [String: [String: String]]
  /// Columns in the order in which they were asked for; nil is NULL.
  typealias Answer = [(name: String, value: String?)]

  func run(on tables: Tables, in books: MockBooks) async throws(Trouble) -> [Answer] {
    var rows: [Row] = [[:]]
    for source in sources {
      let content = try await tables.known(source.table, in: books)
      var joined: [Row] = []
      for row in rows {
        for other in content {
          var both = row
          both[source.alias] = other
          if let on = source.on, !(try holds(on, in: both)) { continue }
          joined.append(both)
        }
      }
      rows = joined
    }
    if let condition {
      var kept: [Row] = []
      for row in rows where try holds(condition, in: row) { kept.append(row) }
      rows = kept
    }
    var groupsOfRows = rows.map { [$0] }
    if !groups.isEmpty || columns.contains(where: { $0.value.isAggregate }) {
      var byValue: [[String?]: [Row]] = groups.isEmpty ? [[]: []] : [:]
      var sequence: [[String?]] = groups.isEmpty ? [[]] : []
      for row in rows {
        var values: [String?] = []
        for group in groups { values.append(try value(of: group, in: [row])) }
        if byValue[values] == nil { sequence.append(values) }
        byValue[values, default: []].append(row)
      }
      groupsOfRows = sequence.map { byValue[$0] ?? [] }
    }
    for (expression, isDescending) in order.reversed() {
      var keyed: [(key: String, rows: [Row])] = []
      for group in groupsOfRows {
        keyed.append((try value(of: expression, in: group) ?? "", group))
      }
      keyed.sort {
        let isBefore = Self.compare($0.key, $1.key) == .orderedAscending
        return isDescending ? Self.compare($0.key, $1.key) == .orderedDescending : isBefore
      }
      groupsOfRows = keyed.map(\.rows)
    }
    var answers: [Answer] = []
    for group in groupsOfRows { answers.append(try answer(of: group)) }
    return answers
  }

  private func answer(of rows: [Row]) throws(Trouble) -> Answer {
    var answer: Answer = []
    for column in columns {
      guard let name = column.name else {
        for values in (rows.first ?? [:]).values {
          answer += values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        continue
      }
      answer.append((name, try value(of: column.value, in: rows)))
    }
    return answer
  }

  // MARK: Values

  /// Of a group of rows: aggregates of all of them, anything else of the first.
  private func value(of expression: Expression, in rows: [Row]) throws(Trouble) -> String? {
    switch expression {
    case .literal(let text): return text
    case .column(let table, let name):
      guard let row = rows.first else { return nil }
      guard table.map({ row[$0] != nil }) ?? true else {
        throw SuiteQLTokens.invalid("there is no table \(table ?? "")")
      }
      let found = row.filter { table == nil || $0.key == table }.values.compactMap { $0[name] }
      // NULL is stored as an empty text, so that an unknown column is told from an empty one.
      guard let value = found.first else { throw SuiteQLTokens.invalid("no field \(name)") }
      return value.isEmpty ? nil : value
    case .call(let function, let arguments):
      return try value(of: function, arguments, in: rows)
    }
  }

  private func value(
    of function: String, _ arguments: [Expression], in rows: [Row]
  ) throws(Trouble) -> String? {
    guard !Expression.aggregates.contains(function) else {
      var values: [String] = []
      for row in rows {
        if arguments.isEmpty {
          values.append("1")
        } else if let value = try value(of: arguments[0], in: [row]) {
          values.append(value)
        }
      }
      switch function {
      case "COUNT": return String(values.count)
      case "MAX": return values.max { Self.compare($0, $1) == .orderedAscending }
      case "MIN": return values.min { Self.compare($0, $1) == .orderedAscending }
      default:
        guard !values.isEmpty else { return nil }
        return "\(values.reduce(Decimal(0)) { $0 + (Decimal(string: $1) ?? 0) })"
      }
    }
    guard let first = arguments.first else {
      throw SuiteQLTokens.invalid("\(function) is not known")
    }
    let value = try value(of: first, in: rows)
    switch function {
    // Formats are those of ISO 8601 in this account, whatever is asked for.
    case "TO_CHAR", "TO_DATE", "TO_NUMBER", "BUILTIN.DF": return value
    case "UPPER": return value?.uppercased()
    case "LOWER": return value?.lowercased()
    case "NVL", "COALESCE":
      guard value == nil, arguments.count > 1 else { return value }
      return try self.value(of: arguments[1], in: rows)
    default: throw SuiteQLTokens.invalid("\(function) is not known")
    }
  }

  // MARK: Conditions

  private func holds(_ condition: Condition, in row: Row) throws(Trouble) -> Bool {
    switch condition {
    case .all(let parts):
      for part in parts where !(try holds(part, in: row)) { return false }
      return true
    case .any(let parts):
      for part in parts where try holds(part, in: row) { return true }
      return false
    case .not(let inner): return !(try holds(inner, in: row))
    case .isNull(let expression): return try value(of: expression, in: [row]) == nil
    case .among(let expression, let values):
      guard let left = try value(of: expression, in: [row]) else { return false }
      for other in values {
        if let right = try value(of: other, in: [row]), Self.compare(left, right) == .orderedSame {
          return true
        }
      }
      return false
    case .compare(let left, let sign, let right):
      guard let left = try value(of: left, in: [row]), let right = try value(of: right, in: [row])
      else { return false }
      if sign == "LIKE" { return Self.matches(left, pattern: right) }
      switch Self.compare(left, right) {
      case .orderedSame: return ["=", "<=", ">="].contains(sign)
      case .orderedAscending: return ["<", "<=", "<>"].contains(sign)
      case .orderedDescending: return [">", ">=", "<>"].contains(sign)
      }
    }
  }

  /// As numbers when both are, as texts otherwise.
  private static func compare(_ left: String, _ right: String) -> ComparisonResult {
    if let first = number(left), let second = number(right) {
      return first == second
        ? .orderedSame : first < second ? .orderedAscending : .orderedDescending
    }
    return left == right ? .orderedSame : left < right ? .orderedAscending : .orderedDescending
  }

  private static func number(_ text: String) -> Decimal? {
    text.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" } && !text.dropFirst().contains("-")
      ? Decimal(string: text) : nil
  }

  private static func matches(_ text: String, pattern: String) -> Bool {
    let parts = pattern.split(separator: "%", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return text == pattern }
    guard let first = parts.first, let last = parts.last, text.hasPrefix(first) else {
      return false
    }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}

extension SuiteQL.Expression {
  static let aggregates: Set<String> = ["SUM", "COUNT", "MAX", "MIN"]

  var isAggregate: Bool {
    guard case .call(let function, let arguments) = self else { return false }
    return Self.aggregates.contains(function) || arguments.contains(where: \.isAggregate)
  }
}
