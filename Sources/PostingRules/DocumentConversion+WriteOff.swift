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
      writeOff, role: policies.writeOff == .direct ? .badDebt : .allowance, sign: 1,
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
    let amount = writeOff.amount.minorUnits
    guard let taken = take(amount, of: invoice, part: .writtenOff, pointer: "/amount") else {
      return
    }
    addReceivable(amount, of: invoice, description: taken.name, pointer: "/invoice")
    change(invoice, .receivable, by: amount)
    addDebt(
      writeOff, role: policies.writeOff == .direct ? .badDebtRecovered : .allowance, sign: -1,
      description: taken.name)
    finishEntry(.recovery, description: description)
    if let account = writeOff.account {
      receive(amount, on: invoice, account: account, description: description)
    }
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
    _ writeOff: WriteOff, role: AccountRole, sign: Int64, less undelivered: Int64 = 0,
    description: String
  ) {
    let amount = writeOff.amount.minorUnits
    guard policies.badDebtTaxRelief else {
      return add(
        role, sign * amount - undelivered, absorbs: true, description: description,
        pointer: "/amount")
    }
    guard
      let content = billedContent(
        of: writeOff.invoice, for: "the tax in the amount", pointer: "/invoice")
    else { return }
    addShare(
      of: amount, like: content, role: role, sign: sign, less: undelivered,
      description: description, pointer: "/amount")
  }
}
