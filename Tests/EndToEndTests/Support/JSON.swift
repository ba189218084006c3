import Foundation

/// A JSON value as a test looks at it.
enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  struct NotOneValue: Error, CustomStringConvertible {
    let description: String
  }

  /// - Throws: ``NotOneValue`` unless `bytes` are exactly one JSON value, white space aside.
  init(_ bytes: some Sequence<UInt8>) throws {
    let data = Data(bytes)
    guard let value = try? JSONDecoder().decode(JSON.self, from: data) else {
      throw NotOneValue(
        description: "not one JSON value: "
          + String(decoding: data.prefix(2_000), as: UTF8.self))
    }
    self = value
  }

  subscript(_ key: String) -> JSON {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  subscript(_ index: Int) -> JSON {
    let elements = array
    return elements.indices.contains(index) ? elements[index] : .null
  }

  var array: [JSON] { if case .array(let elements) = self { elements } else { [] } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}

extension JSON: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }
}
