import Testing

@testable import MockERP

@Suite struct ExactAmountTests {
  @Test(arguments: [
    ("119.00", 2, Int64(11_900)), ("5", 2, 500), ("5.5", 2, 550), ("0", 0, 0), ("007.10", 2, 710),
    ("1.234", 3, 1234), ("9007199254740993.01", 2, 900_719_925_474_099_301),
  ])
  func `reads decimal text as minor units`(text: String, decimals: Int, units: Int64) throws {
    #expect(try ExactAmount.minorUnits(text, decimals: decimals) == units)
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "-1", "+1", "1e3", "1,00", " 1", "1 ", "NaN", "١", "1.0.0",
    "1234567890123456789",
  ])
  func `refuses what is not a plain amount`(text: String) {
    #expect(throws: ExactAmount.Fault.notAnAmount) {
      try ExactAmount.minorUnits(text, decimals: 2)
    }
  }

  @Test func `refuses more decimals than the currency has, and what does not fit`() {
    #expect(throws: ExactAmount.Fault.tooManyDecimals) {
      try ExactAmount.minorUnits("1.001", decimals: 2)
    }
    #expect(throws: ExactAmount.Fault.notAnAmount) {
      try ExactAmount.minorUnits("999999999999999999", decimals: 2)
    }
  }

  @Test func `writes exactly the currency's decimals`() {
    #expect(ExactAmount.text(Int64(5), decimals: 2) == "0.05")
    #expect(ExactAmount.text(Int64(-1234), decimals: 3) == "-1.234")
    #expect(ExactAmount.text(Int64(7), decimals: 0) == "7")
    #expect(ExactAmount.text(Int64.min, decimals: 2) == "-92233720368547758.08")
  }

  @Test(arguments: [
    ("19.0", 0, "19"), ("-3.5", 2, "-3.50"), ("-0.00", 2, "0.00"), ("007", 0, "7"),
    ("8.1250", 2, "8.125"),
  ])
  func `gives numbers of one value one text`(text: String, decimals: Int, canonical: String) throws
  {
    #expect(try ExactAmount.canonical(text, decimals: decimals) == canonical)
  }
}
