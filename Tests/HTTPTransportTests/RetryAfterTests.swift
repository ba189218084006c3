import HTTPTransport
import Testing

@Suite struct RetryAfterTests {
  /// 1994-11-06 08:49:37 UTC.
  static let moment: Int64 = 784_111_777

  @Test(arguments: [
    ("0", Duration.zero),
    ("120", .seconds(120)),
    (" 7 ", .seconds(7)),
    ("99999999999999999999999", RetryAfter.longest),
    ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(10)),
    ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(10)),
    ("Sun Nov  6 08:49:37 1994", .seconds(10)),
    ("Sun, 06 Nov 1994 08:49:20 GMT", .zero),
    ("Fri, 31 Dec 1999 23:59:59 GMT", RetryAfter.longest),
  ])
  func `reads seconds and dates`(value: String, wait: Duration) {
    #expect(RetryAfter.wait(value, now: Self.moment - 10) == wait)
  }

  @Test(arguments: [
    ("Thu, 29 Feb 2024 00:00:00 GMT", Int64(1_709_164_800)),
    ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
    ("Sat, 01 Mar 2025 00:00:00 GMT", 1_740_787_200),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Wednesday, 31-Dec-25 23:59:59 GMT", 1_767_225_599),
  ])
  func `knows the calendar`(date: String, seconds: Int64) {
    #expect(RetryAfter.wait(date, now: seconds - 5) == .seconds(5))
  }

  @Test(arguments: [
    "", "soon", "-1", "1.5", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Nov 1994 08:49:37 GMT",
  ])
  func `leaves alone what it cannot read`(value: String) {
    #expect(RetryAfter.wait(value, now: 0) == nil)
    #expect(
      HTTPResponse(status: 503, headers: ["retry-after": value]).retryAfter(now: 0) == nil)
  }
}

@Suite struct HTTPHeadersTests {
  @Test func `names compare without case and order is kept`() {
    var headers: HTTPHeaders = ["A": "1", "b": "2", "a": "3"]
    #expect(headers["a"] == "1")
    #expect(headers.values(of: "A") == ["1", "3"])
    headers["a"] = "4"
    headers.add("C", "5")
    #expect(headers.map(\.name) == ["a", "b", "C"])
    headers["B"] = nil
    #expect(headers.map(\.value) == ["4", "5"])
    // The Kelvin sign is no k, and combining marks are no letters.
    #expect(HTTPHeaders(["\u{212A}": "x"].map { .init(name: $0, value: $1) })["k"] == nil)
  }
}
