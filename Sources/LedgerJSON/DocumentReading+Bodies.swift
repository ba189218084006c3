import Ledger
import StrictJSON

extension DocumentReading {
  /// What one type of document says beyond the envelope.
  mutating func body(
    _ slots: Slots<RootField>, of type: DocumentType, contract: String?
  ) -> Document.Body? {
    switch type {
    case .invoice: invoice(slots).map { .invoice($0) }
    case .creditMemo: creditMemo(slots).map { .creditMemo($0) }
    case .payment: payment(slots).map { .payment($0) }
    case .refund: refund(slots).map { .refund($0) }
    case .chargeback: chargeback(slots).map { .chargeback($0) }
    case .writeOff: writeOff(slots).map { .writeOff($0) }
    case .payout: payout(slots).map { .payout($0) }
    case .application: application(slots).map { .application($0) }
    case .void: voided(slots).map { .void(of: $0) }
    case .milestone: milestone(slots, contract: contract).map { .milestone($0) }
    case .contractChange: contractChange(slots, contract: contract).map { .contractChange($0) }
    case .ratedUsage: ratedUsage(slots).map { .ratedUsage($0) }
    case .withholdingCertificate:
      withholdingCertificate(slots).map { .withholdingCertificate($0) }
    case .netting: netting(slots).map { .netting($0) }
    case .periodRun: periodRun(slots).map { .periodRun($0) }
    }
  }

  private mutating func invoice(_ slots: Slots<RootField>) -> Invoice? {
    let dueDate = date(slots[.dueDate])
    let content = billedContent(slots)
    let isPrepayment = slots[.prepayment].map { bool($0) } ?? false
    let prepaidBy = list(slots[.prepaidBy], limit: options.maximumLines) { $0.credit($1) }
    guard let content, let isPrepayment else { return nil }
    return Invoice(
      dueDate: dueDate, content: content, isPrepayment: isPrepayment, prepaidBy: prepaidBy ?? [])
  }

  private mutating func credit(_ node: Int) -> Invoice.Credit? {
    guard let slots = fields(of: node, CreditField.self) else { return nil }
    let amount = self.amount(required(.amount, slots, in: node))
    let from = origin(slots, .payment, .creditMemo, at: node)
    guard let amount, let from else { return nil }
    return Invoice.Credit(from: from, amount: amount)
  }

  private mutating func creditMemo(_ slots: Slots<RootField>) -> CreditMemo? {
    let content = billedContent(slots)
    let before = problems.count
    let appliesTo = list(slots[.appliesTo], limit: options.maximumLines) { $0.settlement($1) }
    guard let content else { return nil }
    if let appliesTo, let node = slots[.appliesTo], problems.count == before, !isStored,
      !content.totals.gross.isNegative
    {
      let applied = minorUnits(appliesTo.lazy.map(\.amount))
      if applied > max(0, Int128(content.totals.payable.minorUnits)) {
        note(
          "over_applied", at: node,
          "The credit memo applies more than its payable amount of \(content.totals.payable)",
          fix: "Apply no more than the credit memo is worth")
      }
    }
    return CreditMemo(content: content, appliesTo: appliesTo ?? [])
  }

  private mutating func settlement(_ node: Int) -> CreditMemo.Settlement? {
    guard let slots = fields(of: node, SettlementField.self) else { return nil }
    let invoice = identifier(required(.invoice, slots, in: node))
    let amount = self.amount(required(.amount, slots, in: node))
    guard let invoice, let amount else { return nil }
    return CreditMemo.Settlement(invoice: invoice, amount: amount)
  }

  // MARK: Money received and given back

  private mutating func payment(_ slots: Slots<RootField>) -> Payment? {
    let root = BorrowedJSON.root
    let before = problems.count
    let amount = self.amount(required(.amount, slots, in: root))
    let method = value(required(.method, slots, in: root), PaymentMethod.self)
    let account = identifier(required(.account, slots, in: root))
    let fees = self.fees(slots[.fees])
    let withholding = list(slots[.withholding], limit: options.maximumLines) { $0.withholding($1) }
    let applications = list(slots[.applications], limit: options.maximumLines) {
      $0.invoiceApplication($1)
    }
    let collectedFor = entity(slots[.collectedFor])
    let isAdvance = slots[.prepayment].map { bool($0) } ?? false
    guard let amount, let method, let account, let isAdvance else { return nil }
    let payment = Payment(
      amount: amount, method: method, account: account, fees: fees ?? [],
      withholding: withholding ?? [], applications: applications ?? [], collectedFor: collectedFor,
      isAdvance: isAdvance)
    if problems.count == before, !isStored, let node = slots[.applications] {
      checkApplied(payment, at: node)
    }
    return payment
  }

