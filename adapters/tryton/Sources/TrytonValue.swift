import StrictJSON

/// A value as Tryton's JSON-RPC writes it.
indirect enum TrytonValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case text(String)
  /// `{"__class__":"Decimal","decimal":"119.00"}`; a JSON number would be refused as a float.
  case decimal(String)
  /// `{"__class__":"date",…}`, as `YYYY-MM-DD`.
  case date(year: Int64, month: Int64, day: Int64)
  case list([TrytonValue])
  case object([String: TrytonValue])
}

extension TrytonValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(arrayLiteral elements: TrytonValue...) { self = .list(elements) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(dictionaryLiteral elements: (String, TrytonValue)...) {
    self = .object(Dictionary(elements) { first, _ in first })
  }
}

extension TrytonValue {
  var text: String? {
    switch self {
    case .text(let text), .decimal(let text): text
    default: nil
    }
  }

  var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// SQLite answers 0 and 1 for no and yes.
  var flag: Bool? {
    switch self {
    case .boolean(let value): value
    case .integer(let value): value != 0
    default: nil
    }
  }

  var list: [TrytonValue]? {
    if case .list(let values) = self { values } else { nil }
  }

  subscript(name: String) -> TrytonValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}

extension TrytonValue {
  /// nil where it holds a number that is not whole: nothing that is asked for has one.
  init?(_ json: JSONView) {
    switch json.kind {
    case .null: self = .null
    case .false, .true: self = .boolean(json.kind == .true)
    case .number:
      guard let value = json.numberText.flatMap({ Int64($0) }) else { return nil }
      self = .integer(value)
    case .string:
      guard let text = json.string else { return nil }
      self = .text(text)
    case .array:
      guard let elements = json.array else { return nil }
      var values: [TrytonValue] = []
      for element in elements {
        guard let value = TrytonValue(element) else { return nil }
        values.append(value)
      }
      self = .list(values)
    case .object:
      guard let pairs = json.object else { return nil }
      var members: [String: TrytonValue] = [:]
      for (name, element) in pairs {
        guard let value = TrytonValue(element) else { return nil }
        members[name] = value
      }
      self.init(members: members)
    }
  }

  private init(members: [String: TrytonValue]) {
    switch members["__class__"]?.text {
    case "Decimal":
      self = members["decimal"]?.text.map(TrytonValue.decimal) ?? .object(members)
    case "date":
      guard let year = members["year"]?.integer, let month = members["month"]?.integer,
        let day = members["day"]?.integer
      else {
        self = .object(members)
        return
      }
      self = .date(year: year, month: month, day: day)
    default: self = .object(members)
    }
  }

  /// Writes the value, members in the order of their names.
  func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .boolean(let value): writer.bool(value)
    case .integer(let value): writer.number(value)
    case .text(let value): writer.string(value)
    case .decimal(let value):
      writer.object { writer in
        writer.key("__class__")
        writer.plainString("Decimal")
        writer.key("decimal")
        writer.string(value)
      }
    case .date(let year, let month, let day):
      writer.object { writer in
        writer.key("__class__")
        writer.plainString("date")
        writer.key("day")
        writer.number(day)
        writer.key("month")
        writer.number(month)
        writer.key("year")
        writer.number(year)
      }
    case .list(let values):
      writer.array { writer in
        for value in values { value.write(to: &writer) }
      }
    case .object(let members):
      writer.object { writer in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
          writer.key(name)
          value.write(to: &writer)
        }
      }
    }
  }
}
