/// How a quotient that is no whole number of minor units becomes one.
public enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// Halves move away from zero, as in commerce. The default.
  case halfAwayFromZero
  /// Halves move to the even neighbour.
  case halfEven

  /// `numerator / denominator` as a whole number; `denominator` is positive.
  public func divide(_ numerator: Int128, by denominator: Int128) -> Int128 {
    precondition(denominator > 0, "a denominator is positive")
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = remainder.magnitude * 2
    let isUp =
      switch self {
      case .halfAwayFromZero: twice >= denominator.magnitude
      case .halfEven:
        twice > denominator.magnitude
          || (twice == denominator.magnitude && !quotient.isMultiple(of: 2))
      }
    guard isUp else { return quotient }
    return numerator < 0 ? quotient - 1 : quotient + 1
  }
}