  private mutating func checkApplied(_ payment: Payment, at node: Int) {
    let available =
      Int128(payment.amount.minorUnits) + minorUnits(payment.withholding.lazy.map(\.amount))
    let applied = minorUnits(payment.applications.lazy.map(\.amount))
    guard applied > available else { return }
    let excess = Int64(exactly: applied - available)
      .map { Money(minorUnits: $0, payment.amount.currency).description }
    note(
      "over_applied", at: node,
      "The applications exceed the amount and its withholding by \(excess ?? "too much to keep")",
      fix: "Apply no more than was paid and withheld; a discount goes into discount")
  }

  private mutating func invoiceApplication(_ node: Int) -> InvoiceApplication? {
    guard let slots = fields(of: node, InvoiceApplicationField.self) else { return nil }
    let invoice = identifier(required(.invoice, slots, in: node))
    let amount = self.amount(required(.amount, slots, in: node))
    let discount = self.amount(slots[.discount])
    let inInvoiceCurrency = amountInUnknownCurrency(slots[.amountInInvoiceCurrency])
    guard let invoice, let amount else { return nil }
    return InvoiceApplication(
      invoice: invoice, amount: amount, discount: discount,
      amountInInvoiceCurrency: inInvoiceCurrency)
  }

  private mutating func fees(_ node: Int?) -> [Fee]? {
    list(node, limit: options.maximumLines) { reading, node in
      guard let slots = reading.fields(of: node, FeeField.self) else { return nil }
      let kind = reading.identifier(reading.required(.kind, slots, in: node))
      let amount = reading.amount(reading.required(.amount, slots, in: node))
      let tax = slots[.tax].map { reading.feeTax($0) }
      guard let kind, let amount else { return nil }
      if let tax, let tax, tax.amount > amount, !reading.isStored, let place = slots[.tax] {
        reading.note(
          "out_of_range", at: place, "The tax of \(tax.amount) is more than the fee of \(amount)",
          fix: "Send the fee with its tax included")
      }
      return Fee(kind: kind, amount: amount, tax: tax ?? nil)
    }
  }

  private mutating func feeTax(_ node: Int) -> Fee.Tax? {
    guard let slots = fields(of: node, FeeTaxField.self) else { return nil }
    let code = identifier(required(.code, slots, in: node))
    let amount = self.amount(required(.amount, slots, in: node))
    guard let code, let amount else { return nil }
    return Fee.Tax(code: code, amount: amount)
  }

  private mutating func withholding(_ node: Int) -> Withholding? {
    guard let slots = fields(of: node, WithholdingField.self) else { return nil }
    let code = identifier(required(.code, slots, in: node))
    let amount = self.amount(required(.amount, slots, in: node))
    guard let code, let amount else { return nil }
    return Withholding(code: code, amount: amount)
  }

  private mutating func refund(_ slots: Slots<RootField>) -> Refund? {
    let root = BorrowedJSON.root
    let amount = self.amount(required(.amount, slots, in: root))
    let account = identifier(required(.account, slots, in: root))
    let origin = self.origin(required(.of, slots, in: root))
    let stage = slots[.stage].map { value($0, Refund.Stage.self) } ?? .issued
    let fees = self.fees(slots[.fees])
    let original = amountInUnknownCurrency(slots[.amountInOriginalCurrency])
    guard let amount, let account, let origin, let stage else { return nil }
    return Refund(
      amount: amount, account: account, of: origin, stage: stage, fees: fees ?? [],
      amountInOriginalCurrency: original)
  }

  /// A payment or a credit memo, exactly one of them.
  private mutating func origin(_ node: Int?) -> DocumentIdentity? {
    guard let node, let slots = fields(of: node, OriginField.self) else { return nil }
    return origin(slots, .payment, .creditMemo, at: node)
  }

  private mutating func origin<F: Field>(
    _ slots: Slots<F>, _ first: F, _ second: F, at node: Int
  ) -> DocumentIdentity? {
    let payment = identifier(slots[first])
    let memo = identifier(slots[second])
    guard (slots[first] == nil) != (slots[second] == nil) else {
      noteNotOne(slots, first, second, at: json.pointer(to: node))
      return nil
    }
    if let payment { return DocumentIdentity(source: source, type: .payment, id: payment) }
    return memo.map { DocumentIdentity(source: source, type: .creditMemo, id: $0) }
  }

  private mutating func noteNotOne<F: Field>(
    _ slots: Slots<F>, _ first: F, _ second: F, at pointer: String
  ) {
    note(
      "exactly_one", at: pointer,
      slots[first] == nil
        ? "Neither \(first) nor \(second) is there" : "Both \(first) and \(second) are there",
      fix: "Send one of \(first) and \(second)")
  }

