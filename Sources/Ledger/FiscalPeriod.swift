/// The month of the books that a posting date falls into, written `2026-10`.
public struct FiscalPeriod: Hashable, Sendable {
  public let year: Int
  public let month: Int

  public init(containing date: CalendarDate) {
    year = date.year
    month = date.month
  }

  /// Reads `YYYY-MM`; nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let first = CalendarDate(text + "-01") else { return nil }
    self.init(containing: first)
  }

  public var firstDay: CalendarDate {
    guard let day = CalendarDate(year: year, month: month, day: 1) else {
      preconditionFailure("a period has a first day")
    }
    return day
  }

  public var lastDay: CalendarDate {
    firstDay.adding(days: CalendarDate.daysIn(month: month, year: year) - 1)
  }

  /// nil after the last month that can be written, `9999-12`.
  public var next: FiscalPeriod? {
    lastDay < .last ? FiscalPeriod(containing: lastDay.adding(days: 1)) : nil
  }

  /// `YYYY-MM`.
  public var text: String { String(firstDay.text.prefix(7)) }
}

extension FiscalPeriod: Comparable, CustomStringConvertible {
  public static func < (left: FiscalPeriod, right: FiscalPeriod) -> Bool {
    (left.year, left.month) < (right.year, right.month)
  }

  public var description: String { text }
}
