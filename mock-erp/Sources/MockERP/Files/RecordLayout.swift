/// The fields of the records, the same in both formats; the README has them as tables.
enum RecordLayout {
  enum Kind: Sendable {
    /// Any text.
    case text
    /// Dates, currencies, sides, hashes: left-aligned, never escaped.
    case code
    /// Padded with zeros in the fixed format.
    case count
    /// Right-aligned in the fixed format.
    case amount
  }

  struct Field: Sendable {
    let kind: Kind
    /// Unicode scalars in the fixed format.
    let width: Int

    init(_ kind: Kind, _ width: Int) {
      self.kind = kind
      self.width = width
    }
  }

  /// The fields after the letter; nil when there is no such record.
  static func fields(of letter: Character) -> [Field]? { layouts[letter] }

  private static let key = Field(.text, 40)
  private static let line = Field(.count, 7)

  private static let layouts: [Character: [Field]] = [
    // version, company, sequence, created at, batch
    "H": [Field(.count, 2), Field(.text, 20), Field(.count, 12), Field(.code, 20), key],
    // key, posting date, document date, currencies, number, reference, description, lines
    "J": [
      key, Field(.code, 10), Field(.code, 10), Field(.code, 3), Field(.code, 3), Field(.text, 30),
      Field(.text, 60), Field(.text, 200), line,
    ],
    // key, line, account, side, amounts, party, tax code, rate and base, description
    "L": [
      key, line, Field(.text, 30), Field(.code, 1), Field(.amount, 20), Field(.amount, 20),
      Field(.text, 40), Field(.text, 20), Field(.amount, 12), Field(.amount, 21),
      Field(.text, 200),
    ],
    // key, line, name, value
    "D": [key, line, Field(.text, 40), Field(.text, 120)],
    // kind, currency, total debit, total credit
    "C": [Field(.code, 1), Field(.code, 3), Field(.amount, 24), Field(.amount, 24)],
    // sequence, entries, lines, hash
    "T": [Field(.count, 12), Field(.count, 9), Field(.count, 9), Field(.code, 64)],
  ]
}

/// One record of an exchanged file.
struct FileRecord: Hashable {
  let letter: Character
  /// The fields after the letter, unescaped.
  let fields: [String]
  /// Where the record begins in the file.
  let offset: Int
  /// Counts records, from 1.
  let number: Int

  subscript(_ index: Int) -> String { fields[index] }
}

/// Why a file as a whole was not taken.
struct FileFault: Error, Hashable {
  let code: String
  let text: String

  static func malformed(_ text: String) -> FileFault { FileFault(code: "malformed", text: text) }

  static let cutOff = FileFault(
    code: "cut_off", text: "The file does not end with a complete trailer")
}
