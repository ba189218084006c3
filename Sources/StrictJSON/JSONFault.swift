/// Why a text is not the JSON that is taken here.
package struct JSONFault: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case invalidJSON = "invalid_json"
    case invalidUTF8 = "invalid_utf8"
    case duplicateKey = "duplicate_key"
    case tooDeep = "too_deep"
    case tooLarge = "too_large"
  }

  package let code: Code
  /// The byte where reading stopped, from 0.
  package let offset: Int
  /// The line of that byte, from 1.
  package let line: Int
  /// JSON pointer of the value that was being read.
  package let pointer: String
  /// What was found and what was expected, without the place.
  package let reason: String

  package init(code: Code, offset: Int, line: Int, pointer: String = "", reason: String) {
    self.code = code
    self.offset = offset
    self.line = line
    self.pointer = pointer
    self.reason = reason
  }

  /// The reason with its place: `… at byte 17 (line 2)`.
  package var detail: String { "\(reason), at byte \(offset) (line \(line))" }
}
