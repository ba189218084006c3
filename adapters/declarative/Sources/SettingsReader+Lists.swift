import AdapterKit
import Ledger

extension SettingsReader {
  mutating func text(_ key: String) -> String {
    value(or: "") { settings throws(Problem) in try settings.text(key) }
  }

  mutating func optionalText(_ key: String) -> String? {
    value(or: nil) { settings throws(Problem) in try settings.optionalText(key) }
  }

  /// A status or a list of statuses.
  mutating func statuses(_ key: String, default fallback: Set<Int>) -> Set<Int> {
    guard let value = settings.value(key) else { return fallback }
    let numbers = (value.texts ?? []).map { Int($0) ?? 0 }
    guard !numbers.isEmpty, numbers.allSatisfy((100...599).contains) else {
      report(wrongType(value, "'\(key)'", "an HTTP status or a list of them"))
      return fallback
    }
    return Set(numbers)
  }

  /// Paths with the texts that must stand there; nil when the key is absent.
  mutating func condition(_ key: String) -> AnswerCondition? {
    guard let value = settings.value(key) else { return nil }
    guard case .table(let table) = value.content else {
      report(wrongType(value, "'\(key)'", "a table of paths, as { /status: posted }"))
      return nil
    }
    var condition = AnswerCondition()
    for (path, expected) in table.sorted(by: { $0.key < $1.key }) {
      guard path.hasPrefix("/"), let texts = expected.texts else {
        report(wrongType(expected, "'\(path)'", "a path such as /status with a text or a list"))
        continue
      }
      condition.texts.append((path, Set(texts)))
    }
    return condition
  }

  /// A path in an answer; the empty text when it is missing.
  mutating func path(_ key: String) -> String { optionalPath(key, isRequired: true) ?? "" }

  mutating func optionalPath(
    _ key: String, isRequired: Bool = false, takesHeader: Bool = false
  ) -> String? {
    guard let path = isRequired ? text(key) : optionalText(key) else { return nil }
    guard path.isEmpty || path.hasPrefix("/") || takesHeader && path.hasPrefix("header:") else {
      report(
        Problem(
          code: "invalid_path", pointer: settings.value(key)?.place ?? settings.place,
          detail: "'\(key)' of \(settings.owner) is no path into an answer",
          fix: takesHeader ? "Write /NAME/NAME, or header:NAME" : "Write /NAME/NAME"))
      return nil
    }
    return path
  }

  mutating func source(_ key: String, isRequired: Bool = false) -> AnswerSource? {
    optionalPath(key, isRequired: isRequired, takesHeader: true).map { AnswerSource(path: $0) }
  }
}
