/// A query or a condition, cut into words.
struct SuiteQLTokens {
  enum Token: Hashable {
    /// A name, a number or a sign, in upper case for comparing.
    case word(String, raw: String)
    case text(String)
  }

  private var tokens: [Token] = []
  private var position = 0

  /// - Parameter quote: what encloses texts; doubled it stands for itself.
  init(_ query: String, quote: Character = "'") throws(Trouble) {
    var rest = query[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first == quote {
        rest.removeFirst()
        var text = ""
        while let next = rest.first, next != quote || rest.dropFirst().first == quote {
          if next == quote { rest.removeFirst() }
          text.append(next)
          rest.removeFirst()
        }
        guard rest.first == quote else { throw Self.invalid("a text does not end") }
        rest.removeFirst()
        tokens.append(.text(text))
      } else {
        let isName = { (next: Character) in
          next.isLetter || next.isNumber || next == "_" || next == "." || next == "#"
        }
        var word = rest.prefix(while: isName)
        if word.isEmpty {
          let pair = rest.prefix(2)
          word = ["<=", ">=", "<>", "!="].contains(String(pair)) ? pair : rest.prefix(1)
        }
        rest = rest.dropFirst(word.count)
        tokens.append(.word(word.uppercased(), raw: String(word)))
      }
    }
  }

  var isAtEnd: Bool { position == tokens.count }

  mutating func next() throws(Trouble) -> Token {
    guard position < tokens.count else { throw Self.invalid("it ends too soon") }
    defer { position += 1 }
    return tokens[position]
  }

  /// Takes these words if they come next.
  mutating func take(_ words: String...) -> Bool {
    guard position + words.count <= tokens.count else { return false }
    for (offset, word) in words.enumerated() {
      guard case .word(word, _) = tokens[position + offset] else { return false }
    }
    position += words.count
    return true
  }

  mutating func expect(_ word: String) throws(Trouble) {
    guard take(word) else { throw Self.invalid("\(word) is expected") }
  }

  /// Takes a name that is none of the words that may follow.
  mutating func name(unless reserved: Set<String> = []) throws(Trouble) -> String {
    guard case .word(let word, let raw) = try next(), !reserved.contains(word),
      raw.first.map({ $0.isLetter || $0 == "_" }) ?? false
    else { throw Self.invalid("a name is expected") }
    return raw
  }

  func comes(_ words: Set<String>) -> Bool {
    guard position < tokens.count, case .word(let word, _) = tokens[position] else { return false }
    return words.contains(word)
  }

  static func invalid(_ reason: String) -> Trouble {
    Trouble(
      status: 400, code: "INVALID_PARAMETER",
      message: "Invalid search query. Detailed unprocessed description follows: \(reason).")
  }
}
