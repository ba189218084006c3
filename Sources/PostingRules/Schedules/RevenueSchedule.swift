package import Ledger

/// The first version of a schedule: an amount over the months of a service.
///
/// Built once; from then on it is data. The functional releases are split from the functional
/// total, never converted one by one (accounting treatment, section 10.4).
package struct RevenueSchedule: Hashable, Sendable {
  package struct Release: Hashable, Sendable {
    package var period: FiscalPeriod
    package var amount: DeferredAmount
  }

  /// In the order of time, months without an amount included.
  package let releases: [Release]

  /// nil when the service is longer than ``DeferralMethod/maximumMonths``.
  package init?(
    _ total: DeferredAmount, over service: DateRange, by method: DeferralMethod,
    rounding: Rounding = .halfAwayFromZero
  ) {
    guard method.isTaken(over: service) else { return nil }
    let parts = method.parts(of: service)
    let weights = parts.map(\.part)
    let amounts = CumulativeSplit.shares(of: total.amount, by: weights, rounding: rounding)
    let functional = CumulativeSplit.shares(
      of: total.functional, by: weights, rounding: rounding)
    releases = parts.indices.map { index in
      Release(
        period: parts[index].period,
        amount: DeferredAmount(amounts[index], functional: functional[index]))
    }
  }
}
