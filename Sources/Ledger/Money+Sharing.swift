extension Money {
  /// Splits the amount in proportion to `weights`, by largest remainder.
  ///
  /// Each share is rounded towards zero; the minor units left over go to the largest fractions,
  /// ties to the earlier share. The shares always sum to the amount. Weights of zero get nothing,
  /// unless all are zero: then the first share takes everything.
  public func shared(by weights: [Int64]) -> [Money] {
    precondition(!weights.isEmpty, "an amount is shared among one or more")
    precondition(weights.allSatisfy { $0 >= 0 }, "a weight is not negative")
    let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard total > 0 else {
      return weights.indices.map {
        $0 == 0 ? self : .zero(currency)
      }
    }
    let magnitude = Int128(minorUnits.magnitude)
    var shares: [Int128] = []
    var remainders: [(index: Int, value: Int128)] = []
    shares.reserveCapacity(weights.count)
    for (index, weight) in weights.enumerated() {
      let (quotient, remainder) = (magnitude * Int128(weight)).quotientAndRemainder(
        dividingBy: total)
      shares.append(quotient)
      if remainder > 0 { remainders.append((index, remainder)) }
    }
    let missing = Int(magnitude - shares.reduce(0, +))
    if missing > 0 {
      remainders.sort { ($1.value, $0.index) < ($0.value, $1.index) }
      for entry in remainders.prefix(missing) { shares[entry.index] += 1 }
    }
    return shares.map {
      Money(minorUnits: isNegative ? -Int64($0) : Int64($0), currency)
    }
  }
}
