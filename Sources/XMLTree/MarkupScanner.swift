/// Looks at the bytes ahead of the parser: how many attributes a tag has, and whether they are UTF-8.
///
/// libxml2 compares every attribute of a tag with all others, so a tag with a million of them would
/// keep it busy for minutes before it reports anything; and it takes wrong bytes for many different
/// faults. Works on any encoding that extends ASCII.
struct MarkupScanner {
  private enum State {
    case text
    case opened
    case tag
    case quoted(UInt8)
    case declared
    case declaredDash
    case declaredBracket
    case comment(dashes: Int)
    case section(brackets: Int)
    case instruction(question: Bool)
  }

  let limit: Int
  private var state = State.text
  private var attributes = 0
  private var line = 1
  /// The line of the first byte that is not UTF-8; nil while all are.
  private(set) var wrongLine: Int?
  /// Continuation bytes still to come, and what the next of them may be.
  private var following = 0
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// True inside a character of several bytes.
  var isInsideCharacter: Bool { following > 0 }

  init(limit: Int) {
    self.limit = limit
  }

  /// Goes over the next bytes; `false` when a tag has more attributes than the limit.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for byte in bytes {
      if byte >= 0x80 || following > 0 { checkEncoding(of: byte) }
      if byte == 0x0A { line += 1 }
      switch state {
      case .text:
        if byte == UInt8(ascii: "<") {
          state = .opened
          attributes = 0
        }
      case .opened:
        switch byte {
        case UInt8(ascii: "!"): state = .declared
        case UInt8(ascii: "?"): state = .instruction(question: false)
        case UInt8(ascii: ">"): state = .text
        default: state = .tag
        }
      case .tag:
        switch byte {
        case UInt8(ascii: ">"): state = .text
        case UInt8(ascii: "\""), UInt8(ascii: "'"): state = .quoted(byte)
        case UInt8(ascii: "="):
          attributes += 1
          if attributes > limit { return false }
        default: break
        }
      case .quoted(let quote):
        if byte == quote { state = .tag }
      case .declared:
        switch byte {
        case UInt8(ascii: "-"): state = .declaredDash
        case UInt8(ascii: "["): state = .declaredBracket
        case UInt8(ascii: ">"): state = .text
        default: state = .tag
        }
      case .declaredDash:
        state = byte == UInt8(ascii: "-") ? .comment(dashes: 0) : .tag
      case .declaredBracket:
        state = .section(brackets: byte == UInt8(ascii: "]") ? 1 : 0)
      case .comment(let dashes):
        if byte == UInt8(ascii: ">"), dashes >= 2 {
          state = .text
        } else {
          state = .comment(dashes: byte == UInt8(ascii: "-") ? dashes + 1 : 0)
        }
      case .section(let brackets):
        if byte == UInt8(ascii: ">"), brackets >= 2 {
          state = .text
        } else {
          state = .section(brackets: byte == UInt8(ascii: "]") ? brackets + 1 : 0)
        }
      case .instruction(let question):
        if byte == UInt8(ascii: ">"), question {
          state = .text
        } else {
          state = .instruction(question: byte == UInt8(ascii: "?"))
        }
      }
    }
    return true
  }

  /// The Unicode Standard, table 3-7.
  private mutating func checkEncoding(of byte: UInt8) {
    if following > 0 {
      if allowed.contains(byte) {
        following -= 1
      } else {
        wrongLine = wrongLine ?? line
        following = 0
      }
      allowed = 0x80...0xBF
      return
    }
    switch byte {
    case 0xC2...0xDF: following = 1
    case 0xE0: (following, allowed) = (2, 0xA0...0xBF)
    case 0xED: (following, allowed) = (2, 0x80...0x9F)
    case 0xE1...0xEF: following = 2
    case 0xF0: (following, allowed) = (3, 0x90...0xBF)
    case 0xF1...0xF3: following = 3
    case 0xF4: (following, allowed) = (3, 0x80...0x8F)
    default: wrongLine = wrongLine ?? line
    }
  }
}
