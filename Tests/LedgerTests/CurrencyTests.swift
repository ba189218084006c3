import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct CurrencyTests {
  static let list = "iso4217/codes-all.csv"

  /// Codes in use with their minor units, as the published list has them; nil without a minor unit.
  static func published() throws -> [String: Int?] {
    let text = String(decoding: try SharedData.read(list), as: UTF8.self)
    var codes: [String: Int?] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      // Only the first two columns may be quoted; the last four never are.
      let columns = line.split(separator: ",", omittingEmptySubsequences: false)
      guard columns.count >= 6, columns[columns.count - 1].isEmpty else { continue }
      let code = String(columns[columns.count - 4])
      guard code.count == 3 else { continue }
      codes[code] = .some(Int(columns[columns.count - 2]))
    }
    return codes
  }

  @Test(.enabled(if: SharedData.isPresent))
  func `knows every currency of ISO 4217 with its decimals`() throws {
    let published = try Self.published()
    #expect(published.count > 150)
    for (code, decimals) in published {
      #expect(Currency(code)?.decimals == decimals, "\(code)")
    }
  }

  @Test(.enabled(if: SharedData.isPresent))
  func `knows nothing that ISO 4217 does not have`() throws {
    let text = String(decoding: try SharedData.read(Self.list), as: UTF8.self)
    for currency in Currency.all {
      #expect(text.contains(",\(currency.code),"), "\(currency)")
    }
  }

  @Test(arguments: [("JPY", 0, 1), ("EUR", 2, 100), ("BHD", 3, 1_000), ("CLF", 4, 10_000)])
  func `has the decimals of its minor unit`(code: String, decimals: Int, units: Int64) throws {
    let currency = try #require(Currency(code))
    #expect(currency.decimals == decimals)
    #expect(currency.minorUnitsPerUnit == units)
    #expect(currency.code == code)
  }

  @Test(arguments: ["", "EU", "EURO", "eur", "XAU", "XTS", "XXX", "E1R", "ÄÖÜ", " EUR"])
  func `refuses what is no currency`(code: String) {
    #expect(Currency(code) == nil)
  }

  @Test func `lists its currencies once, by code`() {
    let codes = Currency.all.map(\.code)
    #expect(codes == Set(codes).sorted())
  }
}
