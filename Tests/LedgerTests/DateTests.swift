import Ledger
import Testing

@Suite struct DateTests {
  @Test(arguments: ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-04-30"])
  func `reads and writes days that exist`(text: String) throws {
    #expect(try #require(CalendarDate(text)).text == text)
  }

  @Test(arguments: [
    "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
    "0000-01-01", "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01 ", "", "2026-01-0x",
    "-026-01-01",
  ])
  func `refuses days that do not exist`(text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test func `numbers every day of the calendar in one unbroken row`() throws {
    var date = try #require(CalendarDate("0001-01-01"))
    let last = try #require(CalendarDate("9999-12-31"))
    var number = date.dayNumber
    var year = 1
    var month = 1
    var day = 1
    var mistakes = 0
    while true {
      if date.year != year || date.month != month || date.day != day || date.dayNumber != number {
        mistakes += 1
      }
      if date == last { break }
      number += 1
      day += 1
      if day > CalendarDate.daysIn(month: month, year: year) {
        day = 1
        month += 1
      }
      if month > 12 {
        month = 1
        year += 1
      }
      date = CalendarDate(dayNumber: number)
    }
    #expect(mistakes == 0)
    #expect(year == 9999)
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2026-10-31", 20_757),
    ("0001-01-01", -719_162),
  ])
  func `counts from 1970`(text: String, number: Int) throws {
    #expect(try #require(CalendarDate(text)).dayNumber == number)
  }

  @Test func `adds days across leap days and compares`() throws {
    let date = try #require(CalendarDate("2024-02-28"))
    #expect(date.adding(days: 2).text == "2024-03-01")
    #expect(date.adding(days: -59).text == "2023-12-31")
    #expect(date.adding(days: 366).days(since: date) == 366)
    #expect(date < date.adding(days: 1))
  }

  @Test func `a range counts both ends and never runs backwards`() throws {
    let from = try #require(CalendarDate("2026-01-01"))
    let through = try #require(CalendarDate("2026-03-31"))
    let range = try #require(DateRange(from: from, through: through))
    #expect(range.dayCount == 90)
    #expect(range.contains(from))
    #expect(range.contains(through))
    #expect(!range.contains(through.adding(days: 1)))
    #expect(DateRange(from: through, through: from) == nil)
    #expect(DateRange(from: from, through: from)?.dayCount == 1)
  }

  @Test func `a period is a month with a first and a last day`() throws {
    let period = try #require(FiscalPeriod("2024-02"))
    #expect(period.firstDay.text == "2024-02-01")
    #expect(period.lastDay.text == "2024-02-29")
    #expect(period.next?.text == "2024-03")
    #expect(try #require(FiscalPeriod("2026-12")).next?.text == "2027-01")
    #expect(try #require(FiscalPeriod("9999-11")).next?.text == "9999-12")
    #expect(try #require(FiscalPeriod("9999-12")).next == nil)
    #expect(FiscalPeriod("2026-13") == nil)
    #expect(FiscalPeriod("2026-1") == nil)
    #expect(FiscalPeriod("2026-01-01") == nil)
    #expect(FiscalPeriod(containing: period.lastDay) == period)
    #expect(try period < #require(period.next))
  }

  @Test(arguments: [
    ("2026-10-31T22:15:00Z", "2026-10-31T22:15:00.000Z"),
    ("2026-10-31T22:15:00.5Z", "2026-10-31T22:15:00.500Z"),
    ("2026-10-31T22:15:00.123987Z", "2026-10-31T22:15:00.123Z"),
    ("2026-11-01T00:15:00+02:00", "2026-10-31T22:15:00.000Z"),
    ("2026-10-31T18:15:00-04:00", "2026-10-31T22:15:00.000Z"),
    ("2026-10-31t22:15:00z", "2026-10-31T22:15:00.000Z"),
    ("2026-10-31T22:15:00.12345678901234Z", "2026-10-31T22:15:00.123Z"),
    ("2026-10-31T22:15:00.999\(String(repeating: "9", count: 500))Z", "2026-10-31T22:15:00.999Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
    ("2015-06-30T23:59:60.25Z", "2015-07-01T00:00:00.250Z"),
    ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000Z"),
    ("2016-12-31T18:29:60-05:30", "2017-01-01T00:00:00.000Z"),
    ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ("0001-01-01T01:00:00+01:00", "0001-01-01T00:00:00.000Z"),
    ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
  ])
  func `reads RFC 3339 and writes it in UTC`(text: String, written: String) throws {
    let moment = try #require(Moment(text))
    #expect(moment.text == written)
    #expect(Moment(moment.text) == moment)
  }

  @Test(arguments: [
    "2026-10-31", "2026-10-31T22:15:00", "2026-10-31T24:00:00Z", "2026-10-31T22:60:00Z",
    "2026-10-31T22:15:61Z", "2026-02-30T22:15:00Z", "2026-10-31 22:15:00Z",
    "2026-10-31T22:15:00.Z", "2026-10-31T22:15:00+0200", "2026-10-31T22:15:00+25:00",
    "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:60Z",
    "2026-10-31T22:15:60Z", "2016-12-31T22:59:60Z", "2016-12-30T23:59:60Z",
    "2016-03-31T23:59:60Z", "2016-12-31T23:59:60+01:00",
    "2026-10-31T22:15:00Zx", "2026-10-31T22-15-00Z", "",
  ])
  func `refuses what is no moment with an offset`(text: String) {
    #expect(Moment(text) == nil)
  }

  @Test func `moments before 1970 fall on their day`() throws {
    let moment = Moment(milliseconds: -1)
    #expect(moment.date.text == "1969-12-31")
    #expect((moment + .milliseconds(1)).date.text == "1970-01-01")
    #expect(moment - Moment(milliseconds: 999) == .seconds(-1))
    #expect(moment < Moment(milliseconds: 0))
  }
}
