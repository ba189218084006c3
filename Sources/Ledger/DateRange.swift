/// Days from a first through a last one, both inclusive.
public struct DateRange: Hashable, Sendable {
  public let from: CalendarDate
  public let through: CalendarDate

  /// nil when the last day is before the first.
  public init?(from: CalendarDate, through: CalendarDate) {
    guard from <= through else { return nil }
    self.from = from
    self.through = through
  }

  public var dayCount: Int { through.days(since: from) + 1 }

  public func contains(_ date: CalendarDate) -> Bool { from <= date && date <= through }
}
