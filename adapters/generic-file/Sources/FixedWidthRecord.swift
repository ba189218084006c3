import Ledger

/// Records whose fields stand in columns; widths count Unicode scalars.
enum FixedWidthRecord {
  /// After the letter, in order.
  static func widths(of letter: WireRecord.Letter) -> [Int] {
    switch letter {
    case .header: [2, 20, 12, 20, 40]
    case .entry: [40, 10, 10, 3, 3, 30, 60, 200, 7]
    case .line: [40, 7, 30, 1, 20, 20, 40, 20, 12, 21, 200]
    case .dimension: [40, 7, 40, 120]
    case .control: [1, 3, 24, 24]
    case .trailer: [12, 9, 9, 64]
    }
  }

  static func write(_ record: WireRecord, into bytes: inout [UInt8]) throws(Problem) {
    bytes.append(contentsOf: record.letter.rawValue.utf8)
    let widths = widths(of: record.letter)
    precondition(widths.count == record.fields.count, "a record has a width for every field")
    for (field, width) in zip(record.fields, widths) {
      let (text, length) = try column(field, width: width)
      let padding = width - length
      switch field {
      case .code, .text, .plain:
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: blanks[..<padding])
      case .number:
        bytes.append(contentsOf: blanks[..<padding])
        bytes.append(contentsOf: text.utf8)
      case .count:
        bytes.append(contentsOf: zeros[..<padding])
        bytes.append(contentsOf: text.utf8)
      }
    }
  }

  private static let widest = 200
  private static let blanks = [UInt8](repeating: UInt8(ascii: " "), count: widest)
  private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: widest)

  /// The text that fits the column, escaped, and its length in Unicode scalars.
  private static func column(
    _ field: WireField, width: Int
  ) throws(Problem) -> (text: String, length: Int) {
    let text = try field.writable()
    let isSimple = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    if isSimple, text.utf8.count <= width { return (text, text.utf8.count) }
    switch field {
    case .text:
      let kept = cut(text, width: width)
      return (kept, kept.unicodeScalars.count)
    case .code(_, let pointer), .number(_, let pointer):
      let escaped = field.isText ? escape(text) : text
      let length = escaped.unicodeScalars.count
      guard length <= width else {
        throw Problem(
          code: "text_too_long", pointer: pointer,
          detail:
            "'\(text.prefix(60))' is longer than its column of \(width) characters in a fixed-width"
            + " file", fix: "Shorten it, or give the connection 'format: csv'")
      }
      return (escaped, length)
    case .plain, .count:
      let length = text.unicodeScalars.count
      precondition(length <= width, "dates, codes and counts fit their columns")
      return (text, length)
    }
  }

  /// As much of `text` as fits, with `…` at the end when something is left out.
  private static func cut(_ text: String, width: Int) -> String {
    let whole = escape(text)
    guard whole.unicodeScalars.count > width else { return whole }
    var kept = String.UnicodeScalarView()
    var used = 1
    for scalar in text.unicodeScalars {
      let length = escape(String(scalar)).unicodeScalars.count
      guard used + length <= width else { break }
      used += scalar == " " ? 1 : length
      kept.append(scalar)
    }
    return escape(String(kept) + "…")
  }

  private static func escape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      default: result.append(scalar)
      }
    }
    if result.last == " " {
      result.removeLast()
      result.append(contentsOf: "\\s".unicodeScalars)
    }
    return String(result)
  }
}
