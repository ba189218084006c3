/// Reads when a server wants to be asked again (RFC 9110, section 10.2.3).
public enum RetryAfter {
  /// Longest wait that is believed: a week.
  public static let longest = Duration.seconds(7 * 86_400)

  /// The wait that `value` names, never negative, at most ``longest``.
  ///
  /// - Parameters:
  ///   - value: seconds, or a date in one of HTTP's three forms.
  ///   - now: seconds since 1970 in UTC.
  /// - Returns: nil when `value` is neither.
  public static func wait(_ value: String, now: Int64) -> Duration? {
    let text = value.split(separator: " ").joined(separator: " ")
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(longest, .seconds(Int64(text) ?? .max))
    }
    guard let moment = seconds(ofDate: text, now: now) else { return nil }
    return min(longest, max(.zero, .seconds(moment - now)))
  }

  /// Seconds since 1970 of an HTTP-date (RFC 9110, section 5.6.7).
  private static func seconds(ofDate text: String, now: Int64) -> Int64? {
    let words = text.split { " ,-".contains($0) }.map(String.init)
    // Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov 6 08:49:37 1994
    switch words.count {
    case 6 where words[5] == "GMT":
      return seconds(day: words[1], month: words[2], year: words[3], time: words[4], now: now)
    case 5:
      return seconds(day: words[2], month: words[1], year: words[4], time: words[3], now: now)
    default:
      return nil
    }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func seconds(
    day: String, month: String, year: String, time: String, now: Int64
  ) -> Int64? {
    let clock = time.split(separator: ":").compactMap { Int64($0) }
    guard let month = months.firstIndex(of: month), let day = Int64(day), let year = Int64(year),
      (1...31).contains(day), (0...9999).contains(year), clock.count == 3,
      (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
    else { return nil }
    let fullYear = year < 100 ? century(of: year, now: now) : year
    let days = daysSince1970(year: fullYear, month: Int64(month) + 1, day: day)
    return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
  }

  /// Two digits mean the last such year that is not over 50 years ahead.
  private static func century(of year: Int64, now: Int64) -> Int64 {
    let latest = 1970 + now / 31_556_952 + 50
    return latest - (latest - year) % 100
  }

  /// Proleptic Gregorian calendar; years counted from March so that the leap day comes last.
  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let monthsSinceMarch = (month + 9) % 12
    let dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1
    let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
    let daysBefore1970 = Int64(719_468)
    return marchYear * 365 + leapDays + dayOfYear - daysBefore1970
  }
}

extension HTTPResponse {
  /// What its `Retry-After` asks for; nil without one that can be read.
  ///
  /// - Parameter now: seconds since 1970 in UTC.
  public func retryAfter(now: Int64) -> Duration? {
    headers["Retry-After"].flatMap { RetryAfter.wait($0, now: now) }
  }
}
