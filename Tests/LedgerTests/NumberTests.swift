import Ledger
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    ("19", "19"), ("19.00", "19"), ("0.0005", "0.0005"), ("-1.50", "-1.5"), ("0", "0"),
    ("0.000000000001", "0.000000000001"), ("123456789012345678", "123456789012345678"),
  ])
  func `keeps a decimal without trailing zeros`(text: String, written: String) throws {
    let number = try ExactDecimal(text)
    #expect(number.text == written)
    #expect(try ExactDecimal(number.text) == number)
  }

  @Test(arguments: [
    ("0.0000000000001", AmountFault.tooManyDecimals(allowed: 12)), ("1E5", .notDecimal),
    ("1234567890123456789", .tooLarge),
  ])
  func `refuses what is no decimal`(text: String, fault: AmountFault) {
    #expect(throws: fault) { try ExactDecimal(text) }
  }

  @Test func `compares by value`() throws {
    #expect(try ExactDecimal("9.9") < ExactDecimal("10"))
    #expect(try ExactDecimal("-0.5") < ExactDecimal("-0.49"))
    #expect(try ExactDecimal("19.0") == ExactDecimal(19))
  }

  @Test(
    arguments: [
      (5, 10, 1, 0), (15, 10, 2, 2), (25, 10, 3, 2), (-5, 10, -1, 0), (-15, 10, -2, -2),
      (-25, 10, -3, -2), (24, 10, 2, 2), (26, 10, 3, 3), (0, 7, 0, 0),
    ] as [(Int128, Int128, Int128, Int128)])
  func `rounds halves away from zero or to even`(
    numerator: Int128, denominator: Int128, away: Int128, even: Int128
  ) {
    #expect(Rounding.halfAwayFromZero.divide(numerator, by: denominator) == away)
    #expect(Rounding.halfEven.divide(numerator, by: denominator) == even)
  }

  @Test(arguments: [
    ("19", "118.45", "22.51"), ("7", "102.00", "7.14"), ("8.1", "99.20", "8.04"),
    ("19", "-0.50", "-0.10"), ("0", "5.00", "0.00"),
  ])
  func `takes a percentage of an amount`(percent: String, amount: String, result: String) throws {
    let eur = try #require(Currency("EUR"))
    #expect(try ExactDecimal(percent).percent(of: Money(amount, eur)).text == result)
  }

  static func rate(_ from: String, _ to: String, _ rate: String) throws -> ExchangeRate {
    let first = try #require(Currency(from))
    let second = try #require(Currency(to))
    let date = try #require(CalendarDate("2026-03-10"))
    let number = try ExactDecimal(rate)
    return try #require(
      ExchangeRate(from: first, to: second, rate: number, date: date, source: "ECB"))
  }

  @Test(arguments: [
    ("EUR", "USD", "1.1037", "119.00", "131.34"), ("EUR", "JPY", "162.345", "1.00", "162"),
    ("JPY", "EUR", "0.00615", "1000", "6.15"), ("JPY", "BHD", "0.0025", "3", "0.008"),
    ("BHD", "JPY", "403.1", "0.005", "2"), ("CLF", "EUR", "38.5", "0.0001", "0.00"),
    ("EUR", "CLF", "0.026", "0.01", "0.0003"), ("EUR", "USD", "1.5", "-0.03", "-0.05"),
    ("USD", "CLF", "0.000000000001", "9999999999999.99", "10.0000"),
  ])
  func `converts between currencies of 0, 2, 3 and 4 decimals`(
    from: String, to: String, rate: String, amount: String, result: String
  ) throws {
    let rate = try Self.rate(from, to, rate)
    #expect(try rate.convert(Money(amount, rate.from)).text == result)
  }

  @Test func `refuses a result that cannot be held and a rate of zero`() throws {
    let rate = try Self.rate("EUR", "USD", "100000")
    let large = Money(minorUnits: .max, rate.from)
    #expect(throws: AmountFault.tooLarge) { try rate.convert(large) }
    #expect(
      ExchangeRate(
        from: rate.from, to: rate.to, rate: .zero, date: rate.date, source: "ECB") == nil)
  }
}
