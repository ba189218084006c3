/// Marks put before keys that stand twice in one table.
enum DuplicateMark {
  /// A private-use character, so that no key of a file begins with it by accident.
  private static let mark: Character = "\u{E000}"

  /// The text with a mark before the key at a line and column, both from 1, columns counted in
  /// scalars; nil when no plain or quoted key stands there.
  static func mark(_ text: String, line: Int, column: Int) -> String? {
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    var currentLine = 1
    while currentLine < line {
      guard index < scalars.endIndex else { return nil }
      let isReturn = scalars[index] == "\r"
      let isFeed = scalars[index] == "\n"
      index = scalars.index(after: index)
      if isFeed || (isReturn && (index == scalars.endIndex || scalars[index] != "\n")) {
        currentLine += 1
      }
    }
    guard var index = scalars.index(index, offsetBy: column - 1, limitedBy: scalars.endIndex),
      index < scalars.endIndex, !"[{?&*!|>".unicodeScalars.contains(scalars[index])
    else { return nil }
    if scalars[index] == "\"" || scalars[index] == "'" { index = scalars.index(after: index) }
    var marked = text
    marked.insert(mark, at: index)
    return marked
  }

  /// The key without its marks, and whether it had any.
  static func unmarked(_ key: String) -> (key: String, isDuplicate: Bool) {
    let rest = key.drop { $0 == mark }
    return (String(rest), rest.startIndex != key.startIndex)
  }
}
