/// A day of the Gregorian calendar, as ERPs key it: `YYYY-MM-DD`.
struct CalendarDay: Hashable, Sendable {
  let text: String
  let year: Int

  /// nil when the text is not exactly a day that exists.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
      let day = Self.number(bytes[8..<10]), year > 0, (1...12).contains(month), day > 0,
      day <= Self.days(inMonth: month, of: year)
    else { return nil }
    self.text = text
    self.year = year
  }

  /// The month, `YYYY-MM`: the posting period.
  var period: String { String(text.prefix(7)) }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
