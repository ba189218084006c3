import Yams

/// The keys of one YAML mapping of a case, each taken once.
struct CaseFields {
  private var rest: [(key: String, node: Node)]
  private let place: String

  init(_ node: Node, in place: String) throws {
    guard case .mapping(let mapping) = node else {
      throw CaseFault("\(place), line \(node.mark?.line ?? 0): expected keys and values")
    }
    rest = try mapping.map { key, value in
      guard let key = key.scalar?.string else { throw CaseFault("\(place): a key is no text") }
      return (key, value)
    }
    self.place = place
  }

  /// What is not taken yet, in order.
  var keys: [String] { rest.map(\.key) }

  mutating func take(_ key: String) -> Node? {
    guard let position = rest.firstIndex(where: { $0.key == key }) else { return nil }
    return rest.remove(at: position).node
  }

  mutating func text(_ key: String) throws -> String? {
    guard let node = take(key) else { return nil }
    guard let text = node.scalar?.string else { throw fault("'\(key)' is no text") }
    return text
  }

  mutating func requiredText(_ key: String) throws -> String {
    guard let text = try text(key) else { throw fault("'\(key)' is missing") }
    return text
  }

  /// A text read as something else.
  mutating func value<Value>(_ key: String, _ read: (String) -> Value?) throws -> Value? {
    guard let text = try text(key) else { return nil }
    guard let value = read(text) else { throw fault("'\(text)' is no value of '\(key)'") }
    return value
  }

  mutating func list(_ key: String) throws -> [Node] {
    guard let node = take(key) else { return [] }
    guard case .sequence(let sequence) = node else { throw fault("'\(key)' is no list") }
    return Array(sequence)
  }

  mutating func fields(_ key: String) throws -> CaseFields? {
    guard let node = take(key) else { return nil }
    return try CaseFields(node, in: place)
  }

  /// - Throws: when a key was not taken.
  func finish() throws {
    guard rest.isEmpty else {
      throw fault("unknown keys: " + keys.joined(separator: ", "))
    }
  }

  func fault(_ text: String) -> CaseFault { CaseFault("\(place): \(text)") }
}

/// A case that cannot be read or carried out.
struct CaseFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
