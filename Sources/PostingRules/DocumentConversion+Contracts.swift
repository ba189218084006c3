import Ledger

// What a contract's schedules are told by later documents. Where one entity bills and another
// renders, the document is the biller's, and each side amends its own schedules.

extension DocumentConversion {
  /// The remaining lines of a contract as they now are: what is left of each product is spread over
  /// its line's period; what has no line any more is recognised, because nothing more is owed.
  mutating func convert(_ change: ContractChange) {
    let contract = references.schedules(ofContract: change.contract)
    guard !contract.isEmpty else { return stopUnknownContract(change.contract) }
    for (index, line) in change.lines.enumerated()
    where !contract.contains(where: { $0.terms.product == line.product }) {
      stopUnknownLine(line.product, of: change.contract, "/lines/\(index)/product")
    }
    var parts: [ScheduleEntry.Part] = []
    for schedule in contract where isOfTheseBooks(schedule) {
      let amendment: ScheduleAmendment?
      if let index = change.lines.firstIndex(where: { $0.product == schedule.terms.product }) {
        guard let service = change.lines[index].servicePeriod else { continue }
        amendment = schedule.respread(
          over: service, from: change.effective, policies.contractChange,
          rounding: policies.rounding)
        if amendment == nil { stopNoMonths(service, change, "/lines/\(index)/servicePeriod") }
      } else {
        amendment = schedule.ended(on: change.effective)
      }
      guard let amendment else { continue }
      amend(schedule, amendment)
      if !amendment.recognised.isZero {
        parts.append(ScheduleEntry.Part(schedule.terms, amendment.recognised))
      }
    }
    finishRecognition(.deferralCatchUp, parts, description: describe("Contract change"))
  }

  /// Recognises what a milestone has reached, all earlier ones included.
  mutating func convert(_ milestone: Milestone) {
    let contract = references.schedules(ofContract: milestone.contract)
    guard !contract.isEmpty else { return stopUnknownContract(milestone.contract) }
    let line = contract.filter {
      $0.terms.line == milestone.line && $0.terms.method == .milestone
    }
    guard !line.isEmpty else {
      return stopUnknownLine(milestone.line, of: milestone.contract, "/line")
    }
    if case .amount = milestone.reached,
      let other = line.first(where: { $0.terms.currency != currency })
    {
      return stop(
        .settlementCurrency, pointer: "/currency",
        detail: "\(document.title) states an amount in \(currency), but line \(milestone.line) of "
          + "\(other.reference) is in \(other.terms.currency)",
        fix: "State the amount in \(other.terms.currency), or a percentage",
        cause: "\(document.entity) \(milestone.contract) \(currency)")
    }
    let period = FiscalPeriod(containing: postingDate)
    var parts: [ScheduleEntry.Part] = []
    for (schedule, reached) in reached(milestone, in: line) {
      guard
        let amendment = schedule.reached(reached, in: period, rounding: policies.rounding)
      else {
        stopMilestone(milestone, schedule, reached)
        continue
      }
      amend(schedule, amendment)
      parts.append(ScheduleEntry.Part(schedule.terms, amendment.recognised))
    }
    finishRecognition(.deferralRelease, parts, description: describe("Milestone"))
  }

  /// How much of each schedule of these books a milestone has reached.
  ///
  /// An amount is of what the customer was billed. It is dealt out to the schedules that hold this,
  /// the first first; what was bought for the line, and what a partner gets for it at its own price,
  /// follows in proportion.
  private func reached(
    _ milestone: Milestone, in line: [Schedule]
  ) -> [(schedule: Schedule, amount: Int64)] {
    let own = line.filter { isOfTheseBooks($0) }
    let amount: Int64
    switch milestone.reached {
    case .percent(let percent):
      return own.map {
        ($0, CumulativeSplit.percent(percent, of: $0.planned.amount, rounding: policies.rounding))
      }
    case .amount(let reached): amount = reached.minorUnits
    }
    let billed = own.filter(\.isOfCustomer)
    let worth = worthToCustomer(line)
    var left = amount
    var result: [(Schedule, Int64)] = []
    for schedule in billed {
      let part = schedule == billed.last ? left : min(left, schedule.planned.amount)
      left -= part
      result.append((schedule, part))
    }
    for schedule in own where !schedule.isOfCustomer {
      result.append(
        (
          schedule,
          CumulativeSplit.share(
            of: schedule.planned.amount, amount, over: worth, rounding: policies.rounding)
        ))
    }
    return result
  }

