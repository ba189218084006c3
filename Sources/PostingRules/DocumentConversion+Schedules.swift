import Ledger

/// What a document does to schedules, while it is converted.
struct ScheduleWork {
  /// A line whose schedule is made when its functional amount is known.
  struct Pending {
    /// The place of its line in the entry.
    var place: Int
    var terms: ScheduleTerms
  }

  var pending: [Pending] = []
  /// Schedules as this document has left them so far.
  var amended: [ScheduleNumber: Schedule] = [:]
}

// MARK: Lines of invoices and credit memos

extension DocumentConversion {
  /// Defers a line, or credits the schedules of the lines it takes back.
  ///
  /// - Parameters:
  ///   - amount: debits positive.
  ///   - role: where the line's revenue, or its cost, goes.
  ///   - deferredRole: where it stands until then; cost is the mirror of revenue.
  /// - Returns: false when the line is recognised at once.
  mutating func addDeferred(
    _ content: BilledContent, _ index: Int, _ amount: Int64, as role: AccountRole,
    on deferredRole: AccountRole = .deferredRevenue, tax: JournalLine.Tax?, description: String
  ) -> Bool {
    let line = content.lines[index]
    let pointer = "/lines/\(index)"
    if (amount > 0) == (deferredRole == .deferredRevenue) {
      let invoices = creditedInvoices(content)
      let found = schedules(of: invoices, for: line, on: deferredRole)
      if !found.isEmpty {
        return credit(amount, to: found, line, tax: tax, description: description, pointer)
      }
      // What the invoice recognised at once is taken back at once.
      if invoices.contains(where: { references.stored($0) != nil }) { return false }
    }
    guard let method = policies.deferral.method(product: line.product, family: line.family) else {
      return false
    }
    let service: DateRange
    if let own = line.servicePeriod {
      // Usage is billed when it is over: there is nothing left to defer.
      if line.kind == .usage, method.isByTime, own.through < postingDate { return false }
      service = own
    } else {
      guard !method.isByTime, let day = DateRange(from: postingDate, through: postingDate) else {
        return false
      }
      service = day
    }
    guard method.isTaken(over: service) else {
      stopTooLong(service, line, pointer)
      return true
    }
    if method == .usage, line.soldUsage.map({ $0.quantity <= .zero }) ?? true {
      stopWithoutQuantity(line, pointer)
      return true
    }
    let place = lineCount
    guard let recognised = account(role, amount: amount, pointer: pointer),
      let deferred = account(deferredRole, amount: amount, pointer: pointer)
    else { return true }
    add(deferred, amount, tax: tax, description: description)
    schedules.pending.append(
      ScheduleWork.Pending(
        place: place,
        terms: ScheduleTerms(
          entity: entity.rules.entity.id, ledger: ledger.name, line: line.id,
          product: line.product, customer: document.customer?.id, contract: document.contract,
          method: method, service: service, usage: method == .usage ? line.soldUsage : nil,
          currency: currency, functionalCurrency: functionalCurrency, rate: rate,
          deferred: deferred, recognised: recognised, description: description)))
    return true
  }

  private mutating func stopTooLong(
    _ service: DateRange, _ line: DocumentLine, _ pointer: String
  ) {
    stop(
      .servicePeriodTooLong, pointer: pointer + "/servicePeriod",
      detail: "Line \(line.id) of \(document.title) is for \(service.from) to \(service.through), "
        + "more than \(DeferralMethod.maximumMonths) months",
      fix: "Have the source correct the service period", cause: "\(document.entity) \(line.id)",
      amount: line.net.magnitude)
  }

  private mutating func stopWithoutQuantity(_ line: DocumentLine, _ pointer: String) {
    stop(
      .usageQuantityMissing, pointer: pointer + "/quantity",
      detail:
        "Line \(line.id) of \(document.title) is released by usage, and does not say how much "
        + "it sells",
      fix: "Have the source state the quantity, or give \(line.product) another method under "
        + "deferralExceptions",
      cause: "\(document.entity) \(line.product)", amount: line.net.magnitude)
  }

