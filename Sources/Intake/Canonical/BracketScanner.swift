/// Follows brackets and strings of JSON, just far enough to see where a value ends. Whether it is
/// JSON at all is for the reader to say.
struct BracketScanner: Hashable, Sendable {
  private var depth = 0
  private var isInString = false
  private var isAfterBackslash = false
  private var hasBrackets = false

  /// An object or array was opened, and all that was opened is closed.
  var isComplete: Bool { hasBrackets && isOutside }

  /// Neither in a string nor inside brackets.
  var isOutside: Bool { depth <= 0 && !isInString }

  @inline(__always)
  mutating func scan(_ byte: UInt8) {
    if isInString {
      if isAfterBackslash {
        isAfterBackslash = false
      } else if byte == UInt8(ascii: "\\") {
        isAfterBackslash = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      hasBrackets = true
    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
    default: break
    }
  }
}
