import Ledger

extension DocumentConversion {
  mutating func convert(_ refund: Refund) {
    let description = describe("Refund")
    let amount = refund.amount.minorUnits
    guard let account = moneyAccount(refund.account, pointer: "/account") else { return }
    let isFailed = refund.stage == .failed
    var worth = FunctionalSplit(amount, functional: converted(amount))
    let moved = worth.functional
    switch (refund.of.type, isFailed) {
    case (.payment, false):
      checkHeld(amount, ofRefunded: refund.of)
      giveBack(amount, ofPayment: refund.of, worth: &worth, pointer: "/of")
    case (.payment, true):
      add(
        account.role, amount, functional: moved, description: description, pointer: "/account")
      takeBack(amount, ofPayment: refund.of, worth: &worth)
    case (_, false): giveBack(amount, ofCreditMemo: refund.of, worth: moved)
    case (_, true):
      add(
        account.role, amount, functional: moved, description: description, pointer: "/account")
      takeBack(amount, ofCreditMemo: refund.of, worth: moved)
    }
    let fees = addFees(of: refund, account: account)
    if isFailed {
      add(account.role, -fees, description: description, pointer: "/fees")
    } else if fees == 0 {
      add(
        account.role, -amount, functional: -moved, description: description, pointer: "/account")
    } else {
      add(account.role, -(amount + fees), description: description, pointer: "/account")
    }
    finishEntry(.refund, description: description)
  }

  /// The fees that leave the account with the money: those of a returned payment are the bank's.
  private mutating func addFees(of refund: Refund, account: MoneyAccount) -> Int64 {
    let isBank = account.kind == .bank || refund.stage == .returned
    return addFeeLines(refund.fees, role: isBank ? .bankCharge : .paymentFee, account: account)
  }

  private mutating func checkHeld(_ amount: Int64, ofRefunded item: DocumentIdentity) {
    guard let held = held(of: item), amount > held else { return }
    stop(
      .overSettled, pointer: "/amount",
      detail: "\(document.title) gives back \(money(amount).text) \(currency), but only "
        + "\(money(max(0, held)).text) of \(references.document(item)?.title ?? item.id) is left",
      fix: "Correct the amount, or the payment that it names",
      cause: "\(document.entity) \(item)", amount: money(amount))
  }

  // MARK: Credit memos

  private mutating func giveBack(
    _ amount: Int64, ofCreditMemo item: DocumentIdentity, worth: Int64
  ) {
    guard let taken = take(amount, of: item, part: .credit, pointer: "/of") else { return }
    let carried = taken.functional ?? worth
    add(
      .customerCredit, amount, functional: carried, description: taken.name, pointer: "/of")
    addExchangeDifference(worth - carried, description: taken.name, pointer: "/of")
    change(item, .returned, by: amount, functional: carried)
  }

  /// The customer has the credit again.
  private mutating func takeBack(
    _ amount: Int64, ofCreditMemo item: DocumentIdentity, worth: Int64
  ) {
    guard let taken = take(amount, of: item, part: .returned, pointer: "/of") else { return }
    add(.customerCredit, -amount, functional: -worth, description: taken.name, pointer: "/of")
    change(item, .credit, by: amount, functional: worth)
  }

  // MARK: Payments

  /// Debits what money of a payment that goes back stood for: first what is unapplied, then the
  /// receivables of its invoices, which are owed again, the last first.
  ///
  /// - Parameter worth: what goes back in functional currency.
  mutating func giveBack(
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit,
    pointer: String
  ) {
    guard canSettle(item, pointer: pointer) else { return }
    let unapplied = min(amount, max(0, unappliedCash(of: item)))
    if unapplied > 0, let taken = take(unapplied, of: item, part: .credit, pointer: pointer) {
      let part = worth.next(unapplied)
      let carried = taken.functional ?? part
      add(
        creditRole(of: item), unapplied, functional: carried, description: taken.name,
        pointer: pointer)
      addExchangeDifference(part - carried, description: taken.name, pointer: pointer)
    }
    reopen(amount - unapplied, ofPayment: item, worth: &worth, pointer: pointer)
    change(item, .returned, by: amount, functional: worth.functional)
  }