  /// Makes the schedules of the entry just finished, and releases at once what is for months that
  /// ended before its posting date.
  mutating func openSchedules() {
    defer { schedules.pending = [] }
    guard !schedules.pending.isEmpty, let entry = lastEntry else { return }
    var parts: [ScheduleEntry.Part] = []
    for pending in schedules.pending {
      let line = entry.lines[pending.place]
      let sign: Int64 = line.side == .credit ? 1 : -1
      let total = DeferredAmount(
        sign * line.amount.minorUnits, functional: sign * line.functionalAmount.minorUnits)
      guard
        let schedule = RevenueSchedule(
          total, over: pending.terms.service, by: pending.terms.method,
          rounding: policies.rounding)
      else { continue }
      var movements: [ScheduleMovement] = []
      var late = DeferredAmount.zero
      for release in schedule.releases where !release.amount.isZero {
        movements.append(ScheduleMovement(.opened, release.period, release.amount))
        guard release.period.lastDay < postingDate else { continue }
        movements.append(ScheduleMovement(.caughtUp, release.period, -release.amount))
        late += release.amount
      }
      effects.schedules.append(
        ScheduleChange(.new(pending.terms), movements, postingDate: postingDate))
      if !late.isZero { parts.append(ScheduleEntry.Part(pending.terms, late)) }
    }
    finishRecognition(.deferralCatchUp, parts, description: describe("Revenue of earlier months"))
  }

  /// Makes an entry of what is recognised, at the rate of what was deferred.
  mutating func finishRecognition(
    _ kind: EntryKind, _ parts: [ScheduleEntry.Part], description: String
  ) {
    var rest = parts
    while let first = rest.first {
      var head = head(kind, description: description)
      head.currency = first.terms.currency
      head.rate = first.terms.rate
      let same = rest.filter { $0.terms.rate == head.rate && $0.terms.currency == head.currency }
      rest.removeAll { $0.terms.rate == head.rate && $0.terms.currency == head.currency }
      if let entry = ScheduleEntry.entry(head, same) { finish(entry) }
    }
  }
}

// MARK: Schedules of other documents

extension DocumentConversion {
  /// The invoices whose lines a credit line may take back.
  private func creditedInvoices(_ content: BilledContent) -> [DocumentIdentity] {
    var names = content.precedingInvoices
    if case .creditMemo(let memo) = document.body { names += memo.appliesTo.map(\.invoice) }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.map { document.invoiceIdentity($0) }
  }

  /// The schedules of documents as they stand after what this document did to them.
  private func schedules(of documents: [DocumentIdentity]) -> [Schedule] {
    documents.flatMap { references.stored($0)?.schedules ?? [] }.filter { isOfTheseBooks($0) }
      .map { schedules.amended[$0.number] ?? $0 }
  }

  func isOfTheseBooks(_ schedule: Schedule) -> Bool {
    schedule.terms.entity == entity.rules.entity.id && schedule.terms.ledger == ledger.name
  }

  /// Those of the same product; of them the one with the line's id, else those of its period.
  private func schedules(
    of documents: [DocumentIdentity], for line: DocumentLine, on role: AccountRole
  ) -> [Schedule] {
    let all = schedules(of: documents).filter {
      $0.terms.product == line.product && $0.terms.currency == currency
        && $0.terms.deferred.role == role && $0.planned.amount.signum() == role.scheduleSign
    }
    if all.count < 2 { return all }
    if let own = all.first(where: { $0.terms.line == line.id }) { return [own] }
    guard let period = line.servicePeriod else { return all }
    let touched = all.filter {
      $0.terms.service.from <= period.through && period.from <= $0.terms.service.through
    }
    return touched.isEmpty ? all : touched
  }

