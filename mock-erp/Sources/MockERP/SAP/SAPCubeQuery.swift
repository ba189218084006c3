import Foundation

/// What is asked of the cube: comparisons joined by `and`, fields, and a page.
struct SAPCubeQuery: Sendable {
  enum Comparison: String, Sendable {
    case equal = "eq"
    case unequal = "ne"
    case atLeast = "ge"
    case above = "gt"
    case atMost = "le"
    case below = "lt"
  }

  struct Condition: Sendable {
    let field: String
    let comparison: Comparison
    /// A day stands as `YYYY-MM-DD`, a flag as `true` or `false`.
    let value: String
  }

  let conditions: [Condition]
  /// Empty: all.
  let fields: [String]
  let skip: Int
  let top: Int?
  /// `$format=json` or an `Accept` of JSON; the gateway's own choice is Atom.
  let wantsJSON: Bool

  init(_ request: WireRequest, _ path: [String]) throws(Trouble) {
    guard path == [SAPCube.entitySet] else {
      throw Trouble(
        status: 404, code: "not_found", message: "Resource not found for segment \(path.last ?? "")"
      )
    }
    wantsJSON =
      request.parameter("$format") == "json"
      || (request.header("Accept") ?? "").contains("application/json")
    conditions = try Self.conditions(request.parameter("$filter") ?? "")
    fields = (request.parameter("$select") ?? "").split(separator: ",").map {
      String($0.filter { $0 != " " })
    }
    if let unknown = (fields + conditions.map(\.field)).first(where: {
      !SAPCube.fields.contains($0)
    }) {
      throw Trouble(
        status: 400, code: "invalid_property",
        message: "Property \(unknown) not found in type A_OperationalAcctgDocItemCubeType")
    }
    skip = try Self.number("$skip", request) ?? 0
    top = try Self.number("$top", request)
  }

  /// The value that a field must equal; nil when none is asked for.
  func value(of field: String) -> String? {
    conditions.first { $0.field == field && $0.comparison == .equal }?.value
  }

  private static func number(_ name: String, _ request: WireRequest) throws(Trouble) -> Int? {
    guard let text = request.parameter(name) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw Trouble(status: 400, code: "invalid_parameter", message: "Invalid value of \(name)")
    }
    return number
  }

  private static func conditions(_ filter: String) throws(Trouble) -> [Condition] {
    var words = try self.words(filter)[...]
    var conditions: [Condition] = []
    while !words.isEmpty {
      guard words.count >= 3, let comparison = Comparison(rawValue: words[words.startIndex + 1])
      else { throw invalid(filter) }
      conditions.append(
        Condition(
          field: words[words.startIndex], comparison: comparison,
          value: try literal(words[words.startIndex + 2])))
      words = words.dropFirst(3)
      guard let next = words.popFirst() else { break }
      guard next == "and", !words.isEmpty else { throw invalid(filter) }
    }
    return conditions
  }

  /// Words and quoted texts; a quote inside a text is doubled. Brackets group nothing here.
  private static func words(_ filter: String) throws(Trouble) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in filter {
      if character == "'" { isQuoted.toggle() }
      if !isQuoted, character == "(" || character == ")" || character == " " {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    guard !isQuoted else { throw invalid(filter) }
    return word.isEmpty ? words : words + [word]
  }

  private static func literal(_ word: String) throws(Trouble) -> String {
    if word == "true" || word == "false" { return word }
    let isDay = word.hasPrefix("datetime'")
    let quoted = isDay ? word.dropFirst("datetime".count) : word[...]
    guard quoted.count >= 2, quoted.first == "'", quoted.last == "'" else { throw invalid(word) }
    let text = quoted.dropFirst().dropLast().replacing("''", with: "'")
    guard isDay else { return String(text) }
    guard text.hasSuffix("T00:00:00"), CalendarDay(String(text.prefix(10))) != nil else {
      throw invalid(word)
    }
    return String(text.prefix(10))
  }

  private static func invalid(_ filter: String) -> Trouble {
    Trouble(
      status: 400, code: "invalid_filter", message: "Invalid expression in $filter: \(filter)")
  }
}

extension SAPCubeQuery.Condition {
  /// Codes that SAP pads with zeros inside and shows without.
  private static let padded: Set = ["AccountingDocument", "GLAccount", "Customer", "Supplier"]

  func holds(_ given: String) -> Bool {
    let isPadded = Self.padded.contains(field)
    let given = isPadded ? SAPJournalEntry.alpha(given) : given
    let value = isPadded ? SAPJournalEntry.alpha(value) : value
    return switch comparison {
    case .equal: given == value
    case .unequal: given != value
    case .atLeast: given >= value
    case .above: given > value
    case .atMost: given <= value
    case .below: given < value
    }
  }
}
