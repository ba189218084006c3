internal import Foundation
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import PostingRules

extension Installation {
  /// What a connection allows, with its blackouts in its own time zone or in that of the first
  /// entity that uses it.
  func engineLimits(of connection: ConnectionConfiguration) -> ConnectionLimits {
    let limits = connection.limits
    let zone =
      connection.timeZone
      ?? configuration.rules.entities.values
      .filter { $0.connections.values.contains(connection.id) }
      .min { $0.entity.id < $1.entity.id }?.entity.timeZone
    return ConnectionLimits(
      concurrency: limits.concurrency, perSecond: limits.perSecond, perMinute: limits.perMinute,
      perDay: limits.perDay, perMonth: limits.perMonth, errorsPerHour: limits.errorsPerHour,
      retryPercent: limits.retryPercent ?? ConnectionLimits.defaultRetryPercent,
      blackouts: BlackoutCalendar(
        connection.blackouts.map { blackout in
          Blackout(
            days: Set(blackout.days.compactMap { Blackout.Day(rawValue: $0.rawValue) }),
            from: blackout.from, through: blackout.through)
        },
        zone: connection.blackouts.isEmpty
          ? .utc : ClockOffsets(of: zone ?? "UTC", around: clock.now)))
  }
}

extension ClockOffsets {
  /// The offsets of an IANA zone from a year before `now` to some years after it; of UTC where there
  /// is no such zone.
  init(of zone: String, around now: Moment) {
    guard let zone = TimeZone(identifier: zone) else {
      self = .utc
      return
    }
    let year: TimeInterval = 366 * 86_400
    var date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1_000 - year)
    let end = date.addingTimeInterval(ClockOffsets.yearsKnown * year)
    let before = zone.secondsFromGMT(for: date)
    var changes: [Change] = []
    while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date, next < end {
      changes.append(
        Change(
          at: Moment(milliseconds: Int64(next.timeIntervalSince1970) * 1_000),
          ahead: .seconds(zone.secondsFromGMT(for: next))))
      date = next
    }
    self.init(before: .seconds(before), changes: changes)
  }

  /// A process that runs for longer is started again before.
  private static let yearsKnown = 10.0
}
