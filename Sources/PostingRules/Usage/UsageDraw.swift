package import Ledger

/// Rated usage taken off what was sold in advance, the oldest first.
///
/// A schedule without an end of its service takes all usage from its first day on.
package struct UsageDraw: Sendable {
  private var used: [ScheduleNumber: UsageQuantity] = [:]
  private var drawn: [RatedItemNumber: UsageQuantity] = [:]

  /// - Parameters:
  ///   - items: all that were rated so far.
  ///   - schedules: all of the books that measure usage, those used up included.
  package init(items: [RatedItem], schedules: [Schedule]) {
    struct Buyer: Hashable {
      var customer: String?
      var product: String
    }
    var sold = Dictionary(grouping: schedules.filter { $0.planned.amount != 0 }) {
      Buyer(customer: $0.terms.customer, product: $0.terms.product)
    }
    guard !sold.isEmpty else { return }
    for key in sold.keys {
      sold[key]?.sort { ($0.terms.service.from, $0.number) < ($1.terms.service.from, $1.number) }
    }
    for item in items.inOrderOfUse {
      var left = UsageQuantity(item.item.quantity)
      for schedule in sold[Buyer(customer: item.item.customer, product: item.item.product)] ?? []
      where left > .zero && schedule.terms.takes(item) {
        guard let quantity = schedule.terms.usage?.quantity else { continue }
        let taken = min(left, UsageQuantity(quantity) - (used[schedule.number] ?? .zero))
        guard taken > .zero else { continue }
        used[schedule.number, default: .zero] = (used[schedule.number] ?? .zero) + taken
        left = left - taken
        // A line that names the meter has billed it, which is looked at on its own.
        if schedule.terms.usage?.meter == nil {
          drawn[item.number] = (drawn[item.number] ?? .zero) + taken
        }
      }
    }
  }

  /// What of a schedule's worth is recognised through a month: as much as was used, and all of it
  /// once the service is over.
  func reached(_ schedule: Schedule, in period: FiscalPeriod, rounding: Rounding) -> Int64 {
    let planned = schedule.planned.amount
    let service = schedule.terms.service
    if service.from != service.through, service.through <= period.lastDay { return planned }
    guard let quantity = schedule.terms.usage?.quantity, quantity > .zero,
      let used = used[schedule.number]
    else { return 0 }
    return used.share(of: planned, in: UsageQuantity(quantity), rounding: rounding)
  }

  /// What of an item's amount was paid in advance.
  func prepaid(of item: RatedItem) -> Int64 {
    guard let drawn = drawn[item.number] else { return 0 }
    return drawn.share(
      of: item.item.amount.minorUnits, in: UsageQuantity(item.item.quantity),
      rounding: .halfAwayFromZero)
  }

  /// The movements that bring schedules to what was used through a month, before their release.
  package func planned(
    _ schedules: [Schedule], in period: FiscalPeriod, rounding: Rounding
  ) -> [ScheduleNumber: [ScheduleMovement]] {
    var movements: [ScheduleNumber: [ScheduleMovement]] = [:]
    for schedule in schedules {
      let made = schedule.reaching(
        reached(schedule, in: period, rounding: rounding), in: period, rounding: rounding
      ).movements.filter(\.kind.isPlan)
      if !made.isEmpty { movements[schedule.number] = made }
    }
    return movements
  }
}

extension ScheduleTerms {
  fileprivate func takes(_ item: RatedItem) -> Bool {
    guard let usage, usage.meter == nil || usage.meter == item.item.meter else { return false }
    return service.from == service.through
      ? item.period.through >= service.from : item.period.overlaps(service)
  }
}

extension [RatedItem] {
  /// The oldest usage first.
  var inOrderOfUse: [RatedItem] {
    sorted {
      ($0.period.from, $0.period.through, $0.number) < (
        $1.period.from, $1.period.through, $1.number
      )
    }
  }
}
