package import Ledger

/// A time of the week at which nothing is started: a maintenance window, a closing night.
package struct Blackout: Hashable, Sendable {
  package enum Day: String, Hashable, Sendable, CaseIterable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// The day of the week of a date.
    package init(_ date: CalendarDate) {
      // 1970-01-01 was a Thursday.
      let index = (date.dayNumber % 7 + 7 + 3) % 7
      self = Day.allCases[index]
    }
  }

  /// The days on which it begins.
  package var days: Set<Day>
  /// Minutes after midnight, local time.
  package var from: Int
  /// Minutes after midnight at which it is over; on the next day when that is not after `from`.
  package var through: Int

  package static let minutesPerDay = 1_440

  package init(days: Set<Day>, from: Int, through: Int) {
    self.days = days
    self.from = from
    self.through = through
  }
}

/// How far a zone's clocks are ahead of UTC, and when that changes.
package struct ClockOffsets: Hashable, Sendable {
  package struct Change: Hashable, Sendable {
    package var at: Moment
    package var ahead: Duration

    package init(at: Moment, ahead: Duration) {
      self.at = at
      self.ahead = ahead
    }
  }

  private let before: Duration
  private let changes: [Change]

  package static let utc = ClockOffsets(before: .zero, changes: [])

  /// - Parameters:
  ///   - before: how far ahead before the first change.
  ///   - changes: in the order of time.
  package init(before: Duration, changes: [Change]) {
    self.before = before
    self.changes = changes
  }

  package func ahead(at moment: Moment) -> Duration {
    changes.last { $0.at <= moment }?.ahead ?? before
  }
}

/// The blackouts of a connection in its time zone.
package struct BlackoutCalendar: Hashable, Sendable {
  package var blackouts: [Blackout]
  package var zone: ClockOffsets

  package init(_ blackouts: [Blackout] = [], zone: ClockOffsets = .utc) {
    self.blackouts = blackouts
    self.zone = zone
  }

  /// When the blackout that covers `now` is over, with those that follow it without a gap; nil
  /// when there is none now.
  package func end(at now: Moment) -> Moment? {
    guard !blackouts.isEmpty else { return nil }
    var end: Moment?
    // A week without a gap goes on for ever: once round is enough.
    for _ in 0...BlackoutCalendar.mostInARow {
      guard let next = endOfOne(at: end ?? now) else { break }
      end = next
    }
    return end
  }

  private static let mostInARow = 14

  private func endOfOne(at moment: Moment) -> Moment? {
    let ahead = zone.ahead(at: moment)
    let local = moment + ahead
    let today = local.date
    var latest: Moment?
    for blackout in blackouts {
      for day in [today.adding(days: -1), today] where blackout.days.contains(Blackout.Day(day)) {
        let length = blackout.through - blackout.from
        let start = BlackoutCalendar.local(day, minutes: blackout.from)
        let end = BlackoutCalendar.local(
          day, minutes: blackout.through + (length > 0 ? 0 : Blackout.minutesPerDay))
        if start <= local, local < end { latest = max(latest ?? end, end) }
      }
    }
    guard let latest else { return nil }
    // Clocks may change meanwhile: what counts is how they stand when it ends.
    let guess = latest + (.zero - ahead)
    return max(latest + (.zero - zone.ahead(at: guess)), moment + .milliseconds(1))
  }

  private static func local(_ day: CalendarDate, minutes: Int) -> Moment {
    Moment(milliseconds: (Int64(day.dayNumber) * 1_440 + Int64(minutes)) * 60_000)
  }
}
