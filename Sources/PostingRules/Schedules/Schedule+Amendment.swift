package import Ledger

/// How a credit memo reshapes the schedule of the line it credits (accounting treatment, section
/// 6.4).
package enum CreditReshaping: String, Hashable, Sendable, CaseIterable {
  /// ``ownPeriod`` where the credit line names a period, else ``proportional``.
  case byLine
  /// Over every month alike: what is recognised is taken back by the same share.
  case proportional
  /// What is deferred first, the rest from revenue.
  case deferredFirst
  /// In the months of the credit line's own period.
  case ownPeriod
}

/// What a contract change does to what was recognised before it.
package enum ContractChangePolicy: String, Hashable, Sendable, CaseIterable {
  /// Nothing: what is left is spread anew.
  case prospective
  /// It is made as if the contract had always been so; the difference is caught up.
  case catchUp
}

/// A step of a schedule, worked out.
package struct ScheduleAmendment: Hashable, Sendable {
  package var movements: [ScheduleMovement]
  /// What leaves the deferred account, other than to revenue.
  package var fromDeferred = DeferredAmount.zero
  /// What was recognised and is taken back.
  package var fromRevenue = DeferredAmount.zero
  /// What moves from deferred to revenue at once; negative back.
  package var recognised = DeferredAmount.zero
}

/// The amendments. Months that ended before the day of an amendment, and months released already,
/// are never touched: whether the run of a month came before or after makes no difference.
extension Schedule {
  /// Whether a month is over, or released, for an amendment that begins on `day`.
  package func isFixed(_ month: ScheduleMonth, on day: CalendarDate) -> Bool {
    month.period.lastDay < day || !month.released.isZero
  }

  /// What an amendment that begins on `day` finds on the deferred account.
  package func open(on day: CalendarDate) -> DeferredAmount {
    months.filter { !isFixed($0, on: day) }.map(\.unreleased).sum
  }

  /// Takes a credit off the line.
  ///
  /// - Parameter period: that of the credit line; nil where it names none.
  /// - Returns: nil when the line is not worth so much any more.
  package func credited(
    _ credit: Int64, over period: DateRange?, _ policy: CreditReshaping, on day: CalendarDate,
    rounding: Rounding
  ) -> ScheduleAmendment? {
    guard credit > 0, credit <= planned.amount else { return nil }
    let plan = months.map { max(0, $0.planned.amount) }
    var cuts: [Int64]
    switch (policy, period) {
    case (.deferredFirst, _): cuts = plan.map { _ in 0 }
    case (.proportional, _), (.byLine, nil), (.ownPeriod, nil):
      cuts = CumulativeSplit.shares(of: credit, by: plan, rounding: rounding)
    case (.byLine, let period?), (.ownPeriod, let period?):
      cuts = spread(credit, over: period, rounding: rounding)
    }
    var rest = credit
    for index in cuts.indices {
      cuts[index] = min(cuts[index], plan[index])
      rest -= cuts[index]
    }
    let isOpen = months.map { !isFixed($0, on: day) }
    if policy == .deferredFirst {
      let open = plan.indices.map { isOpen[$0] ? plan[$0] : 0 }
      let taken = min(rest, open.reduce(0, +))
      let left = CumulativeSplit.shares(
        of: open.reduce(0, +) - taken, by: open, rounding: rounding)
      for index in cuts.indices { cuts[index] = open[index] - left[index] }
      rest -= taken
    }
    // What the months of the credit do not hold: off what is deferred, the last month first, then
    // off what is recognised.
    for wanted in [true, false] {
      for index in cuts.indices.reversed() where isOpen[index] == wanted && rest > 0 {
        let more = min(rest, plan[index] - cuts[index])
        cuts[index] += more
        rest -= more
      }
    }
    return amendment(cutting: cuts, isOpen: isOpen, rounding: rounding)
  }

  /// The credit spread over its own period by the schedule's method, where the schedule has months.
  private func spread(
    _ credit: Int64, over period: DateRange, rounding: Rounding
  ) -> [Int64] {
    guard terms.method.isByTime,
      let own = RevenueSchedule(
        DeferredAmount(credit), over: period, by: terms.method, rounding: rounding)
    else { return months.map { _ in 0 } }
    let shares = Dictionary(
      uniqueKeysWithValues: own.releases.map { ($0.period, $0.amount.amount) })
    return months.map { shares[$0.period] ?? 0 }
  }