  private mutating func chargeback(_ slots: Slots<RootField>) -> Chargeback? {
    let root = BorrowedJSON.root
    let amount = self.amount(required(.amount, slots, in: root))
    let payment = identifier(required(.payment, slots, in: root))
    let fee = self.amount(slots[.fee])
    let stage = value(required(.stage, slots, in: root), Chargeback.Stage.self)
    let account = identifier(slots[.account])
    let original = amountInUnknownCurrency(slots[.amountInOriginalCurrency])
    guard let amount, let payment, let stage else { return nil }
    return Chargeback(
      amount: amount, payment: DocumentIdentity(source: source, type: .payment, id: payment),
      fee: fee, stage: stage, account: account, amountInOriginalCurrency: original)
  }

  private mutating func writeOff(_ slots: Slots<RootField>) -> WriteOff? {
    let root = BorrowedJSON.root
    let invoice = identifier(required(.invoice, slots, in: root))
    let amount = self.amount(required(.amount, slots, in: root))
    let reason = text(required(.reason, slots, in: root))
    let isRecovery = slots[.recovery].map { bool($0) } ?? false
    let account = identifier(slots[.account])
    let original = amountInUnknownCurrency(slots[.amountInOriginalCurrency])
    guard let invoice, let amount, let reason, let isRecovery else { return nil }
    if account != nil, !isRecovery, let place = slots[.account] {
      note(
        "account_without_recovery", at: place, "Only a recovery names an account",
        fix: "Leave account out, or say recovery: true")
    }
    if original != nil, !isRecovery, let place = slots[.amountInOriginalCurrency] {
      note(
        "account_without_recovery", at: place,
        "Only a recovery may be in another currency than its invoice",
        fix:
          "Leave amountInOriginalCurrency out and state the amount in the invoice's currency, or "
          + "say recovery: true")
    }
    return WriteOff(
      invoice: DocumentIdentity(source: source, type: .invoice, id: invoice), amount: amount,
      reason: reason, isRecovery: isRecovery, account: account,
      amountInOriginalCurrency: original)
  }

  private mutating func payout(_ slots: Slots<RootField>) -> Payout? {
    let root = BorrowedJSON.root
    let from = identifier(required(.from, slots, in: root))
    let to = identifier(required(.to, slots, in: root))
    let amount = self.amount(required(.amount, slots, in: root))
    let fees = self.fees(slots[.fees])
    let items = list(slots[.items], limit: options.maximumLines) { $0.identifier($1) }
    guard let from, let to, let amount else { return nil }
    return Payout(from: from, to: to, amount: amount, fees: fees ?? [], items: items ?? [])
  }

  private mutating func withholdingCertificate(
    _ slots: Slots<RootField>
  ) -> WithholdingCertificate? {
    let root = BorrowedJSON.root
    let payment = identifier(required(.payment, slots, in: root))
    let code = identifier(required(.code, slots, in: root))
    let amount = self.amount(required(.amount, slots, in: root))
    let outcome = value(
      required(.outcome, slots, in: root), WithholdingCertificate.Outcome.self)
    guard let payment, let code, let amount, let outcome else { return nil }
    return WithholdingCertificate(
      payment: DocumentIdentity(source: source, type: .payment, id: payment), code: code,
      amount: amount, outcome: outcome)
  }

  private mutating func netting(_ slots: Slots<RootField>) -> Netting? {
    let root = BorrowedJSON.root
    let partner = identifier(required(.partner, slots, in: root))
    let dueTo = self.amount(required(.dueTo, slots, in: root))
    let dueFrom = self.amount(required(.dueFrom, slots, in: root))
    let account = identifier(slots[.account])
    let partnerAccount = identifier(slots[.partnerAccount])
    guard let partner, let dueTo, let dueFrom else { return nil }
    if dueTo != dueFrom {
      // What is left is paid, from an account to an account.
      for field in [RootField.account, .partnerAccount] where slots[field] == nil {
        noteMissing(field == .account ? "account" : "partnerAccount", in: root)
      }
    }
    return Netting(
      partner: LegalEntityID(partner), dueTo: dueTo, dueFrom: dueFrom, account: account,
      partnerAccount: partnerAccount)
  }

  private mutating func application(_ slots: Slots<RootField>) -> Application? {
    let root = BorrowedJSON.root
    let from = origin(required(.from, slots, in: root))
    let applications = nonEmptyList(
      required(.applications, slots, in: root), limit: options.maximumLines, of: "applications"
    ) { $0.invoiceApplication($1) }
    guard let from, let applications else { return nil }
    return Application(from: from, applications: applications)
  }

  private mutating func voided(_ slots: Slots<RootField>) -> DocumentIdentity? {
    guard let node = required(.of, slots, in: BorrowedJSON.root),
      let slots = fields(of: node, VoidedField.self)
    else { return nil }
    let type = value(required(.type, slots, in: node), DocumentType.self)
    let id = identifier(required(.id, slots, in: node))
    guard let type, let id else { return nil }
    return DocumentIdentity(source: source, type: type, id: id)
  }

