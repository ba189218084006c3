package import Ledger

/// The row number of an accrual in the store.
package struct AccrualNumber: Hashable, Sendable, Comparable {
  package let value: Int64
  package init(_ value: Int64) { self.value = value }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Unbilled revenue of one rated item, as far as it was not taken back.
package struct StandingAccrual: Hashable, Sendable {
  package var number: AccrualNumber
  package var item: RatedItemNumber
  package var key: RatedItemKey
  package var left: DeferredAmount
  /// The entry that holds it.
  package var entry: PostingKey
  /// The number of its line of unbilled revenue there; that of the revenue is the next.
  package var line: Int

  package init(
    number: AccrualNumber, item: RatedItemNumber, key: RatedItemKey, left: DeferredAmount,
    entry: PostingKey, line: Int
  ) {
    self.number = number
    self.item = item
    self.key = key
    self.left = left
    self.entry = entry
    self.line = line
  }
}

/// What is missing between the accruals that stand and what is unbilled.
package struct AccrualBalance: Sendable {
  package struct Addition: Hashable, Sendable {
    package var item: RatedItem
    package var amount: Int64
  }

  package struct Release: Hashable, Sendable {
    package var accrual: StandingAccrual
    /// What is taken back, with the sign of the accrual.
    package var amount: DeferredAmount
  }

  package private(set) var additions: [Addition] = []
  package private(set) var releases: [Release] = []

  package init(items: [RatedItem], unbilled: UnbilledUsage, standing: [StandingAccrual]) {
    let items = Dictionary(grouping: items, by: \.key)
    let standing = Dictionary(grouping: standing, by: \.key)
    for key in Set(items.keys).union(standing.keys) {
      let rated = items[key] ?? []
      let accruals = standing[key] ?? []
      let wanted = rated.reduce(Int64(0)) { $0 + unbilled.amount(of: $1) }
      let accrued = accruals.reduce(Int64(0)) { $0 + $1.left.amount }
      var missing = wanted - accrued
      if accrued != 0, missing.signum() != accrued.signum() {
        missing += release(missing.magnitude, of: accruals, accrued.signum())
      }
      if missing != 0, let item = rated.last {
        additions.append(Addition(item: item, amount: missing))
      }
    }
    additions.sort { $0.item.number < $1.item.number }
    releases.sort { $0.accrual.number < $1.accrual.number }
  }

  /// - Returns: what was taken back, with its sign.
  private mutating func release(
    _ amount: UInt64, of accruals: [StandingAccrual], _ sign: Int64
  ) -> Int64 {
    var left = Int64(clamping: amount)
    var released: Int64 = 0
    for accrual in accruals.sorted(by: { $0.number < $1.number })
    where left > 0 && accrual.left.amount.signum() == sign {
      let part = min(left, Int64(clamping: accrual.left.amount.magnitude)) * sign
      let functional =
        part == accrual.left.amount
        ? accrual.left.functional
        : CumulativeSplit.share(
          of: accrual.left.functional, part, over: accrual.left.amount,
          rounding: .halfAwayFromZero)
      releases.append(
        Release(accrual: accrual, amount: DeferredAmount(part, functional: functional)))
      left -= abs(part)
      released += part
    }
    return released
  }
}
