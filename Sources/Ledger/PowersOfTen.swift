/// Ten to the power of small exponents, as integers.
package enum PowersOfTen {
  /// The largest exponent whose power fits `Int64`.
  package static let maximumInt64Exponent = 18

  private static let table: [Int64] = (0...maximumInt64Exponent).map { exponent in
    (0..<exponent).reduce(Int64(1)) { product, _ in product * 10 }
  }

  /// 10 to the power of `exponent`, which is 0 to 18.
  package static func int64(_ exponent: Int) -> Int64 { table[exponent] }

  /// 10 to the power of `exponent`, which is 0 to 36.
  package static func int128(_ exponent: Int) -> Int128 {
    exponent <= maximumInt64Exponent
      ? Int128(table[exponent])
      : Int128(table[maximumInt64Exponent]) * Int128(table[exponent - maximumInt64Exponent])
  }
}