  private func unappliedCash(of item: DocumentIdentity) -> Int64 {
    if let open = open(item, .credit) { return open }
    guard case .payment(let payment)? = references.document(item)?.body else { return 0 }
    let withheld = payment.withholding.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    let applied = payment.applications.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    return Int64(clamping: Int128(payment.amount.minorUnits) + withheld - applied)
  }

  private mutating func reopen(
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit,
    pointer: String
  ) {
    guard amount > 0 else { return }
    let other = references.document(item)
    guard case .payment(let payment)? = other?.body else {
      return add(
        .receivable, amount, functional: worth.next(amount), description: item.id,
        pointer: pointer)
    }
    let before = open(item, .reopened) ?? 0
    var rest = amount
    for part in payment.applied(from: before, through: before + amount) {
      let invoice = DocumentIdentity(source: item.source, type: .invoice, id: part.invoice)
      if let settled = references.document(invoice), settled.currency != currency {
        return stopUntreated(
          "giving back money that settled an invoice in another currency", pointer: pointer)
      }
      let functional = worth.next(part.amount)
      addReceivable(
        part.amount, functional: functional, of: invoice, description: part.invoice,
        pointer: pointer)
      change(invoice, .receivable, by: part.amount, functional: functional)
      rest -= part.amount
    }
    change(item, .reopened, by: amount)
    guard rest > 0 else { return }
    stop(
      .overSettled, pointer: "/amount",
      detail: "\(document.title) takes back \(money(rest).text) \(currency) more than "
        + "\(other?.title ?? item.id) applied to invoices or holds",
      fix:
        "Correct the amount; money that an application has used since has to be taken back first",
      cause: "\(document.entity) \(item)", amount: money(rest))
  }

  /// The mirror of giving back: invoices that were reopened are settled again, and what they no
  /// longer owe is unapplied.
  private mutating func takeBack(
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit
  ) {
    guard let taken = take(amount, of: item, part: .returned, pointer: "/of") else { return }
    var rest = amount
    let reopened = min(amount, open(item, .reopened) ?? 0)
    if reopened > 0, case .payment(let payment)? = references.document(item)?.body {
      let through = open(item, .reopened) ?? reopened
      for part in payment.applied(from: through - reopened, through: through) {
        let invoice = DocumentIdentity(source: item.source, type: .invoice, id: part.invoice)
        let amount = min(part.amount, max(0, open(invoice, .receivable) ?? part.amount))
        guard amount > 0,
          let settled = take(amount, of: invoice, part: .receivable, pointer: "/of")
        else { continue }
        let value = worth.next(amount)
        let carried = settled.functional ?? value
        addReceivable(
          -amount, functional: -carried, of: invoice, description: settled.name, pointer: "/of")
        addExchangeDifference(carried - value, description: settled.name, pointer: "/of")
        rest -= amount
      }
      change(item, .reopened, by: -reopened)
    }
    guard rest > 0 else { return }
    let functional = worth.next(rest)
    add(
      creditRole(of: item), -rest, functional: -functional, description: taken.name,
      pointer: "/of")
    change(item, .credit, by: rest, functional: functional)
  }
}

extension Payment {
  /// Its applications from the last to the first, cut to the part of their sum between two amounts.
  fileprivate func applied(from: Int64, through: Int64) -> [(invoice: String, amount: Int64)] {
    var parts: [(invoice: String, amount: Int64)] = []
    var start: Int64 = 0
    for application in applications.reversed() where start < through {
      let end = start + application.amount.minorUnits
      let amount = min(end, through) - max(start, from)
      if amount > 0 { parts.append((application.invoice, amount)) }
      start = end
    }
    return parts
  }
}