  private func amendment(
    cutting cuts: [Int64], isOpen: [Bool], rounding: Rounding
  ) -> ScheduleAmendment {
    var amendment = ScheduleAmendment(movements: [])
    let open = months.indices.filter { isOpen[$0] }
    let functional = functional(after: cuts, of: open, rounding: rounding)
    for (index, month) in months.enumerated() {
      if let left = functional[index] {
        let cut = DeferredAmount(cuts[index], functional: month.planned.functional - left)
        amendment.fromDeferred += cut
        amendment.add(.reshaped, month.period, -cut)
      } else {
        let cut = DeferredAmount(
          cuts[index],
          functional: CumulativeSplit.share(
            of: month.planned.functional, cuts[index], over: month.planned.amount,
            rounding: rounding))
        amendment.fromRevenue += cut
        amendment.add(.reshaped, month.period, -cut)
        amendment.add(.released, month.period, cut)
      }
    }
    return amendment
  }

  /// The functional amounts that open months keep: their total goes down in proportion, and is
  /// split from the total.
  private func functional(
    after cuts: [Int64], of open: [Int], rounding: Rounding
  ) -> [Int: Int64] {
    let before = open.map { months[$0].planned }.sum
    let kept = open.map { months[$0].planned.amount - cuts[$0] }
    let total = CumulativeSplit.share(
      of: before.functional, kept.reduce(0, +), over: before.amount, rounding: rounding)
    let shares = CumulativeSplit.shares(
      of: total, by: kept.map { Int64($0.magnitude) }, rounding: rounding)
    return Dictionary(uniqueKeysWithValues: zip(open, shares))
  }

  /// Gives up a part of what is deferred: service that nobody pays for is not rendered.
  package func cancelled(
    _ amount: Int64, on day: CalendarDate, rounding: Rounding
  ) -> ScheduleAmendment? {
    let open = open(on: day).amount
    guard amount > 0, amount <= open,
      var amendment = credited(
        amount, over: nil, .deferredFirst, on: day, rounding: rounding)
    else { return nil }
    for index in amendment.movements.indices { amendment.movements[index].kind = .cancelled }
    return amendment
  }

  /// Spreads what is left over other months: an extension, a pause, a shorter term.
  ///
  /// What was served of the month in which it begins stays there.
  package func respread(
    over service: DateRange, from day: CalendarDate, _ policy: ContractChangePolicy,
    rounding: Rounding
  ) -> ScheduleAmendment? {
    guard terms.method.isByTime else { return ScheduleAmendment(movements: []) }
    switch policy {
    case .prospective: return respread(over: service, from: day, rounding: rounding)
    case .catchUp: return caughtUp(over: service, from: day, rounding: rounding)
    }
  }

  private func respread(
    over service: DateRange, from day: CalendarDate, rounding: Rounding
  ) -> ScheduleAmendment? {
    let served = served(before: day, rounding: rounding)
    let open = months.filter { !isFixed($0, on: day) }
    let left = open.map(\.unreleased).sum - served.amount
    let closed = Set(months.filter { isFixed($0, on: day) }.map(\.period))
    guard terms.method.isTaken(over: service) else { return nil }
    let parts = terms.method.parts(of: service).filter {
      !closed.contains($0.period) && $0.period.lastDay >= day
    }
    guard !parts.isEmpty else { return nil }
    let weights = parts.map(\.part)
    let amounts = CumulativeSplit.shares(of: left.amount, by: weights, rounding: rounding)
    let functional = CumulativeSplit.shares(of: left.functional, by: weights, rounding: rounding)
    var plan: [FiscalPeriod: DeferredAmount] = [:]
    if !served.amount.isZero { plan[served.period] = served.amount }
    for (index, part) in parts.enumerated() {
      plan[part.period, default: .zero] += DeferredAmount(
        amounts[index], functional: functional[index])
    }
    var amendment = ScheduleAmendment(movements: [])
    for month in open {
      amendment.add(
        .reshaped, month.period, (plan.removeValue(forKey: month.period) ?? .zero) - month.planned)
    }
    for (period, amount) in plan.sorted(by: { $0.key < $1.key }) {
      amendment.add(.reshaped, period, amount)
    }
    return amendment
  }

  /// What the month of `day` holds for the days before it, in proportion to its days of service.
  private func served(
    before day: CalendarDate, rounding: Rounding
  ) -> (period: FiscalPeriod, amount: DeferredAmount) {
    let period = FiscalPeriod(containing: day)
    guard let month = months.first(where: { $0.period == period }), !isFixed(month, on: day) else {
      return (period, .zero)
    }
    let from = max(terms.service.from, period.firstDay)
    let through = min(terms.service.through, period.lastDay)
    let days = through.days(since: from) + 1
    let before = min(max(0, day.days(since: from)), max(0, days))
    guard before > 0, days > 0 else { return (period, .zero) }
    func share(_ amount: Int64) -> Int64 {
      CumulativeSplit.share(of: amount, Int64(before), over: Int64(days), rounding: rounding)
    }
    return (
      period,
      DeferredAmount(share(month.planned.amount), functional: share(month.planned.functional))
    )
  }

