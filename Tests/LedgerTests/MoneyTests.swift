import Ledger
import TestSupport
import Testing

@Suite struct MoneyTests {
  static func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

  @Test(arguments: [
    ("1234.50", "EUR", 123_450, "1234.50"), ("-3", "JPY", -3, "-3"), ("0.005", "BHD", 5, "0.005"),
    ("7", "EUR", 700, "7.00"), ("-0.01", "EUR", -1, "-0.01"), ("007.10", "EUR", 710, "7.10"),
    ("0", "EUR", 0, "0.00"), ("-0", "EUR", 0, "0.00"), ("1.2345", "CLF", 12_345, "1.2345"),
    ("9999999999999.99", "EUR", 999_999_999_999_999, "9999999999999.99"),
  ])
  func `reads an amount and writes it with the currency's decimals`(
    text: String, code: String, units: Int64, written: String
  ) throws {
    let amount = try Money(text, Self.currency(code))
    #expect(amount.minorUnits == units)
    #expect(amount.text == written)
    #expect(amount.description == "\(written) \(code)")
  }

  @Test(arguments: [
    ("1.234", "EUR", AmountFault.tooManyDecimals(allowed: 2)),
    ("1.000", "EUR", .tooManyDecimals(allowed: 2)), ("1.0", "JPY", .tooManyDecimals(allowed: 0)),
    ("10000000000000.00", "EUR", .tooLarge), ("1000000000000000", "JPY", .tooLarge),
    ("99999999999999999999", "EUR", .tooLarge), ("", "EUR", .notDecimal), ("-", "EUR", .notDecimal),
    (".5", "EUR", .notDecimal), ("5.", "EUR", .notDecimal), ("1e3", "EUR", .notDecimal),
    ("+1", "EUR", .notDecimal), ("1,5", "EUR", .notDecimal), (" 1", "EUR", .notDecimal),
    ("1.2.3", "EUR", .notDecimal), ("--1", "EUR", .notDecimal), ("NaN", "EUR", .notDecimal),
    ("١", "EUR", .notDecimal),
  ])
  func `refuses what is no amount`(text: String, code: String, fault: AmountFault) throws {
    let currency = try Self.currency(code)
    #expect(throws: fault) { try Money(text, currency) }
  }

  @Test(arguments: Seed.forThisRun)
  func `text and amount are one`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for code in ["JPY", "EUR", "BHD", "CLF"] {
      let currency = try Self.currency(code)
      let units = Int64.random(
        in: -Money.maximumMinorUnits...Money.maximumMinorUnits, using: &random)
      let small = Int64.random(in: -12_000...12_000, using: &random)
      for amount in [units, small].map({ Money(minorUnits: $0, currency) }) {
        #expect(try Money(amount.text, currency) == amount)
      }
    }
  }

  @Test func `adds, subtracts, negates and compares`() throws {
    let eur = try Self.currency("EUR")
    let two = Money(minorUnits: 200, eur)
    var sum = two + Money(minorUnits: 50, eur)
    #expect(sum.text == "2.50")
    sum -= Money(minorUnits: 300, eur)
    #expect(sum.text == "-0.50")
    #expect(sum.isNegative)
    #expect(sum.magnitude.text == "0.50")
    #expect(sum < two)
    #expect((-two).minorUnits == -200)
    #expect(Money.zero(eur).isZero)
  }

  @Test func `a sum past what can be held is refused`() throws {
    let eur = try Self.currency("EUR")
    let large = Money(minorUnits: .max, eur)
    #expect(throws: AmountFault.tooLarge) {
      try Money.sum([large, Money(minorUnits: 1, eur)], in: eur)
    }
    let back = try Money.sum([large, large, -large], in: eur)
    #expect(back == large)
  }

  @Test(arguments: [
    ("EUR", "1234.50", "1234.5"), ("EUR", "-0.01", "-0.01"), ("JPY", "100", "100"),
    ("BHD", "5.000", "5"), ("EUR", "0.00", "0"),
  ])
  func `an amount and the number that states it are told from each other`(
    code: String, amount: String, number: String
  ) throws {
    let money = try Money(amount, Self.currency(code))
    let stated = try ExactDecimal(number)
    #expect(ExactDecimal(money) == stated)
    #expect(-ExactDecimal(-money) == stated)
    #expect(try Money(stated, money.currency) == money)
    #expect(StatedAmount(money).description == money.description)
    #expect(-(-StatedAmount(money)) == StatedAmount(money))
    #expect(try StatedAmount(stated).money(in: money.currency) == money)
    #expect(StatedAmount(stated).description == number)
  }

  @Test func `a stated amount must be one of its currency`() throws {
    let yen = try Self.currency("JPY")
    let stated = StatedAmount(try ExactDecimal("0.5"), in: try Self.currency("EUR"))
    #expect(try stated.money(in: yen).text == "0.50")
    #expect(throws: AmountFault.tooManyDecimals(allowed: 0)) {
      try StatedAmount(stated.value).money(in: yen)
    }
    #expect(throws: AmountFault.tooLarge) {
      try StatedAmount(ExactDecimal(Money.maximumMinorUnits + 1)).money(in: yen)
    }
    #expect(StatedAmount(stated.value, in: yen).description == "0.5 JPY")
  }

  @Test(
    arguments: [
      (1_000, [3_333, 3_333, 3_334], [333, 333, 334]), (100, [1, 1, 1], [34, 33, 33]),
      (-100, [1, 1, 1], [-34, -33, -33]), (5, [0, 1, 0], [0, 5, 0]), (7, [0, 0], [7, 0]),
      (0, [1, 2], [0, 0]), (1, [1, 2], [0, 1]),
    ] as [(Int64, [Int64], [Int64])])
  func `shares by largest remainder`(units: Int64, weights: [Int64], shares: [Int64]) throws {
    let amount = Money(minorUnits: units, try Self.currency("EUR"))
    #expect(amount.shared(by: weights).map(\.minorUnits) == shares)
  }

  @Test(arguments: Seed.forThisRun)
  func `shares always sum to the amount and stay within one minor unit`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let eur = try Self.currency("EUR")
    let weights = (0..<Int.random(in: 1...30, using: &random)).map { _ in
      Int64.random(in: 0...1_000_000, using: &random)
    }
    let amount = Money(minorUnits: Int64.random(in: -10_000_000...10_000_000, using: &random), eur)
    let shares = amount.shared(by: weights)
    #expect(try Money.sum(shares, in: eur) == amount)
    let total = weights.reduce(0, +)
    guard total > 0 else { return }
    for (share, weight) in zip(shares, weights) {
      let exact = Int128(amount.minorUnits) * Int128(weight)
      let away = Int128(share.minorUnits) * Int128(total) - exact
      #expect(away.magnitude < UInt128(total))
    }
  }
}
