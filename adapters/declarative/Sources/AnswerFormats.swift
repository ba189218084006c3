import Ledger

/// How an ERP writes days; what the filters of templates write.
enum DateFormat: String, Sendable, CaseIterable {
  /// `2026-10-31`, and whatever follows it.
  case iso
  /// `20261031`
  case compact
  /// `31.10.2026`
  case dotted
  /// `31/10/2026`
  case dayFirst
  /// `10/31/2026`
  case monthFirst

  func date(_ text: String) -> CalendarDate? {
    let text = text.prefix(10)
    func joined(_ separator: Character, _ order: [Int]) -> String {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      return parts.count == 3 ? order.map { String(parts[$0]) }.joined(separator: "-") : ""
    }
    switch self {
    case .iso: return CalendarDate(String(text))
    case .compact:
      guard text.count >= 8 else { return nil }
      return CalendarDate(
        "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.dropFirst(6).prefix(2))")
    case .dotted: return CalendarDate(joined(".", [2, 1, 0]))
    case .dayFirst: return CalendarDate(joined("/", [2, 1, 0]))
    case .monthFirst: return CalendarDate(joined("/", [2, 0, 1]))
    }
  }
}

/// How an ERP writes amounts. Zeros behind the currency's decimals mean nothing.
enum AmountFormat: String, Sendable, CaseIterable {
  /// `-1234.50`
  case point
  /// `-1234,50`, with points between thousands where there is a comma: `1.234,50`.
  case comma
  /// `-123450`: cents, or whatever is the currency's smallest part.
  case minorUnits

  /// nil for anything else, and for more decimals than the currency has.
  func money(_ text: String, _ currency: Currency) -> Money? {
    let plain: String
    switch self {
    case .minorUnits: return Int64(text).map { Money(minorUnits: $0, currency) }
    case .point: plain = text
    case .comma:
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count <= 2, let whole = Self.withoutPoints(parts[0]) else { return nil }
      guard parts.count == 2 else {
        return text.contains(".") ? nil : Self.point.money(text, currency)
      }
      plain = "\(whole).\(parts[1])"
    }
    guard let number = try? ExactDecimal(plain) else { return nil }
    return try? Money(number, currency)
  }

  /// `1.234` as `1234`; nil where points stand elsewhere than between thousands.
  private static func withoutPoints(_ text: Substring) -> String? {
    let groups = text.split(separator: ".", omittingEmptySubsequences: false)
    guard groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    return groups.joined()
  }
}