  private func caughtUp(
    over service: DateRange, from day: CalendarDate, rounding: Rounding
  ) -> ScheduleAmendment? {
    let from = min(terms.service.from, service.from)
    let planned = planned
    guard let range = DateRange(from: from, through: service.through),
      let anew = RevenueSchedule(planned, over: range, by: terms.method, rounding: rounding)
    else { return nil }
    var plan = Dictionary(uniqueKeysWithValues: anew.releases.map { ($0.period, $0.amount) })
    var amendment = ScheduleAmendment(movements: [])
    for month in months {
      let change = (plan.removeValue(forKey: month.period) ?? .zero) - month.planned
      amendment.add(.reshaped, month.period, change)
      if isFixed(month, on: day) {
        amendment.add(.caughtUp, month.period, -change)
        amendment.recognised += change
      }
    }
    for (period, amount) in plan.sorted(by: { $0.key < $1.key }) {
      amendment.add(.reshaped, period, amount)
      if period.lastDay < day {
        amendment.add(.caughtUp, period, -amount)
        amendment.recognised += amount
      }
    }
    return amendment
  }

  /// Recognises all that is left from `day` on: nothing more is owed.
  package func ended(on day: CalendarDate) -> ScheduleAmendment {
    var amendment = ScheduleAmendment(movements: [])
    for month in months where !isFixed(month, on: day) {
      amendment.recognised += month.unreleased
      amendment.add(.caughtUp, month.period, -month.unreleased)
    }
    return amendment
  }

  /// Recognises up to `reached` of the line's worth, all milestones together.
  ///
  /// - Returns: nil when that is less than was recognised, or more than the line is worth.
  package func reached(
    _ reached: Int64, in period: FiscalPeriod, rounding: Rounding
  ) -> ScheduleAmendment? {
    let sign = planned.amount.signum()
    guard reached * sign >= released.amount * sign, reached * sign <= planned.amount * sign else {
      return nil
    }
    return reaching(reached, in: period, rounding: rounding)
  }

  /// Brings what is recognised in all to `reached`, in one month; back where it is less.
  package func reaching(
    _ reached: Int64, in period: FiscalPeriod, rounding: Rounding
  ) -> ScheduleAmendment {
    let planned = planned
    let released = released
    let functional = CumulativeSplit.share(
      of: planned.functional, reached, over: planned.amount, rounding: rounding)
    let step = DeferredAmount(reached, functional: functional) - released
    var amendment = ScheduleAmendment(movements: [], recognised: step)
    amendment.add(.reshaped, .unscheduled, -step)
    amendment.add(.reshaped, period, step)
    amendment.add(.released, period, -step)
    return amendment
  }
}

extension ScheduleAmendment {
  fileprivate mutating func add(
    _ kind: ScheduleMovement.Kind, _ period: FiscalPeriod, _ amount: DeferredAmount
  ) {
    guard !amount.isZero else { return }
    movements.append(ScheduleMovement(kind, period, amount))
  }
}

extension Schedule {
  /// The schedule with further movements.
  package func applying(_ movements: [ScheduleMovement]) -> Schedule {
    var copy = self
    for movement in movements {
      let position =
        copy.months.firstIndex { $0.period >= movement.period } ?? copy.months.endIndex
      if position == copy.months.endIndex || copy.months[position].period != movement.period {
        copy.months.insert(ScheduleMonth(movement.period, planned: .zero), at: position)
      }
      if movement.kind.isPlan {
        copy.months[position].planned += movement.amount
      } else {
        copy.months[position].released -= movement.amount
      }
    }
    return copy
  }
}

extension Schedule {
  /// The opposite: what is owed is paid for.
  var mirrored: Schedule {
    var copy = self
    for index in copy.months.indices {
      copy.months[index].planned = -copy.months[index].planned
      copy.months[index].released = -copy.months[index].released
    }
    return copy
  }
}

extension ScheduleAmendment {
  var mirrored: ScheduleAmendment {
    ScheduleAmendment(
      movements: movements.map { ScheduleMovement($0.kind, $0.period, -$0.amount) },
      fromDeferred: -fromDeferred, fromRevenue: -fromRevenue, recognised: -recognised)
  }
}
