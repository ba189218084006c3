package import Ledger

/// Splits an amount in proportion to weights so that every running total is rounded from the whole.
///
/// The shares sum to the amount by construction, and no running total is more than half a minor
/// unit away. A negative amount mirrors its opposite. Source: accounting treatment, section 4.1.
package enum CumulativeSplit {
  /// - Parameter weights: not negative; where all are zero, the last takes everything.
  package static func shares(
    of amount: Int64, by weights: [Int64], rounding: Rounding
  ) -> [Int64] {
    guard !weights.isEmpty else { return [] }
    let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
    let magnitude = Int128(amount.magnitude)
    var elapsed: Int128 = 0
    var before: Int128 = 0
    var shares: [Int64] = []
    shares.reserveCapacity(weights.count)
    for (index, weight) in weights.enumerated() {
      precondition(weight >= 0, "a weight is not negative")
      elapsed += Int128(weight)
      let through =
        index == weights.count - 1
        ? magnitude : whole > 0 ? rounding.divide(magnitude * elapsed, by: whole) : 0
      let share = Int64(through - before)
      shares.append(amount < 0 ? -share : share)
      before = through
    }
    return shares
  }

  /// `amount × part ÷ whole`, rounded on the magnitude; zero where the whole is zero.
  package static func share(
    of amount: Int64, _ part: Int64, over whole: Int64, rounding: Rounding
  ) -> Int64 {
    guard whole != 0 else { return 0 }
    let product = Int128(amount.magnitude) * Int128(part.magnitude)
    let share = Int64(rounding.divide(product, by: Int128(whole.magnitude)))
    return (amount < 0) != ((part < 0) != (whole < 0)) ? -share : share
  }
}

extension CumulativeSplit {
  /// Per cent of an amount, rounded on the magnitude.
  package static func percent(
    _ percent: ExactDecimal, of amount: Int64, rounding: Rounding
  ) -> Int64 {
    let magnitude = Int128(amount.magnitude) * Int128(percent.coefficient)
    let share = Int64(clamping: rounding.divide(magnitude, by: percent.divisor * 100))
    return amount < 0 ? -share : share
  }
}
