import Foundation
import Testing

@testable import MockERP

@Suite struct CalendarTests {
  @Test(arguments: ["2026-02-28", "2024-02-29", "2000-02-29", "2026-12-31"])
  func `knows days that exist`(text: String) {
    #expect(CalendarDay(text)?.text == text)
  }

  @Test(arguments: [
    "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-01",
    "2026-04-01T00:00:00", "20260401", "0000-01-01", "",
  ])
  func `refuses days that do not`(text: String) {
    #expect(CalendarDay(text) == nil)
  }

  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (951_782_400.125, "2000-02-29T00:00:00.125Z"),
    (-1, "1969-12-31T23:59:59.000Z"), (1_793_520_000, "2026-11-01T08:00:00.000Z"),
    (4_107_542_399.9996, "2100-03-01T00:00:00.000Z"),
  ])
  func `writes moments in UTC`(seconds: Double, text: String) {
    #expect(Timestamp.text(Date(timeIntervalSince1970: seconds)) == text)
  }
}
