import Ledger

extension DocumentConversion {
  mutating func convert(_ writeOff: WriteOff) {
    if writeOff.isRecovery {
      recover(writeOff)
    } else {
      giveUp(writeOff)
    }
  }

  private mutating func giveUp(_ writeOff: WriteOff) {
    let description = describe("Write-off")
    let invoice = writeOff.invoice
    let amount = writeOff.amount.minorUnits
    guard let taken = take(amount, of: invoice, part: .receivable, pointer: "/invoice") else {
      return
    }
    change(invoice, .writtenOff, by: amount, functional: taken.functional)
    let undelivered = takeUndelivered(of: [invoice], within: amount).amount
    addDebt(
      amount, of: invoice, role: policies.writeOff == .direct ? .badDebt : .allowance, sign: 1,
      less: undelivered, description: taken.name)
    addReceivable(
      -amount, functional: taken.functional.map { -$0 }, of: invoice, description: taken.name,
      pointer: "/invoice")
    addCorrectionDifference(amount, taken, of: invoice, pointer: "/invoice")
    finishEntry(.writeOff, description: description)
  }

  /// What is recovered is owed again; where the document names an account, it is received there,
  /// too.
  private mutating func recover(_ writeOff: WriteOff) {
    let description = describe("Recovery")
    let invoice = writeOff.invoice
    let own = (currency: currency, rate: rate)
    var amount = writeOff.amount.minorUnits
    if let other = references.document(invoice), other.currency != currency {
      guard
        let original = amountInCurrency(
          of: other, writeOff.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency")
      else { return }
      amount = original.minorUnits
      change(to: other.currency, at: rateOfCorrection(of: other))
    }
    guard let taken = take(amount, of: invoice, part: .writtenOff, pointer: "/amount") else {
      return
    }
    addReceivable(amount, of: invoice, description: taken.name, pointer: "/invoice")
    change(invoice, .receivable, by: amount)
    addDebt(
      amount, of: invoice,
      role: policies.writeOff == .direct ? .badDebtRecovered : .allowance, sign: -1,
      description: taken.name)
    finishEntry(.recovery, description: description)
    guard let account = writeOff.account else { return }
    guard currency != own.currency else {
      return receive(amount, on: invoice, account: account, description: description)
    }
    guard let owed = take(amount, of: invoice, part: .receivable, pointer: "/invoice") else {
      return
    }
    let carried = owed.functional ?? converted(amount)
    add(
      .fxClearing, amount, functional: carried, description: owed.name, pointer: "/invoice")
    addReceivable(
      -amount, functional: -carried, of: invoice, description: owed.name, pointer: "/invoice")
    finishEntry(.application, description: describe("Settlement"))
    change(to: own.currency, at: own.rate)
    receive(writeOff, carried: carried, account: account, description: description)
  }

  /// The money of a recovery in another currency than its invoice, against what that cleared.
  private mutating func receive(
    _ writeOff: WriteOff, carried: Int64, account: String, description: String
  ) {
    guard let account = moneyAccount(account, pointer: "/account") else { return }
    let amount = writeOff.amount.minorUnits
    let worth = converted(amount)
    add(account.role, amount, functional: worth, description: description, pointer: "/account")
    add(
      .fxClearing, currency == functionalCurrency ? -carried : -amount, functional: -carried,
      description: description, pointer: "/invoice")
    addExchangeDifference(carried - worth, description: description, pointer: "/amount")
    finishEntry(.payment, description: description)
  }

  /// At which what an invoice billed is corrected: by policy its own rate, or that of the day.
  private mutating func rateOfCorrection(of other: Document) -> ExchangeRate? {
    policies.correctionRate == .day
      ? rateOfDay(from: other.currency) : bookedRate(of: other)
  }

  private mutating func receive(
    _ amount: Int64, on invoice: DocumentIdentity, account: String, description: String
  ) {
    guard let account = moneyAccount(account, pointer: "/account") else { return }
    if currency != functionalCurrency, document.exchangeRate == nil {
      guard let today = tableRate(from: currency) else { return stopRateMissing(from: currency) }
      rate = today
    }
    guard let taken = take(amount, of: invoice, part: .receivable, pointer: "/invoice") else {
      return
    }
    let worth = converted(amount)
    let carried = taken.functional ?? worth
    add(account.role, amount, functional: worth, description: description, pointer: "/account")
    addReceivable(
      -amount, functional: -carried, of: invoice, description: taken.name, pointer: "/invoice")
    addExchangeDifference(carried - worth, description: taken.name, pointer: "/invoice")
    finishEntry(.payment, description: description)
  }

  /// The expense or income, and the tax in it where the entity gets it back.
  ///
  /// - Parameter undelivered: what was never rendered, and is no debt.
  private mutating func addDebt(
    _ amount: Int64, of invoice: DocumentIdentity, role: AccountRole, sign: Int64,
    less undelivered: Int64 = 0, description: String
  ) {
    guard policies.badDebtTaxRelief else {
      return add(
        role, sign * amount - undelivered, absorbs: true, description: description,
        pointer: "/amount")
    }
    guard
      let content = billedContent(
        of: invoice, for: "the tax in the amount", pointer: "/invoice")
    else { return }
    addShare(
      of: amount, like: content, role: role, sign: sign, less: undelivered,
      description: description, pointer: "/amount")
  }
}
