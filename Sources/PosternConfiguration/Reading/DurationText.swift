/// Durations as the configuration writes them: a whole number and its unit.
package enum DurationText {
  private static let units: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]
  /// Longer ones are mistakes.
  private static let maximumMilliseconds: Int64 = 366 * 86_400_000

  /// nil for anything but `500ms`, `30s`, `15m`, `2h`, `1d`, for zero, and for more than a year.
  package static func parse(_ text: String) -> Duration? {
    guard
      let unit = units.first(where: { text.hasSuffix($0.suffix) }),
      let number = Int64(text.dropLast(unit.suffix.count)), number > 0,
      String(number) + unit.suffix == text
    else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
    guard !overflow, milliseconds <= maximumMilliseconds else { return nil }
    return .milliseconds(milliseconds)
  }
}
