import Ledger

extension DocumentConversion {
  mutating func convert(_ invoice: Invoice) {
    let content = invoice.content
    let totals = content.totals
    let description = describe("Invoice")
    var taxes = checkedTaxes(of: content)
    expect(lines: content.lines.count + taxes.groups.count + 4)
    let payable = totals.payable.minorUnits
    if payable >= 0 {
      add(.receivable, payable, description: description, pointer: "/totals")
      change(document.identity, .receivable, by: payable)
    } else {
      add(.customerCredit, payable, description: description, pointer: "/totals")
      change(document.identity, .credit, by: -payable)
    }
    addPrepaid(
      content, by: invoice.prepaidBy, taxes: &taxes, description: description)
    addLines(content, taxes: taxes, sign: -1, isPrepayment: invoice.isPrepayment)
    addTaxes(taxes, sign: -1)
    add(.rounding, -totals.rounding.minorUnits, description: description, pointer: "/totals")
    finishEntry(.invoice, description: description)
    openSchedules()
    if invoice.isPrepayment {
      change(
        document.identity, .advance, by: totals.gross.minorUnits,
        functional: rate == nil ? nil : credited(.customerAdvance))
    }
    buyFromPartners(sign: -1)
  }

  /// The mirror of an invoice; its lines come first and what it settles last.
  mutating func convert(_ memo: CreditMemo) {
    let content = memo.content
    let totals = content.totals
    let description = describe("Credit memo")
    let taxes = checkedTaxes(of: content)
    expect(lines: content.lines.count + taxes.groups.count + memo.appliesTo.count + 4)
    let advances = advancesTakenBack(by: memo)
    addLines(content, taxes: taxes, sign: 1, isPrepayment: !advances.isEmpty)
    addTaxes(taxes, sign: 1)
    take(totals.gross.minorUnits, ofAdvances: advances)
    add(.rounding, totals.rounding.minorUnits, description: description, pointer: "/totals")
    let prepaid = totals.prepaid.minorUnits
    add(.unappliedCash, -prepaid, description: description, pointer: "/totals/prepaid")
    settle(memo, payable: totals.payable.minorUnits, description: description)
    finishEntry(.creditMemo, description: description)
    openSchedules()
    buyFromPartners(sign: 1)
  }

  /// The prepayment invoices that a credit memo takes back, whose advance was no revenue yet; none
  /// where it takes back other invoices.
  private mutating func advancesTakenBack(by memo: CreditMemo) -> [DocumentIdentity] {
    var found: [DocumentIdentity] = []
    var isMixed = false
    for name in memo.appliesTo.map(\.invoice) + memo.content.precedingInvoices {
      let item = document.invoiceIdentity(name)
      guard let other = references.document(item), case .invoice(let invoice) = other.body else {
        continue
      }
      if !invoice.isPrepayment {
        isMixed = true
      } else if !found.contains(item) {
        found.append(item)
      }
    }
    guard isMixed, !found.isEmpty else { return found }
    stop(
      .overSettled, pointer: "/precedingInvoices",
      detail:
        "\(document.title) takes back prepayment invoices and others at once, and does not say "
        + "how much of each",
      fix: "Have the source hand over a credit memo for the prepayment invoices alone",
      cause: "\(document.entity)")
    return []
  }

  private mutating func take(_ gross: Int64, ofAdvances items: [DocumentIdentity]) {
    var rest = gross
    for (index, item) in items.enumerated() where rest > 0 {
      let isLast = index == items.count - 1
      let part = isLast ? rest : min(rest, max(0, open(item, .advance) ?? rest))
      guard take(part, of: item, part: .advance, pointer: "/totals") != nil else { return }
      rest -= part
    }
  }

  /// Credits the receivables a credit memo applies to, and the customer's credit with the rest.
  private mutating func settle(_ memo: CreditMemo, payable: Int64, description: String) {
    if payable < 0 {
      add(.receivable, -payable, description: description, pointer: "/totals")
      change(document.identity, .receivable, by: -payable)
    }
    var rest = max(0, payable)
    for (index, application) in memo.appliesTo.enumerated() {
      let amount = application.amount.minorUnits
      guard amount <= rest else {
        stop(
          .overApplied, pointer: "/appliesTo/\(index)/amount",
          detail: "\(document.title) applies more than the \(money(payable).text) \(currency) it "
            + "is for", fix: "Correct the amounts in appliesTo", cause: "\(document.entity)")
        return
      }
      apply(amount, to: document.invoiceIdentity(application.invoice), from: &rest) {
        "/appliesTo/\(index)"
      }
    }
    if memo.appliesTo.isEmpty {
      for (index, id) in memo.content.precedingInvoices.enumerated() where rest > 0 {
        let item = document.invoiceIdentity(id)
        apply(min(rest, openReceivable(of: item)), to: item, from: &rest) {
          "/precedingInvoices/\(index)"
        }
      }
    }
    add(.customerCredit, -rest, description: description, pointer: "/totals")
    change(document.identity, .credit, by: rest)
  }

