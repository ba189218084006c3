/// A value of a YAML file and the line where it begins.
///
/// A scalar stays the text that was written, so that `0400`, `NO` and `2026-10-31` mean themselves.
package struct YAMLValue: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    /// Nothing, `~` or `null`.
    case empty
    case text(String, isQuoted: Bool)
    case list([YAMLValue])
    /// In the order of the file.
    case table([Field])
  }

  package struct Field: Hashable, Sendable {
    package let key: String
    package let place: FilePlace
    package let value: YAMLValue
  }

  package let content: Content
  package let place: FilePlace

  package init(_ content: Content, at place: FilePlace) {
    self.content = content
    self.place = place
  }

  package var isEmpty: Bool { content == .empty }

  /// The text of a scalar; nil for anything else.
  package var text: String? {
    guard case .text(let text, _) = content else { return nil }
    return text
  }

  package var list: [YAMLValue]? {
    guard case .list(let values) = content else { return nil }
    return values
  }

  package var fields: [Field]? {
    guard case .table(let fields) = content else { return nil }
    return fields
  }

  /// The value below a key of a table; nil where there is none.
  package subscript(key: String) -> YAMLValue? { fields?.first { $0.key == key }?.value }

  /// What stands here, in words for a message: `a list`.
  package var kind: String {
    switch content {
    case .empty: "empty"
    case .text: "a text"
    case .list: "a list"
    case .table: "a table of keys"
    }
  }
}
