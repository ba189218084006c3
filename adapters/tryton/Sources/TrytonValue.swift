import Foundation

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

  /// Deeper answers are none that was asked for.
  static let maximumDepth = 24
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

extension TrytonValue: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= TrytonValue.maximumDepth else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "too deep"))
    }
    if let container = try? decoder.container(keyedBy: Name.self) {
      var members: [String: TrytonValue] = [:]
      for name in container.allKeys {
        members[name.stringValue] = try container.decode(TrytonValue.self, forKey: name)
      }
      self = .init(members: members)
    } else if var container = try? decoder.unkeyedContainer() {
      var values: [TrytonValue] = []
      while !container.isAtEnd { values.append(try container.decode(TrytonValue.self)) }
      self = .list(values)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .boolean(value)
      } else if let value = try? container.decode(Int64.self) {
        self = .integer(value)
      } else {
        self = .text(try container.decode(String.self))
      }
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

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .boolean(let value): try value.encode(to: encoder)
    case .integer(let value): try value.encode(to: encoder)
    case .text(let value): try value.encode(to: encoder)
    case .decimal(let value):
      try ["__class__": "Decimal", "decimal": value].encode(to: encoder)
    case .date(let year, let month, let day):
      try TrytonValue.object([
        "__class__": "date", "year": .integer(year), "month": .integer(month),
        "day": .integer(day),
      ]).encode(to: encoder)
    case .list(let values): try values.encode(to: encoder)
    case .object(let members):
      var container = encoder.container(keyedBy: Name.self)
      for (name, value) in members {
        try container.encode(value, forKey: Name(stringValue: name))
      }
    }
  }
}