  private mutating func apply(
    _ amount: Int64, to item: DocumentIdentity, from rest: inout Int64, pointer: () -> String
  ) {
    guard amount > 0,
      let taken = take(amount, of: item, part: .receivable, pointer: pointer())
    else { return }
    addReceivable(
      -amount, functional: taken.functional.map { -$0 }, of: item, description: taken.name,
      pointer: pointer())
    rest -= amount
    addCorrectionDifference(amount, taken, of: item, pointer: pointer())
  }

  /// What an item was carried at less what its correction is booked at. A rounding of one minor
  /// unit at the item's own rate is left to the lines that absorb.
  mutating func addCorrectionDifference(
    _ amount: Int64, _ taken: Taken, of item: DocumentIdentity, pointer: String
  ) {
    guard let rate, let carried = taken.functional else { return }
    let difference = carried - converted(amount)
    let isOwnRate = references.stored(item)?.rate(in: books)?.rate == rate.rate
    if isOwnRate, abs(difference) <= 1 { return }
    addExchangeDifference(difference, description: taken.name, pointer: pointer)
  }

  /// What a customer still owes on an invoice that is here, less what this document has cleared;
  /// among assumed documents, all of it.
  private func openReceivable(of item: DocumentIdentity) -> Int64 {
    guard let other = references.document(item), case .invoice(let invoice) = other.body else {
      return 0
    }
    return max(0, open(item, .receivable) ?? invoice.content.totals.payable.minorUnits)
  }
}

extension DocumentConversion {
  /// - Parameter sign: 1 where positive net amounts are debited, -1 where credited.
  private mutating func addLines(
    _ content: BilledContent, taxes: TaxGroups, sign: Int64, isPrepayment: Bool
  ) {
    let isNet = policies.discounts == .net && !isPrepayment
    let nets = isNet ? DiscountSpread.nets(of: content.lines, taxes: taxes) : nil
    let defers = !policies.deferral.isOff && !isPrepayment
    facts.documentLines = content.lines
    facts.leaveTax()
    var current: Int?
    // Lines are read in place: copying one costs more than converting it.
    for index in content.lines.indices {
      let net = nets?[index] ?? content.lines[index].net.minorUnits
      if net == 0 { continue }
      var role: AccountRole =
        isPrepayment ? .customerAdvance : content.lines[index].kind.role
      if !isPrepayment, let other = content.lines[index].deliveredBy, other != document.entity {
        role = supplied(by: other, line: index, net: net) ?? role
      }
      facts.lineIndex = index
      facts.dimensions = content.lines[index].dimensions.filled(from: document.dimensions)
      if let group = taxes.firstGroup(ofLine: index) {
        if group != current { facts.take(taxes.groups[group].key) }
        current = group
      } else if current != nil {
        facts.leaveTax()
        current = nil
      }
      let tax = taxes.hasGroupsOnLines ? zeroTax(taxes, of: content.lines[index], -sign * net) : nil
      let description = content.lines[index].description ?? content.lines[index].product
      if defers, role != .dueTo,
        addDeferred(content, index, sign * net, as: role, tax: tax, description: description)
      {
        continue
      }
      add(
        role, sign * net, absorbs: role != .discount && role != .dueTo, tax: tax,
        description: description,
        pointer: "/lines/\(index)")
    }
    facts.leaveLine()
    facts.dimensions = document.dimensions
  }

  /// The detail that a line itself carries, because the tax is zero.
  private func zeroTax(
    _ taxes: TaxGroups, of line: DocumentLine, _ net: Int64
  ) -> JournalLine.Tax? {
    for tax in line.taxes {
      guard let position = taxes.position(of: tax), taxes.groups[position].isOnLines else {
        continue
      }
      return JournalLine.Tax(taxes.groups[position].key, base: money(net))
    }
    return nil
  }
}

extension DocumentConversion {
  /// The taxes of a document; each is checked against base and rate, never computed again.
  private mutating func checkedTaxes(of content: BilledContent) -> TaxGroups {
    let known = ruleBook.taxCodes
    let check = TaxCheck(tolerance: policies.taxTolerance, currency: currency)
    let taxes = TaxGroups(
      content, known: known, functionalCurrency: functionalCurrency, check: check)
    for fault in taxes.faults {
      let line = fault.line.map { content.lines[$0] }
      let tax = line?.taxes[fault.place] ?? content.documentTaxes[fault.place]
      stopTax(
        tax, fault.difference, check: check, where: line.map { "line \($0.id)" } ?? "the whole",
        fault.line.map { "/lines/\($0)/taxes/\(fault.place)" } ?? "/documentTaxes/\(fault.place)")
    }
    for fault in taxes.accountingFaults {
      let place = content.documentTaxes.firstIndex { $0.accountingAmount == fault.stated }
      stopAccounting(fault, place.map { "/documentTaxes/\($0)/accountingAmount" } ?? "/lines")
    }
    if !known.isEmpty {
      for group in taxes.groups where known[group.key.code] == nil {
        stop(
          .unknownTaxCode, pointer: taxes.isByDocument ? "/documentTaxes" : "/lines",
          detail: "\(document.title) uses the tax code \(group.key.code), which the configuration "
            + "does not have",
          fix: "Add \(group.key.code) to taxes.yaml, or correct the document",
          cause: "\(document.entity) \(group.key.code)")
      }
    }
    return taxes
  }

