/// One value of a text.
package struct JSONView: Sendable {
  let text: JSONText
  let node: Int

  package var kind: JSONKind { text.nodes[node].kind }
  package var isNull: Bool { kind == .null }

  /// nil unless this is a string.
  package var string: String? {
    kind == .string ? text.withBorrowed { $0.text(node) } : nil
  }

  /// A number as it is written; nil unless this is one.
  package var numberText: String? {
    kind == .number
      ? text.withBorrowed { String(decoding: $0.written(node), as: UTF8.self) } : nil
  }

  /// A whole number without fraction and exponent; nil for anything else and past `Int`.
  package var int: Int? { numberText.flatMap { Int($0) } }

  /// nil unless this is a boolean.
  package var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The elements; nil unless this is an array.
  package var array: Elements? { kind == .array ? Elements(view: self) : nil }

  /// The members in the order of the text; nil unless this is an object.
  package var object: Members? { kind == .object ? Members(view: self) : nil }

  /// The value of a member; nil when this is no object or has no such key.
  package subscript(key: String) -> JSONView? {
    object?.first { $0.key == key }?.value
  }

  /// An element from 0; nil when this is no array or is shorter.
  package subscript(index: Int) -> JSONView? {
    guard index >= 0 else { return nil }
    return array?.dropFirst(index).first { _ in true }
  }

  /// Where this value stands: `/lines/2/net`.
  package var pointer: String { text.withBorrowed { $0.pointer(to: node) } }

  /// The value as it is written.
  package var written: [UInt8] {
    let range = Int(text.nodes[node].start)..<Int(text.nodes[node].end)
    return kind == .string
      ? Array(text.bytes[range.lowerBound - 1...range.upperBound]) : Array(text.bytes[range])
  }

  /// The elements of an array.
  package struct Elements: Sequence, Sendable {
    let view: JSONView

    package var count: Int { view.text.withBorrowed { $0.count(view.node) } }
    package var isEmpty: Bool { Int(view.text.nodes[view.node].next) == view.node + 1 }

    package func makeIterator() -> AnyIterator<JSONView> {
      let text = view.text
      let end = Int(text.nodes[view.node].next)
      var child = view.node + 1
      return AnyIterator {
        guard child < end else { return nil }
        defer { child = Int(text.nodes[child].next) }
        return JSONView(text: text, node: child)
      }
    }
  }

  /// The members of an object.
  package struct Members: Sequence, Sendable {
    let view: JSONView

    package var count: Int { view.text.withBorrowed { $0.count(view.node) } }
    package var isEmpty: Bool { Int(view.text.nodes[view.node].next) == view.node + 1 }

    package func makeIterator() -> AnyIterator<(key: String, value: JSONView)> {
      let text = view.text
      let end = Int(text.nodes[view.node].next)
      var key = view.node + 1
      return AnyIterator {
        guard key < end else { return nil }
        defer { key = Int(text.nodes[key + 1].next) }
        let name = text.withBorrowed { $0.text(key) }
        return (name, JSONView(text: text, node: key + 1))
      }
    }
  }
}
