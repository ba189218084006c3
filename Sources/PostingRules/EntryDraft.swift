import Ledger

/// The amounts of a line before its entry is complete, in minor units, debits positive.
struct LineDraft: Sendable {
  let amount: Int64
  /// In functional currency; the same as ``amount`` until it is converted.
  var functional: Int64
  /// Whether the functional amount is given rather than converted.
  let isFixed: Bool
  /// Whether it takes the residue of the conversion to functional currency.
  let absorbs: Bool
  /// Where its facts are kept while an explanation is made; -1 otherwise.
  let trace: Int
}

/// An exchange rate as a fraction of minor units, for exact remainders.
struct RateFraction {
  let numerator: Int128
  let denominator: Int128

  init(_ rate: ExchangeRate) {
    let shift = rate.to.decimals - rate.from.decimals
    numerator = Int128(rate.rate.coefficient) * PowersOfTen.int128(max(0, shift))
    denominator = rate.rate.divisor * PowersOfTen.int128(max(0, -shift))
  }

  /// The amount rounded towards zero, and what is left of it as a magnitude in fractions; nil when
  /// it cannot be held.
  func truncated(_ amount: Int64) -> (quotient: Int64, remainder: Int128)? {
    let (product, overflow) = Int128(amount).multipliedReportingOverflow(by: numerator)
    guard !overflow else { return nil }
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: denominator)
    guard let units = Int64(exactly: quotient) else { return nil }
    return (units, remainder < 0 ? -remainder : remainder)
  }
}

/// Gives drafts their functional amounts.
enum FunctionalAmounts {
  /// Converts every line by itself and lets the absorbing lines take the residue by largest
  /// remainder, none of them changing its side.
  ///
  /// - Returns: what no line could take, debits positive: zero unless there was none to take it.
  /// - Throws: ``AmountFault`` `.tooLarge` when an amount leaves `Int64`.
  static func fill(
    _ drafts: inout [LineDraft], at rate: ExchangeRate, rounding: Rounding
  ) throws(AmountFault) -> Int64 {
    let fraction = RateFraction(rate)
    var sum: Int128 = 0
    var remainders: [(position: Int, value: Int128)] = []
    for position in drafts.indices {
      let draft = drafts[position]
      if draft.absorbs, draft.amount != 0 {
        guard let exact = fraction.truncated(draft.amount) else { throw .tooLarge }
        drafts[position].functional = exact.quotient
        remainders.append((position, exact.remainder))
      } else if !draft.isFixed {
        let amount = Money(minorUnits: draft.amount, rate.from)
        drafts[position].functional = try rate.convert(amount, rounding: rounding).minorUnits
      }
      sum += Int128(drafts[position].functional)
    }
    guard sum != 0 else { return 0 }
    if !remainders.isEmpty {
      if sum.magnitude > Int128(remainders.count).magnitude {
        try spread(&sum, over: &drafts, in: remainders.map(\.position))
      }
      remainders.sort { ($1.value, $0.position) < ($0.value, $1.position) }
      absorb(&sum, into: &drafts, in: remainders.map(\.position))
    }
    guard let rest = Int64(exactly: sum) else { throw .tooLarge }
    return rest
  }

  /// Gives what is more than rounding, as where an advance keeps its own rate, to the lines of the
  /// heavier side in proportion to their amounts.
  private static func spread(
    _ sum: inout Int128, over drafts: inout [LineDraft], in positions: [Int]
  ) throws(AmountFault) {
    let balance = positions.reduce(Int128(0)) { $0 + Int128(drafts[$1].amount) }
    let heavier = positions.filter { (drafts[$0].amount > 0) == (balance > 0) }
    var weight: Int128 = 0
    for position in heavier { weight += Int128(drafts[position].amount) }
    guard weight != 0 else { return }
    let whole = -sum
    for position in heavier {
      let product = whole.multipliedReportingOverflow(by: Int128(drafts[position].amount))
      guard !product.overflow, let share = Int64(exactly: product.partialValue / weight) else {
        throw .tooLarge
      }
      let (functional, overflow) = drafts[position].functional.addingReportingOverflow(share)
      // A line never changes its side.
      guard !overflow, functional == 0 || (functional > 0) == (balance > 0) else { continue }
      drafts[position].functional = functional
      sum += Int128(share)
    }
  }

  /// Gives one minor unit at a time: first to lines that grow by it, in order, then off lines that
  /// shrink by it, in the opposite order, and again until nothing is left or no line can take more.
  private static func absorb(
    _ sum: inout Int128, into drafts: inout [LineDraft], in order: [Int]
  ) {
    let step: Int64 = sum > 0 ? -1 : 1
    while sum != 0 {
      let before = sum
      for position in order where sum != 0 && (drafts[position].amount > 0) == (step > 0) {
        let (grown, overflow) = drafts[position].functional.addingReportingOverflow(step)
        if overflow { continue }
        drafts[position].functional = grown
        sum += Int128(step)
      }
      guard sum == before else { continue }
      for position in order.reversed() where sum != 0 && drafts[position].functional != 0 {
        drafts[position].functional += step
        sum += Int128(step)
      }
      if sum == before { return }
    }
  }
}