  // MARK: Contracts and usage

  private mutating func milestone(_ slots: Slots<RootField>, contract: String?) -> Milestone? {
    let line = identifier(required(.line, slots, in: BorrowedJSON.root))
    let percent = rate(slots[.percent], through: ExactDecimal(100))
    let amount = self.amount(slots[.amount])
    guard (slots[.percent] == nil) != (slots[.amount] == nil) else {
      noteNotOne(slots, .percent, .amount, at: "/percent")
      return nil
    }
    guard let contract, let line else { return nil }
    let reached =
      percent.map { Milestone.Progress.percent($0) }
      ?? amount.map { Milestone.Progress.amount($0) }
    return reached.map { Milestone(contract: contract, line: line, reached: $0) }
  }

  private mutating func contractChange(
    _ slots: Slots<RootField>, contract: String?
  ) -> ContractChange? {
    let effective = date(required(.effective, slots, in: BorrowedJSON.root))
    // No lines means that nothing remains of the contract.
    let node = required(.lines, slots, in: BorrowedJSON.root)
    let isEmpty = node.map { json.kind($0) == .array && json.next($0) == $0 + 1 } ?? false
    let lines = isEmpty ? [] : self.lines(node, taxes: .either)
    guard let contract, let effective, let lines else { return nil }
    return ContractChange(contract: contract, effective: effective, lines: lines)
  }

  private mutating func ratedUsage(_ slots: Slots<RootField>) -> RatedUsage? {
    let root = BorrowedJSON.root
    let period = self.period(required(.period, slots, in: root))
    let before = problems.count
    let items = list(required(.items, slots, in: root), limit: options.maximumLines) {
      $0.usageItem($1)
    }
    let batch = self.batch(
      required(.batch, slots, in: root), items: problems.count == before ? items : nil)
    guard let period, let items, let batch else { return nil }
    return RatedUsage(period: period, items: items, batch: batch)
  }

  private mutating func usageItem(_ node: Int) -> RatedUsage.Item? {
    guard let slots = fields(of: node, UsageItemField.self) else { return nil }
    let customer = identifier(required(.customer, slots, in: node))
    let product = identifier(required(.product, slots, in: node))
    let meter = identifier(required(.meter, slots, in: node))
    let quantity = decimal(required(.quantity, slots, in: node))
    let amount = self.amount(required(.amount, slots, in: node), .any)
    let invoiced = self.amount(slots[.invoiced], .any)
    guard let customer, let product, let meter, let quantity, let amount else { return nil }
    return RatedUsage.Item(
      customer: customer, product: product, meter: meter, quantity: quantity, amount: amount,
      invoiced: invoiced)
  }

  /// The id of the batch; `items` is nil where they could not be read, then nothing is added up.
  private mutating func batch(_ node: Int?, items: [RatedUsage.Item]?) -> String? {
    guard let node, let slots = fields(of: node, BatchField.self) else { return nil }
    let id = identifier(required(.id, slots, in: node))
    // What was stored follows from the items, and was checked when it came in.
    guard !isStored else { return id }
    let count = integer(required(.count, slots, in: node), in: 0...Int(Int32.max))
    let amount = self.amount(required(.amount, slots, in: node), .any)
    guard let items else { return id }
    if let count, count != items.count, let place = slots[.count] {
      note(
        "control_total", at: place, "batch.count is \(count), but there are \(items.count) items",
        fix: "Send the whole batch, or correct its control totals")
    }
    let sum = minorUnits(items.lazy.map(\.amount))
    if let amount, Int128(amount.minorUnits) != sum, let place = slots[.amount] {
      let text =
        Int64(exactly: sum).map { Money(minorUnits: $0, amount.currency).description }
        ?? "more than can be kept"
      note(
        "control_total", at: place, "batch.amount is \(amount), but the items sum to \(text)",
        fix: "Send the whole batch, or correct its control totals")
    }
    return id
  }
}

extension DocumentReading {
  private mutating func periodRun(_ slots: Slots<RootField>) -> PeriodRun? {
    guard let node = required(.run, slots, in: BorrowedJSON.root),
      let slots = fields(of: node, RunField.self)
    else { return nil }
    let verb = value(required(.verb, slots, in: node), PeriodRun.Verb.self)
    let ledger = identifier(required(.ledger, slots, in: node))
    let period = identifier(required(.period, slots, in: node)).flatMap { FiscalPeriod($0) }
    let number = integer(required(.number, slots, in: node), in: 1...Int(Int32.max))
    guard let verb, let ledger, let period, let number else { return nil }
    return PeriodRun(verb, ledger: ledger, period: period, number: number)
  }
}
