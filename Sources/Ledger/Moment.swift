/// A moment in UTC, to the millisecond.
public struct Moment: Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  static let millisecondsPerDay: Int64 = 86_400_000

  /// The UTC day.
  public var date: CalendarDate {
    let days = milliseconds / Moment.millisecondsPerDay
    let isPartDayBefore = milliseconds % Moment.millisecondsPerDay < 0
    return CalendarDate(dayNumber: Int(isPartDayBefore ? days - 1 : days))
  }

  /// RFC 3339 in UTC with milliseconds: `2026-10-31T22:15:00.000Z`.
  public var text: String {
    let day = date
    var rest = milliseconds - Int64(day.dayNumber) * Moment.millisecondsPerDay
    func take(_ unit: Int64, digits: Int) -> String {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: unit)
      rest = remainder
      let text = String(quotient)
      return String(repeating: "0", count: digits - text.count) + text
    }
    let hour = take(3_600_000, digits: 2)
    let minute = take(60_000, digits: 2)
    let second = take(1_000, digits: 2)
    return "\(day)T\(hour):\(minute):\(second).\(take(1, digits: 3))Z"
  }

  /// Reads RFC 3339 with an offset; nil for anything else and for moments whose UTC day lies outside
  /// ``CalendarDate/years``.
  ///
  /// Fractions past the millisecond are cut. A second 60 is read where RFC 3339 (section 5.7) knows
  /// leap seconds, as the last of June or December in UTC, and is the first moment of the next day.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20,
      let date = bytes.withUnsafeBufferPointer({
        CalendarDate(utf8: UnsafeBufferPointer(rebasing: $0[0..<10]))
      }),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t")
    else { return nil }
    func number(_ start: Int) -> Int64? {
      guard start + 1 < bytes.count else { return nil }
      let tens = bytes[start] &- UInt8(ascii: "0")
      let ones = bytes[start + 1] &- UInt8(ascii: "0")
      guard tens <= 9, ones <= 9 else { return nil }
      return Int64(tens) * 10 + Int64(ones)
    }
    guard let hour = number(11), let minute = number(14), let second = number(17), hour < 24,
      minute < 60, second <= 60, bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      var unit: Int64 = 100
      while index < bytes.count, bytes[index] &- UInt8(ascii: "0") <= 9 {
        fraction += Int64(bytes[index] - UInt8(ascii: "0")) * unit
        unit /= 10
        index += 1
      }
      guard index > start else { return nil }
    }
    guard index < bytes.count else { return nil }
    var offset: Int64 = 0
    switch bytes[index] {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"):
      guard index + 1 == bytes.count else { return nil }
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard index + 6 == bytes.count, bytes[index + 3] == UInt8(ascii: ":"),
        let hours = number(index + 1), let minutes = number(index + 4), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "+") ? 1 : -1)
    default: return nil
    }
    let seconds = (hour * 60 + minute - offset) * 60 + second
    milliseconds =
      Int64(date.dayNumber) * Moment.millisecondsPerDay + seconds * 1_000 + fraction
    guard Moment.readable.contains(milliseconds) else { return nil }
    if second == 60 {
      let next = self.date
      let isAtMidnight = seconds * 1_000 % Moment.millisecondsPerDay == 0
      guard isAtMidnight, next.day == 1, next.month == 1 || next.month == 7 else { return nil }
    }
  }

  /// The milliseconds that lie on a day that can be written.
  private static let readable =
    Int64(CalendarDate.first.dayNumber) * millisecondsPerDay..<Int64(
      CalendarDate.last.dayNumber + 1) * millisecondsPerDay

  public static func + (moment: Moment, duration: Duration) -> Moment {
    let (seconds, attoseconds) = duration.components
    return Moment(
      milliseconds: moment.milliseconds + seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }

  /// How long after `earlier` this moment is; negative when it is before.
  public static func - (later: Moment, earlier: Moment) -> Duration {
    .milliseconds(later.milliseconds - earlier.milliseconds)
  }
}

extension Moment: Comparable, CustomStringConvertible {
  public static func < (left: Moment, right: Moment) -> Bool {
    left.milliseconds < right.milliseconds
  }

  public var description: String { text }
}