  /// What the customer was billed for a line: as the biller's schedules have it, in this ledger or
  /// another, and where it has none, as its invoices say.
  private func worthToCustomer(_ line: [Schedule]) -> Int64 {
    let billed = line.filter(\.isOfCustomer)
    for ledger in [ledger.name] + billed.map(\.terms.ledger) {
      let here = billed.filter { $0.terms.ledger == ledger }
      if !here.isEmpty { return here.map(\.planned).sum.amount }
    }
    var worth: Int64 = 0
    for identity in Set(line.map(\.document)) {
      guard let content = references.document(identity)?.billedContent else { continue }
      for billed in content.lines where line.contains(where: { $0.terms.line == billed.id }) {
        worth += billed.net.minorUnits
      }
    }
    return worth
  }

  private mutating func stopUnknownContract(_ contract: String) {
    stop(
      .contractUnknown, pointer: "/contract",
      detail: "\(document.title) is about the contract \(contract), of which \(document.entity) "
        + "has no invoice with deferred revenue",
      fix: "Hand the contract's invoices over first, then retry, or correct the contract",
      cause: "\(document.entity) \(contract)")
  }

  private mutating func stopUnknownLine(_ line: String, of contract: String, _ pointer: String) {
    stop(
      .contractLineUnknown, pointer: pointer,
      detail: "\(document.title) names \(line), for which the contract \(contract) has no "
        + "schedule that it could amend",
      fix: "Hand the invoice of it over first, then retry, or correct the document",
      cause: "\(document.entity) \(contract) \(line)")
  }

  private mutating func stopNoMonths(
    _ service: DateRange, _ change: ContractChange, _ pointer: String
  ) {
    stop(
      .servicePeriodTooLong, pointer: pointer,
      detail: "\(document.title) spreads what is left over \(service.from) to "
        + "\(service.through), which has no open month from \(change.effective) on, or more than "
        + "\(DeferralMethod.maximumMonths)",
      fix: "Have the source correct the period", cause: "\(document.entity) \(change.contract)")
  }

  private mutating func stopMilestone(
    _ milestone: Milestone, _ schedule: Schedule, _ reached: Int64
  ) {
    let currency = schedule.terms.currency
    func text(_ units: Int64) -> String { Money(minorUnits: units, currency).description }
    stop(
      .milestoneMismatch,
      pointer: { if case .percent = milestone.reached { "/percent" } else { "/amount" } }(),
      detail: "\(document.title) reaches \(text(reached)) of line \(milestone.line) of "
        + "\(schedule.reference), of which \(text(schedule.released.amount)) are recognised and "
        + "\(text(schedule.planned.amount)) are the whole",
      fix: "State what all milestones so far have reached together, between these two",
      cause: "\(document.entity) \(milestone.contract) \(milestone.line)",
      amount: Money(minorUnits: abs(reached), currency))
  }
}

extension Schedule {
  /// Whether it holds what the customer was billed, rather than what a partner gets for it.
  fileprivate var isOfCustomer: Bool {
    terms.deferred.role == .deferredRevenue && terms.recognised.role != .intercompanyRevenue
  }
}

extension Document {
  fileprivate var billedContent: BilledContent? {
    switch body {
    case .invoice(let invoice): invoice.content
    case .creditMemo(let memo): memo.content
    default: nil
    }
  }
}
