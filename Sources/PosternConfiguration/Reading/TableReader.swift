import Ledger

/// Reads the keys of one table, each once, and reports what is wrong, missing or unknown.
///
/// An empty value is an absent one.
struct TableReader {
  let place: FilePlace
  let known: KnownTable
  let findings: FindingList
  private let fields: [YAMLValue.Field]
  private var asked: Set<String> = []

  /// nil, with a fault, when `value` is no table. An empty value is an empty table.
  init?(_ value: YAMLValue, _ known: KnownTable, _ findings: FindingList) {
    switch value.content {
    case .table(let fields): self.fields = fields
    case .empty: fields = []
    default:
      findings.error(
        "wrong_type", value.place, "Here stands \(value.kind), and \(known.name) is expected",
        fix: "Write keys and values: \(known.keys.joined(separator: ", "))")
      return nil
    }
    place = value.place
    self.known = known
    self.findings = findings
  }

  /// The keys that are there and not empty.
  var presentKeys: [String] { fields.filter { !$0.value.isEmpty }.map(\.key) }

  func place(of key: String) -> FilePlace {
    fields.first { $0.key == key }?.place ?? place
  }

  /// The value below a key; nil when it is absent or empty.
  mutating func value(_ key: String) -> YAMLValue? {
    precondition(known.keys.contains(key), "'\(key)' is a key of \(known.name)")
    asked.insert(key)
    guard let field = fields.first(where: { $0.key == key }), !field.value.isEmpty else {
      return nil
    }
    return field.value
  }

  /// Reports every key that is not known, those in `besides` apart.
  func finish(besides others: Set<String> = []) {
    precondition(asked == Set(known.keys), "every key of \(known.name) is read")
    for field in fields where !known.keys.contains(field.key) && !others.contains(field.key) {
      findings.error(
        "unknown_key", field.place, "'\(field.key)' is no key of \(known.name)",
        fix: Suggestion.fix(
          for: field.key, known: known.keys + others.subtracting(known.keys).sorted()))
    }
  }

  // MARK: Scalars

  /// The text as it was written; nil, with a fault, for lists and tables.
  mutating func text(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.text, !text.isEmpty else {
      wrongType(key, value, expected: "a text")
      return nil
    }
    return text
  }

  /// As ``text(_:)``, and a fault when the key is absent.
  mutating func requiredText(_ key: String) -> String? {
    if value(key) == nil {
      missing(key)
      return nil
    }
    return text(key)
  }

  func missing(_ key: String) {
    findings.error(
      "missing_key", place, "'\(key)' is missing from \(known.name)", fix: "Add '\(key)'")
  }

  mutating func boolean(_ key: String, default fallback: Bool) -> Bool {
    guard let value = value(key) else { return fallback }
    guard let flag = value.flag else {
      wrongType(key, value, expected: "true or false (or on or off)")
      return fallback
    }
    return flag
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integer, range.contains(number) else {
      wrongType(
        key, value,
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of the raw values of `Choice`.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) -> Choice?
  where Choice.RawValue == String {
    guard let value = value(key) else { return nil }
    return Self.choice(of: value, named: key, findings)
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    of value: YAMLValue, named key: String, _ findings: FindingList
  ) -> Choice? where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    guard let text = value.text else {
      findings.error(
        "wrong_type", value.place, "'\(key)' is \(value.kind), not one word",
        fix: "Write one of: \(names.joined(separator: ", "))")
      return nil
    }
    guard let choice = Choice(rawValue: text) else {
      findings.error(
        "unknown_value", value.place, "'\(text)' is no value of '\(key)'",
        fix: Suggestion.fix(for: text, known: names))
      return nil
    }
    return choice
  }

  mutating func date(_ key: String) -> CalendarDate? {
    guard let value = value(key) else { return nil }
    guard let date = value.text.flatMap({ CalendarDate($0) }) else {
      wrongType(key, value, expected: "a date that exists, written YYYY-MM-DD")
      return nil
    }
    return date
  }

  mutating func currency(_ key: String) -> Currency? {
    guard let value = value(key) else { return nil }
    guard let text = value.text, let currency = Currency(text) else {
      findings.error(
        "unknown_currency", value.place, "'\(key)' is no currency of ISO 4217",
        fix: "Write three capital letters such as EUR")
      return nil
    }
    return currency
  }

  /// An exact number from its text.
  mutating func decimal(_ key: String) -> ExactDecimal? {
    guard let value = value(key) else { return nil }
    guard let number = value.decimal else {
      wrongType(key, value, expected: "a plain decimal number such as 1.50")
      return nil
    }
    return number
  }

  /// `30s`, `500ms`, `15m`, `2h` or `1d`.
  mutating func duration(_ key: String) -> Duration? {
    guard let value = value(key) else { return nil }
    guard let duration = value.text.flatMap({ DurationText.parse($0) }) else {
      wrongType(key, value, expected: "a duration such as 30s, 500ms, 15m or 2h")
      return nil
    }
    return duration
  }

  /// A list of texts, or a single one.
  mutating func texts(_ key: String) -> [String] {
    guard let value = value(key) else { return [] }
    if let text = value.text { return [text] }
    guard let list = value.list else {
      wrongType(key, value, expected: "a list")
      return []
    }
    return list.compactMap { element in
      if element.text == nil { wrongType(key, element, expected: "a list of texts") }
      return element.text
    }
  }

  func wrongType(_ key: String, _ value: YAMLValue, expected: String) {
    findings.error(
      "wrong_type", value.place, "'\(key)' is not \(expected)", fix: "Write \(expected)")
  }
}

extension YAMLValue {
  /// `true` or `false`, not in quotes; nil for anything else, `yes` and `NO` included.
  var boolean: Bool? {
    guard case .text(let text, isQuoted: false) = content else { return nil }
    return text == "true" ? true : text == "false" ? false : nil
  }

  /// As ``boolean``, with `on` and `off`: where nothing but a switch can stand.
  var flag: Bool? {
    guard case .text(let text, isQuoted: false) = content else { return nil }
    return boolean ?? (text == "on" ? true : text == "off" ? false : nil)
  }

  /// A whole number in its only form, without leading zeros or a plus sign; nil for anything else.
  var integer: Int? {
    guard case .text(let text, isQuoted: false) = content, let number = Int(text),
      String(number) == text
    else { return nil }
    return number
  }

  var decimal: ExactDecimal? {
    guard let text else { return nil }
    return try? ExactDecimal(text)
  }
}