  private mutating func credit(
    _ amount: Int64, to found: [Schedule], _ line: DocumentLine, tax: JournalLine.Tax?,
    description: String, _ pointer: String
  ) -> Bool {
    let shares = money(abs(amount)).shared(by: found.map { abs($0.planned.amount) })
    var tax = tax
    for (schedule, share) in zip(found, shares) where !share.isZero {
      let isCost = schedule.terms.deferred.role != .deferredRevenue
      guard
        var amendment = (isCost ? schedule.mirrored : schedule).credited(
          share.minorUnits, over: line.servicePeriod, policies.creditReshaping, on: postingDate,
          rounding: policies.rounding)
      else {
        stop(
          .creditBeyondLine, pointer: pointer + "/net",
          detail: "\(document.title) takes \(money(abs(amount)).text) \(currency) off "
            + "\(schedule.terms.product) of \(schedule.reference), which is worth only "
            + "\(money(found.map(\.planned).sum.amount).text) \(currency) now",
          fix: "Have the source correct the amount, or name the invoice it is for",
          cause: "\(document.entity) \(schedule.document)", amount: money(amount))
        return true
      }
      if isCost { amendment = amendment.mirrored }
      add(
        schedule.terms.deferred, amendment.fromDeferred.amount,
        functional: amendment.fromDeferred.functional, tax: tax, description: description)
      if amendment.fromDeferred.amount != 0 { tax = nil }
      add(
        schedule.terms.recognised, amendment.fromRevenue.amount, tax: tax,
        description: description)
      if amendment.fromRevenue.amount != 0 { tax = nil }
      amend(schedule, amendment)
    }
    return true
  }

  /// Debits the deferred revenue of what will not be delivered, because nobody pays for it.
  ///
  /// - Parameter gross: what is given up, tax included.
  /// - Returns: what was debited.
  mutating func takeUndelivered(
    of invoices: [DocumentIdentity], within gross: Int64
  ) -> DeferredAmount {
    let found = schedules(of: invoices).filter { $0.terms.currency == currency }
    guard !found.isEmpty else { return .zero }
    let open = found.map { max(0, $0.open(on: postingDate).amount) }
    let net = open.indices.reduce(Int64(0)) { $0 + open[$1] }
    let limit = min(net, netShare(of: gross, in: invoices))
    guard limit > 0 else { return .zero }
    var taken = DeferredAmount.zero
    let shares = money(limit).shared(by: open)
    for (schedule, share) in zip(found, shares) where !share.isZero {
      guard
        let amendment = schedule.cancelled(
          share.minorUnits, on: postingDate, rounding: policies.rounding)
      else { continue }
      add(
        schedule.terms.deferred, amendment.fromDeferred.amount,
        functional: amendment.fromDeferred.functional, description: schedule.terms.description)
      amend(schedule, amendment)
      taken += amendment.fromDeferred
    }
    return taken
  }

  /// What of an amount with tax is net, as its invoices are composed.
  private func netShare(of gross: Int64, in invoices: [DocumentIdentity]) -> Int64 {
    var net: Int128 = 0
    var whole: Int128 = 0
    for item in invoices {
      guard case .invoice(let invoice)? = references.document(item)?.body else { continue }
      net += Int128(invoice.content.totals.net.minorUnits)
      whole += Int128(invoice.content.totals.gross.minorUnits)
    }
    guard net > 0, whole > 0 else { return gross }
    return Int64(policies.rounding.divide(Int128(gross) * net, by: whole))
  }

  mutating func amend(_ schedule: Schedule, _ amendment: ScheduleAmendment) {
    guard !amendment.movements.isEmpty else { return }
    schedules.amended[schedule.number] = schedule.applying(amendment.movements)
    effects.schedules.append(
      ScheduleChange(
        .existing(schedule.number, of: schedule.document), amendment.movements,
        postingDate: postingDate))
  }
}

extension AccountRole {
  /// Whether schedules of the role hold what is owed (1) or what is paid for (-1).
  fileprivate var scheduleSign: Int64 { self == .deferredRevenue ? 1 : -1 }
}

extension DocumentLine {
  /// What it sold in advance, where usage is measured against it; nil without a quantity.
  fileprivate var soldUsage: ScheduleUsage? {
    (usage?.quantity ?? quantity).map { ScheduleUsage(meter: usage?.meter, quantity: $0) }
  }
}

extension Document.Body {
  /// Whether entries of the body are made at a rate of its own; others keep that of what they amend.
  var hasRate: Bool {
    switch self {
    case .contractChange, .milestone: false
    default: true
    }
  }
}
