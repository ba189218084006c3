/// An ISO 4217 currency: three letters and the number of decimals of its minor unit.
///
/// Four bytes, so that an amount stays small and copying it never counts references.
public struct Currency: Hashable, Sendable {
  /// The three letters in the low bytes, first letter highest; the decimals in the top byte.
  private let packed: UInt32

  /// The number of decimals of the minor unit: JPY 0, EUR 2, BHD 3, CLF 4.
  public var decimals: Int { Int(packed >> 24) }

  /// The three capital letters.
  public var code: String {
    String(unsafeUninitializedCapacity: 3) { buffer in
      buffer[0] = UInt8(truncatingIfNeeded: packed >> 16)
      buffer[1] = UInt8(truncatingIfNeeded: packed >> 8)
      buffer[2] = UInt8(truncatingIfNeeded: packed)
      return 3
    }
  }

  /// Minor units in one unit: 1, 100, 1000 or 10000.
  public var minorUnitsPerUnit: Int64 { PowersOfTen.int64(decimals) }

  /// Looks a code up in the ISO list; nil when it is not there or names something without a minor
  /// unit (precious metals, test codes).
  public init?(_ code: some StringProtocol) {
    var letters: UInt32 = 0
    var count = 0
    for byte in code.utf8 {
      guard count < 3, byte >= 0x41, byte <= 0x5A else { return nil }
      letters = letters << 8 | UInt32(byte)
      count += 1
    }
    guard count == 3, let decimals = Currency.decimalsByLetters[letters] else { return nil }
    packed = letters | UInt32(decimals) << 24
  }

  /// Every currency in the list, by code.
  public static var all: [Currency] {
    listing.flatMap { $0.codes.split(separator: " ") }.compactMap { Currency($0) }.sorted()
  }

  /// Source: ISO 4217 list one of 2024-06-25, by number of decimals. BGN stays for documents of the
  /// years before Bulgaria's euro.
  private static let listing: [(decimals: UInt8, codes: String)] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
      2,
      """
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
      CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL \
      GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR \
      LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD \
      PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC \
      SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR \
      ZMW ZWG
      """
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
  ]

  private static let decimalsByLetters: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    for (decimals, codes) in listing {
      for code in codes.split(separator: " ") {
        table[code.utf8.reduce(0) { $0 << 8 | UInt32($1) }] = decimals
      }
    }
    return table
  }()
}

extension Currency: Comparable, CustomStringConvertible {
  public static func < (left: Currency, right: Currency) -> Bool {
    left.packed & 0xFF_FFFF < right.packed & 0xFF_FFFF
  }

  public var description: String { code }
}
