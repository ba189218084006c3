/// A search condition: `[["code", "=", "REV"], ["OR", […], […]]]`.
struct TrytonDomain: Sendable {
  private indirect enum Clause: Sendable {
    case all([Clause])
    case any([Clause])
    case compare(field: String, operator: String, TrytonValue)
  }

  private let root: Clause

  init(_ value: TrytonValue) throws(TrytonFault) { root = try TrytonDomain.clause(value) }

  private static func clause(_ value: TrytonValue) throws(TrytonFault) -> Clause {
    guard let parts = value.list else { throw .programming("invalid domain") }
    if parts.count >= 3, case .text(let field) = parts[0], case .text(let sign) = parts[1],
      field != "OR", field != "AND"
    {
      guard operators.contains(sign) else { throw .programming("'\(sign)'") }
      return .compare(field: field, operator: sign, parts[2])
    }
    let isAny = parts.first == .text("OR")
    let rest = isAny || parts.first == .text("AND") ? Array(parts.dropFirst()) : parts
    var clauses: [Clause] = []
    for part in rest { clauses.append(try clause(part)) }
    return isAny ? .any(clauses) : .all(clauses)
  }

  private static let operators: Set<String> = [
    "=", "!=", "in", "not in", "<", "<=", ">", ">=", "like", "ilike",
  ]

  /// The values that a field must have one of; nil where the domain leaves that open.
  func wanted(_ field: String) -> [TrytonValue]? {
    guard case .all(let clauses) = root else { return nil }
    for case .compare(field, let sign, let value) in clauses {
      if sign == "=" { return [value] }
      if sign == "in" { return value.list }
    }
    return nil
  }

  /// Every field that it asks for, dotted ones included.
  var fields: Set<String> { TrytonDomain.fields(of: root) }

  /// Every text in it.
  var texts: [String] { TrytonDomain.texts(of: root) }

  /// Whether a record with these values of its fields satisfies it.
  func holds(_ values: [String: TrytonValue]) -> Bool { TrytonDomain.holds(root, values) }

  private static func fields(of clause: Clause) -> Set<String> {
    switch clause {
    case .all(let clauses), .any(let clauses):
      clauses.reduce(into: []) { $0.formUnion(fields(of: $1)) }
    case .compare(let field, _, _): [field]
    }
  }

  private static func texts(of clause: Clause) -> [String] {
    switch clause {
    case .all(let clauses), .any(let clauses): clauses.flatMap(texts)
    case .compare(_, _, let value): (value.list ?? [value]).compactMap(\.text)
    }
  }

  private static func holds(_ clause: Clause, _ values: [String: TrytonValue]) -> Bool {
    switch clause {
    case .all(let clauses): clauses.allSatisfy { holds($0, values) }
    case .any(let clauses): clauses.isEmpty || clauses.contains { holds($0, values) }
    case .compare(let field, let sign, let wanted): compare(values[field] ?? .null, sign, wanted)
    }
  }

  private static func compare(
    _ value: TrytonValue, _ sign: String, _ wanted: TrytonValue
  ) -> Bool {
    switch sign {
    case "=": return isSame(value, wanted)
    case "!=": return !isSame(value, wanted)
    case "in": return wanted.list?.contains { isSame(value, $0) } ?? false
    case "not in": return !(wanted.list?.contains { isSame(value, $0) } ?? false)
    case "like", "ilike":
      guard let text = value.text?.lowercased(), let pattern = wanted.text?.lowercased() else {
        return false
      }
      let core = pattern.trimmingPercents
      if pattern.hasPrefix("%"), pattern.hasSuffix("%") { return text.contains(core) }
      if pattern.hasSuffix("%") { return text.hasPrefix(core) }
      if pattern.hasPrefix("%") { return text.hasSuffix(core) }
      return text == core
    default:
      let isLess: Bool
      let isEqual = isSame(value, wanted)
      if let left = value.id, let right = wanted.id {
        isLess = left < right
      } else if let left = value.text, let right = wanted.text {
        isLess = left < right
      } else {
        return false
      }
      switch sign {
      case "<": return isLess
      case "<=": return isLess || isEqual
      case ">": return !isLess && !isEqual
      default: return !isLess
      }
    }
  }

  private static func isSame(_ left: TrytonValue, _ right: TrytonValue) -> Bool {
    if let left = left.text, let right = right.text { return left == right }
    return left == right
  }
}

extension String {
  fileprivate var trimmingPercents: String {
    var text = self[...]
    while text.hasPrefix("%") { text = text.dropFirst() }
    while text.hasSuffix("%") { text = text.dropLast() }
    return String(text)
  }
}
