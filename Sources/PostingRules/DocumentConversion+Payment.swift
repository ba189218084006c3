import Ledger

extension DocumentConversion {
  mutating func convert(_ payment: Payment) {
    if let owner = payment.collectedFor, owner != document.entity {
      return collect(payment, for: owner)
    }
    let elsewhere = settleInOtherCurrencies(payment.applications)
    let description = describe("Payment")
    facts.method = payment.method.rawValue
    let account = moneyAccount(payment.account, pointer: "/account")
    expect(lines: payment.applications.count + payment.withholding.count + 2)
    let received = converted(payment.amount.minorUnits)
    if let account {
      add(
        account.role, payment.amount.minorUnits, functional: received, description: description,
        pointer: "/account")
    }
    settle(payment, worth: received, elsewhere: elsewhere, description: description)
    finishEntry(.payment, description: description)
    if let account, !payment.fees.isEmpty {
      addFees(payment.fees, account: account, description: describe("Fees of payment"))
    }
  }

  /// Everything a payment does but for the money: what was withheld, what it settles, and what is
  /// left unapplied.
  ///
  /// - Parameters:
  ///   - received: the money in functional currency.
  ///   - elsewhere: what ``settleInOtherCurrencies(_:)`` carried, by the place of the application.
  mutating func settle(
    _ payment: Payment, worth received: Int64, elsewhere: [Int: Int64], description: String
  ) {
    var amount = Int128(payment.amount.minorUnits)
    var worth = Int128(received)
    for (index, withholding) in payment.withholding.enumerated() {
      let functional = converted(withholding.amount.minorUnits)
      facts.taxCode = withholding.code
      add(
        .withholdingTaxReceivable, withholding.amount.minorUnits, functional: functional,
        description: withholding.code, pointer: "/withholding/\(index)")
      change(
        document.identity, .withheld, by: withholding.amount.minorUnits, functional: functional)
      amount += Int128(withholding.amount.minorUnits)
      worth += Int128(functional)
    }
    facts.leaveTax()
    guard let amount = Int64(exactly: amount), let worth = Int64(exactly: worth) else {
      return stopTooLarge()
    }
    var value = FunctionalSplit(amount, functional: worth)
    settle(payment.applications, elsewhere: elsewhere, value: &value)
    addUnapplied(payment, of: amount, functional: value.rest, description: description)
  }

  private mutating func addUnapplied(
    _ payment: Payment, of available: Int64, functional: Int64, description: String
  ) {
    var rest = Int128(available)
    for application in payment.applications { rest -= Int128(application.amount.minorUnits) }
    guard let amount = Int64(exactly: rest) else { return stopTooLarge() }
    guard amount >= 0 else {
      return stop(
        .overApplied, pointer: "/applications",
        detail: "\(document.title) applies \(money(-amount).text) \(currency) more than was paid "
          + "and withheld", fix: "Correct the amounts of the applications",
        cause: "\(document.entity)")
    }
    add(
      document.creditRole, -amount, functional: -functional, description: description,
      pointer: "/amount")
    change(document.identity, .credit, by: amount, functional: functional)
  }

  /// A further entry: what the bank or processor kept back.
  mutating func addFees(_ fees: [Fee], account: MoneyAccount, description: String) {
    let kept = addFeeLines(
      fees, role: account.kind == .bank ? .bankCharge : .paymentFee, account: account)
    add(account.role, -kept, description: description, pointer: "/fees")
    finishEntry(.fee, description: description)
  }

  /// Debits fees, and the tax in them that the entity gets back.
  ///
  /// - Returns: their sum.
  mutating func addFeeLines(_ fees: [Fee], role: AccountRole, account: MoneyAccount) -> Int64 {
    var total: Int128 = 0
    facts.account = account.code
    for (index, fee) in fees.enumerated() {
      let tax = fee.tax?.amount.minorUnits ?? 0
      facts.feeKind = fee.kind
      add(
        fee.kind == Fee.platformKind ? .platformFeeExpense : role, fee.amount.minorUnits - tax,
        absorbs: true, description: fee.kind, pointer: "/fees/\(index)")
      if let code = fee.tax?.code {
        facts.taxCode = code
        add(.taxRecoverable, tax, description: code, pointer: "/fees/\(index)/tax")
        facts.leaveTax()
      }
      total += Int128(fee.amount.minorUnits)
    }
    facts.feeKind = nil
    guard let sum = Int64(exactly: total) else {
      stopTooLarge()
      return 0
    }
    return sum
  }

  /// Uses unapplied cash or a customer's credit on invoices.
  mutating func convert(_ application: Application) {
    let description = describe("Application")
    var total: Int128 = 0
    for part in application.applications { total += Int128(part.amount.minorUnits) }
    guard let amount = Int64(exactly: total) else { return stopTooLarge() }
    let elsewhere = settleInOtherCurrencies(application.applications)
    let taken = take(amount, of: application.from, part: .credit, pointer: "/from")
    var value = FunctionalSplit(amount, functional: taken?.functional ?? converted(amount))
    if let taken {
      add(
        creditRole(of: application.from), amount, functional: value.functional,
        description: taken.name, pointer: "/from")
    }
    settle(application.applications, elsewhere: elsewhere, value: &value)
    finishEntry(.application, description: description)
  }

  /// Where the money stands that a payment or credit memo left unused.
  func creditRole(of item: DocumentIdentity) -> AccountRole {
    references.document(item)?.creditRole
      ?? (item.type == .payment ? .unappliedCash : .customerCredit)
  }
}

extension Document {
  /// Where money stands that it leaves unused.
  fileprivate var creditRole: AccountRole {
    if case .payment(let payment) = body {
      return payment.isAdvance ? .customerAdvance : .unappliedCash
    }
    return .customerCredit
  }
}
