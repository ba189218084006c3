/// Reads files that hold one list of tables, each with a code of its own.
enum ListReader {
  /// The elements; empty, with a fault, when the file holds something else.
  static func elements(_ document: YAMLValue, _ findings: FindingList) -> [YAMLValue] {
    if document.isEmpty { return [] }
    guard let elements = document.list else {
      findings.error(
        "wrong_type", document.place, "The file holds \(document.kind), not a list",
        fix: "Begin each element with a hyphen: - code: …")
      return []
    }
    return elements
  }

  /// Reports a code that an earlier element has, with the line of that one.
  static func isRepeat(
    _ code: String, at place: FilePlace, among lines: inout [String: FilePlace],
    _ findings: FindingList
  ) -> Bool {
    if let first = lines[code] {
      findings.error(
        "duplicate_code", place, "'\(code)' stands here and in line \(first.line ?? 0)",
        fix: "Keep one of them")
      return true
    }
    lines[code] = place
    return false
  }
}
