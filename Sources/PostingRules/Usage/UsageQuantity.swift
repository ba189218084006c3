import Ledger

/// A quantity in trillionths, which every ``ExactDecimal`` is a whole number of.
struct UsageQuantity: Hashable, Comparable {
  private(set) var trillionths: Int128

  static let zero = UsageQuantity(trillionths: 0)

  private init(trillionths: Int128) { self.trillionths = trillionths }

  init(_ quantity: ExactDecimal) {
    trillionths =
      Int128(quantity.coefficient)
      * PowersOfTen.int128(ExactDecimal.maximumDecimals - quantity.scale)
  }

  static func + (left: Self, right: Self) -> Self {
    Self(trillionths: left.trillionths + right.trillionths)
  }

  static func - (left: Self, right: Self) -> Self {
    Self(trillionths: left.trillionths - right.trillionths)
  }

  static func < (left: Self, right: Self) -> Bool { left.trillionths < right.trillionths }

  /// `amount × self ÷ whole`, rounded on the magnitude; both quantities positive.
  func share(of amount: Int64, in whole: UsageQuantity, rounding: Rounding) -> Int64 {
    var (part, all) = (trillionths, whole.trillionths)
    while true {
      let (product, overflow) = Int128(amount.magnitude).multipliedReportingOverflow(by: part)
      // Digits that no amount can show are given up before the product leaves its type.
      guard overflow else {
        guard all > 0 else { return 0 }
        let share = Int64(clamping: rounding.divide(product, by: all))
        return amount < 0 ? -share : share
      }
      part /= 10
      all /= 10
    }
  }
}
