import Ledger

extension DocumentConversion {
  mutating func convert(_ payment: Payment) {
    if let owner = payment.collectedFor, owner != document.entity {
      return collect(payment, for: owner)
    }
    let description = describe("Payment")
    facts.method = payment.method.rawValue
    let account = moneyAccount(payment.account, pointer: "/account")
    expect(lines: payment.applications.count + payment.withholding.count + 2)
    var unapplied = Int128(payment.amount.minorUnits)
    if let account {
      add(account.role, payment.amount.minorUnits, description: description, pointer: "/account")
    }
    settle(payment, unapplied: &unapplied, description: description)
    finishEntry(.payment, description: description)
    if let account, !payment.fees.isEmpty {
      addFees(payment.fees, account: account, description: describe("Fees of payment"))
    }
  }

  /// Everything a payment does but for the money: what was withheld, what it settles, and what is
  /// left unapplied.
  mutating func settle(_ payment: Payment, unapplied: inout Int128, description: String) {
    for (index, withholding) in payment.withholding.enumerated() {
      facts.taxCode = withholding.code
      add(
        .withholdingTaxReceivable, withholding.amount.minorUnits, description: withholding.code,
        pointer: "/withholding/\(index)")
      unapplied += Int128(withholding.amount.minorUnits)
    }
    facts.leaveTax()
    settle(payment.applications)
    for application in payment.applications { unapplied -= Int128(application.amount.minorUnits) }
    addUnapplied(unapplied, description: description)
  }

  private mutating func addUnapplied(_ unapplied: Int128, description: String) {
    guard let amount = Int64(exactly: unapplied) else { return stopTooLarge() }
    guard amount >= 0 else {
      return stop(
        .overApplied, pointer: "/applications",
        detail: "\(document.title) applies \(money(-amount).text) \(currency) more than was paid "
          + "and withheld", fix: "Correct the amounts of the applications",
        cause: "\(document.entity)")
    }
    add(.unappliedCash, -amount, description: description, pointer: "/amount")
    change(document.identity, .credit, by: amount)
  }

  /// Credits the receivable of each application, with its discount on top.
  mutating func settle(_ applications: [InvoiceApplication]) {
    for (index, application) in applications.enumerated() {
      let item = document.invoiceIdentity(application.invoice)
      let pointer = "/applications/\(index)"
      if let other = application.amountInInvoiceCurrency,
        other != ExactDecimal(application.amount)
      {
        let settled = references.document(item)?.currency
        stop(
          .fxSettlementUnsupported, pointer: pointer + "/amountInInvoiceCurrency",
          detail: "\(document.title) settles \(application.invoice) with "
            + "\(application.amount) for \(other) in the currency of the invoice; exchange "
            + "differences are not treated yet",
          fix: "Post the settlement in the ERP by hand and discard it here, or wait for a version "
            + "that treats exchange differences",
          cause: "\(document.entity) \(currency) \(settled?.code ?? "amountInInvoiceCurrency")")
        continue
      }
      let discount = application.discount?.minorUnits ?? 0
      let amount = application.amount.minorUnits + discount
      guard let name = clear(item, by: amount, pointer: pointer) else { continue }
      if discount != 0 { addEarlyPaymentDiscount(discount, on: item, name: name, pointer: pointer) }
      add(.receivable, -amount, description: name, pointer: pointer)
    }
  }

  private mutating func addEarlyPaymentDiscount(
    _ discount: Int64, on item: DocumentIdentity, name: String, pointer: String
  ) {
    guard policies.earlyPaymentDiscountTax == .reduce else {
      return add(.earlyPaymentDiscount, discount, description: name, pointer: pointer)
    }
    guard
      let content = billedContent(
        of: item, for: "the tax share of the discount", pointer: pointer + "/discount")
    else { return }
    addShare(
      of: discount, like: content, role: .earlyPaymentDiscount, sign: 1, description: name,
      pointer: pointer + "/discount")
  }

  /// A further entry: what the bank or processor kept back.
  mutating func addFees(_ fees: [Fee], account: MoneyAccount, description: String) {
    let role: AccountRole = account.kind == .bank ? .bankCharge : .paymentFee
    var total: Int128 = 0
    facts.account = account.code
    for (index, fee) in fees.enumerated() {
      facts.feeKind = fee.kind
      add(role, fee.amount.minorUnits, description: fee.kind, pointer: "/fees/\(index)")
      total += Int128(fee.amount.minorUnits)
    }
    facts.feeKind = nil
    guard let kept = Int64(exactly: total) else { return stopTooLarge() }
    add(account.role, -kept, description: description, pointer: "/fees")
    finishEntry(.fee, description: description)
  }

  /// Uses unapplied cash or a customer's credit on invoices.
  mutating func convert(_ application: Application) {
    let description = describe("Application")
    var total: Int128 = 0
    for part in application.applications { total += Int128(part.amount.minorUnits) }
    guard let amount = Int64(exactly: total) else { return stopTooLarge() }
    if let name = take(amount, of: application.from, part: .credit, pointer: "/from") {
      add(application.from.creditRole, amount, description: name, pointer: "/from")
    }
    settle(application.applications)
    finishEntry(.application, description: description)
  }
}

extension DocumentIdentity {
  /// Where the money that this payment or credit memo left unused stands.
  var creditRole: AccountRole { type == .payment ? .unappliedCash : .customerCredit }
}
