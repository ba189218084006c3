package import Ledger

/// How the revenue of a line is spread over the months of its service.
///
/// Both bounds of a service are inclusive. Source: accounting treatment, section 4.1.
package enum DeferralMethod: String, Hashable, Sendable, CaseIterable {
  /// By days of service.
  case daily
  /// Full months count one; the first and the last by their days of service over their days.
  case monthly
  /// Full months count one, a first or last month that is not full one half.
  case halfMonth
  /// Every month the service touches counts the same.
  case equalPerPeriod
  /// By days, every month having 30.
  case thirty360
  /// All of it in the month in which the service begins.
  case pointInTime
  /// As milestones are reached.
  case milestone
  /// As usage is reported against the quantity that was bought.
  case usage

  /// Whether time alone releases it.
  package var isByTime: Bool { self != .milestone && self != .usage }

  /// Longer services are taken for a mistake: a hundred years.
  package static let maximumMonths = 1_200

  /// Whether a service has no more than ``maximumMonths``.
  package func isTaken(over service: DateRange) -> Bool {
    let first = FiscalPeriod(containing: service.from).monthNumber
    return FiscalPeriod(containing: service.through).monthNumber - first
      < DeferralMethod.maximumMonths
  }

  /// The months of a service, each with its part of the whole, in units of the method's own.
  package func parts(of service: DateRange) -> [SchedulePart] {
    guard isByTime else { return [SchedulePart(period: .unscheduled, part: 1)] }
    let first = FiscalPeriod(containing: service.from)
    let last = FiscalPeriod(containing: service.through)
    if self == .pointInTime || first == last { return [SchedulePart(period: first, part: 1)] }
    var parts: [SchedulePart] = []
    var period = first
    while true {
      parts.append(SchedulePart(period: period, part: part(of: period, in: service, first, last)))
      guard period < last, let next = period.next else { return parts }
      period = next
    }
  }

  private func part(
    of period: FiscalPeriod, in service: DateRange, _ first: FiscalPeriod, _ last: FiscalPeriod
  ) -> Int64 {
    let from = max(service.from, period.firstDay)
    let through = min(service.through, period.lastDay)
    let days = through.days(since: from) + 1
    let isFull = from == period.firstDay && through == period.lastDay
    switch self {
    case .daily: return Int64(days)
    case .equalPerPeriod: return 1
    case .halfMonth: return isFull ? 2 : 1
    case .thirty360: return Int64(DeferralMethod.commercialDays(from: from, through: through))
    // In units of one over the days of the first month times those of the last.
    case .monthly:
      let (firstDays, lastDays) = (first.dayCount, last.dayCount)
      if isFull { return Int64(firstDays * lastDays) }
      return Int64(days * (period == first ? lastDays : firstDays))
    case .pointInTime, .milestone, .usage: return 1
    }
  }

  /// Days within one month that has 30; its last day is the 30th.
  private static func commercialDays(from: CalendarDate, through: CalendarDate) -> Int {
    let isLast = through == FiscalPeriod(containing: through).lastDay
    return (isLast ? 30 : min(through.day, 30)) - min(from.day, 30) + 1
  }
}

/// One month's part of a whole.
package struct SchedulePart: Hashable, Sendable {
  package var period: FiscalPeriod
  package var part: Int64
}

extension FiscalPeriod {
  /// Stands for a month that is not known yet: what a milestone or usage will release.
  package static let unscheduled = FiscalPeriod(containing: .last)

  /// Days of the month.
  package var dayCount: Int { CalendarDate.daysIn(month: month, year: year) }

  /// Months since the year 0, which numbers the releases of a document.
  package var monthNumber: Int { year * 12 + month }
}
