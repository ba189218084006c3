/// A value as Tryton's JSON-RPC writes it.
indirect enum TrytonValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A JSON number with a fraction, which no field of an amount takes.
  case float(Double)
  case text(String)
  case decimal(String)
  /// `YYYY-MM-DD`.
  case date(String)
  case list([TrytonValue])
  case object([String: TrytonValue])

  var id: Int? { if case .integer(let id) = self { id } else { nil } }

  var text: String? {
    switch self {
    case .text(let text), .decimal(let text), .date(let text): text
    default: nil
    }
  }

  var list: [TrytonValue]? { if case .list(let values) = self { values } else { nil } }
  var object: [String: TrytonValue]? { if case .object(let table) = self { table } else { nil } }
  var isNull: Bool { self == .null }

  static func optional(_ text: String?) -> TrytonValue { text.map { .text($0) } ?? .null }
  static func optional(_ id: Int?) -> TrytonValue { id.map { .integer($0) } ?? .null }

  /// What goes over the wire.
  var json: JSONText {
    switch self {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(number)
    case .float(let number): .number(number)
    case .text(let text): .string(text)
    case .decimal(let text):
      .object([("__class__", "Decimal"), ("decimal", .string(text))])
    case .date(let text):
      .object(
        [("__class__", "date")]
          + zip(["year", "month", "day"], text.split(separator: "-")).map {
            ($0, .integer(Int($1) ?? 0))
          })
    case .list(let values): .array(values.map(\.json))
    case .object(let table):
      .object(table.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
    }
  }
}

extension TrytonValue: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let number = try? container.decode(Int.self) {
      self = .integer(number)
    } else if let flag = try? container.decode(Bool.self) {
      self = .boolean(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .float(number)
    } else if let values = try? container.decode([TrytonValue].self) {
      self = .list(values)
    } else {
      self = TrytonValue.classed(try container.decode([String: TrytonValue].self))
    }
  }

  private static func classed(_ table: [String: TrytonValue]) -> TrytonValue {
    switch table["__class__"] {
    case .text("Decimal"): return .decimal(table["decimal"]?.text ?? "")
    case .text("date"):
      let parts = ["year", "month", "day"].map { table[$0]?.id ?? 0 }
      return .date(
        zip(parts, [4, 2, 2]).map { number, width in
          let digits = String(number)
          return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }.joined(separator: "-"))
    default: return .object(table)
    }
  }
}
