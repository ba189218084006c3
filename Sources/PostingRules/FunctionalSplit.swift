import Ledger

/// Gives the parts of an amount their shares of its functional amount, by cumulative rounding.
struct FunctionalSplit {
  /// In minor units.
  let amount: Int64
  let functional: Int64
  private var taken: Int128 = 0
  private var given: Int64 = 0

  init(_ amount: Int64, functional: Int64) {
    self.amount = amount
    self.functional = functional
  }

  /// What was not given yet.
  var rest: Int64 { functional - given }

  /// The share of the next part; the parts that make up the whole amount get all of it.
  mutating func next(_ part: Int64) -> Int64 {
    taken += Int128(part)
    guard amount != 0 else { return 0 }
    let sign: Int128 = amount < 0 ? -1 : 1
    let through = Rounding.halfAwayFromZero.divide(
      Int128(functional) * taken * sign, by: Int128(amount) * sign)
    let share = Int64(clamping: through) - given
    given += share
    return share
  }
}