  private mutating func stopTax(
    _ tax: TaxDetail, _ difference: Money, check: TaxCheck, where place: String, _ pointer: String
  ) {
    let rate = tax.rate ?? ruleBook.taxCodes[tax.code]?.rate ?? .zero
    stop(
      .taxDifference, pointer: pointer + "/amount",
      detail: "The tax \(tax.code) on \(place) of \(document.title) is "
        + "\(tax.amount?.text ?? "") \(currency), which is \(difference.text) away from \(rate) "
        + "per cent of \(tax.base?.text ?? ""); the tolerance is \(check.tolerance)",
      fix: "Have the source correct the tax, or raise the entity's taxTolerance",
      cause: "\(document.entity) \(tax.code)", amount: difference.magnitude)
  }

  /// The tax in accounting currency cannot be kept with the tax line.
  private mutating func stopAccounting(_ fault: TaxGroups.AccountingFault, _ pointer: String) {
    guard case .tooManyDecimals(let allowed) = fault.reason else { return stopTooLarge() }
    let accounting = fault.stated.currency ?? functionalCurrency
    let origin =
      fault.stated.currency == nil
      ? "the functional currency of \(document.entity)" : "which it names"
    stop(
      .totalsMismatch, pointer: pointer,
      detail: "The tax \(fault.tax) of \(document.title) in accounting currency is "
        + "\(fault.stated.value), but \(accounting), \(origin), has \(allowed) decimals",
      fix: "Have the source state it in \(accounting), or name its currency as accountingCurrency",
      cause: "\(document.entity) accountingAmount \(accounting)")
  }

  /// - Parameter sign: 1 where positive taxes are debited, -1 where credited.
  private mutating func addTaxes(_ taxes: TaxGroups, sign: Int64) {
    for group in taxes.groups {
      addTax(group, sign: sign)
    }
    facts.leaveTax()
  }

  /// Adds the line of one tax; one of zero gives none.
  ///
  /// - Parameter functional: what the tax is carried at; nil where it is converted.
  mutating func addTax(_ group: TaxGroup, sign: Int64, functional: Int64? = nil) {
    guard let amount = Int64(exactly: group.amount), let base = Int64(exactly: group.base) else {
      return stopTooLarge()
    }
    facts.take(group.key)
    var accounting: Money?
    if let stated = group.accounting {
      guard let units = Int64(exactly: stated.amount) else { return stopTooLarge() }
      accounting = Money(minorUnits: -sign * units, stated.currency)
    }
    let tax = JournalLine.Tax(
      group.key, base: money(-sign * base), accountingAmount: accounting)
    if policies.taxAtOfficialRate, let rate, let accounting, accounting.currency == rate.to,
      amount != 0
    {
      return addTaxAtOfficialRate(
        sign * amount, -accounting.minorUnits,
        booked: functional.map { sign * $0 } ?? converted(sign * amount), tax: tax)
    }
    add(
      .taxPayable, sign * amount, functional: functional.map { sign * $0 }, tax: tax,
      description: group.key.code, pointer: "/totals/tax")
  }

  /// The functional tax is what the document states; what the booking rate would have given goes to
  /// `taxFXDifference`.
  private mutating func addTaxAtOfficialRate(
    _ amount: Int64, _ official: Int64, booked: Int64, tax: JournalLine.Tax
  ) {
    add(
      .taxPayable, amount, functional: official, tax: tax, description: tax.code,
      pointer: "/totals/tax")
    add(
      .taxFXDifference, 0, functional: booked - official, description: tax.code,
      pointer: "/totals/tax")
  }
}

extension LineFacts {
  mutating func take(_ key: TaxKey) {
    taxCode = key.code
    taxCategory = key.category
    taxRate = key.rate
    jurisdiction = key.jurisdiction
  }
}

extension JournalLine.Tax {
  init(_ key: TaxKey, base: Money, accountingAmount: Money? = nil) {
    self.init(
      code: key.code, category: key.category, rate: key.rate, base: base,
      jurisdiction: key.jurisdiction, accountingAmount: accountingAmount)
  }
}

extension DocumentLine.Kind {
  /// Where its net goes when it is not deferred.
  fileprivate var role: AccountRole {
    switch self {
    case .charge, .fee, .usage: .revenue
    case .discount: .discount
    case .lateFee: .otherIncome
    case .platformFee: .platformFeeIncome
    }
  }
}
