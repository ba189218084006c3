public import Ledger

extension SettingsReader {
  /// A text or a list of texts; `fallback` when the key is absent.
  public mutating func texts(_ key: String, default fallback: [String] = []) -> [String] {
    guard let value = settings.value(key) else { return fallback }
    let texts = value.texts
    if texts == nil { report(wrongType(value, "'\(key)'", "a text or a list of texts")) }
    return texts ?? fallback
  }

  /// What a value should have been.
  public func wrongType(_ value: SettingValue, _ what: String, _ expected: String) -> Problem {
    Problem(
      code: "wrong_type", pointer: value.place,
      detail: "\(what) of \(settings.owner) is not \(expected)", fix: "Write \(expected)")
  }
}

extension SettingValue {
  /// The text of a scalar; nil for lists and tables.
  public var text: String? {
    switch content {
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .list, .table: nil
    }
  }

  /// One text or each of a list; nil when one of them is none.
  public var texts: [String]? {
    guard case .list(let values) = content else { return text.map { [$0] } }
    let texts = values.compactMap(\.text)
    return texts.count == values.count ? texts : nil
  }
}
