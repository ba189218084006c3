/// What a value is.
package enum JSONKind: UInt8, Hashable, Sendable, CaseIterable {
  case null, `false`, `true`, number, string, array, object

  /// With its article, for messages: `a string`.
  package var name: String {
    switch self {
    case .null: "null"
    case .false, .true: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One value or key on the flat tape of a text, in the order of the text.
package struct JSONNode: Sendable {
  /// First byte of the content; a string's quotes are left out.
  package internal(set) var start: UInt32
  /// Byte after the content.
  package internal(set) var end: UInt32
  /// Index of the node that follows this one and everything inside it.
  package internal(set) var next: UInt32
  package let kind: JSONKind
  /// A string that is written with `\`.
  package let hasEscapes: Bool
}
