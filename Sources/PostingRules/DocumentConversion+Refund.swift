import Ledger

extension DocumentConversion {
  mutating func convert(_ refund: Refund) {
    if let owner = owner(of: refund.of) { return payBack(refund, for: owner) }
    let description = describe("Refund")
    guard let account = moneyAccount(refund.account, pointer: "/account") else { return }
    if let other = references.document(refund.of), other.currency != currency {
      return convert(refund, of: other, account: account, description: description)
    }
    let amount = refund.amount.minorUnits
    let isFailed = refund.stage == .failed
    let elsewhere =
      isFailed
      ? settleAgainInOtherCurrencies(amount, ofPayment: refund.of, as: .refund)
      : reopenInOtherCurrencies(amount, ofPayment: refund.of, as: .refund)
    let moved = converted(amount)
    if isFailed {
      add(
        account.role, amount, functional: moved, description: description, pointer: "/account")
    }
    turn(refund, amount, worth: moved, elsewhere: elsewhere)
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

  /// A refund in another currency than what it refunds: that is given back in its own, at what it was
  /// booked at, against `fxClearing`, and `fxClearing` against the money.
  private mutating func convert(
    _ refund: Refund, of other: Document, account: MoneyAccount, description: String
  ) {
    guard
      let original = amountInCurrency(
        of: other, refund.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency")
    else { return }
    let isFailed = refund.stage == .failed
    let sign: Int64 = isFailed ? -1 : 1
    let own = (currency: currency, rate: rate)
    change(to: other.currency, at: bookedRate(of: other))
    let elsewhere =
      isFailed
      ? settleAgainInOtherCurrencies(original.minorUnits, ofPayment: refund.of, as: .refund)
      : reopenInOtherCurrencies(original.minorUnits, ofPayment: refund.of, as: .refund)
    let carried = converted(original.minorUnits)
    turn(refund, original.minorUnits, worth: carried, elsewhere: elsewhere)
    add(
      .fxClearing, -sign * original.minorUnits, functional: -sign * carried,
      description: description, pointer: "/of")
    finishEntry(.refund, description: description)
    change(to: own.currency, at: own.rate)
    let amount = refund.amount.minorUnits
    let moved = converted(amount)
    add(
      .fxClearing, sign * (currency == functionalCurrency ? carried : amount),
      functional: sign * carried, description: description, pointer: "/of")
    addExchangeDifference(sign * (moved - carried), description: description, pointer: "/amount")
    add(
      account.role, -sign * amount, functional: -sign * moved, description: description,
      pointer: "/account")
    let fees = addFees(of: refund, account: account)
    add(account.role, -fees, description: description, pointer: "/fees")
    finishEntry(.refund, description: description)
  }

  /// Gives back, or takes back where a refund failed, in the currency of what is refunded.
  mutating func turn(
    _ refund: Refund, _ amount: Int64, worth: Int64, elsewhere: [Int: SettledElsewhere]
  ) {
    var split = FunctionalSplit(amount, functional: worth)
    switch (refund.of.type, refund.stage == .failed) {
    case (.payment, false):
      checkHeld(amount, ofRefunded: refund.of)
      giveBack(
        amount, ofPayment: refund.of, worth: &split, elsewhere: elsewhere, pointer: "/of")
    case (.payment, true):
      takeBack(amount, ofPayment: refund.of, worth: &split, elsewhere: elsewhere)
    case (_, false): giveBack(amount, ofCreditMemo: refund.of, worth: worth)
    case (_, true): takeBack(amount, ofCreditMemo: refund.of, worth: worth)
    }
  }

  /// The fees that leave the account with the money: those of a returned payment are the bank's.
  mutating func addFees(of refund: Refund, account: MoneyAccount) -> Int64 {
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
  /// - Parameters:
  ///   - worth: what goes back in functional currency.
  ///   - elsewhere: what ``reopenInOtherCurrencies(_:ofPayment:as:)`` gave.
  mutating func giveBack(
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit,
    elsewhere: [Int: SettledElsewhere], pointer: String
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
    reopen(
      amount - unapplied, ofPayment: item, worth: &worth, elsewhere: elsewhere, pointer: pointer)
    change(item, .returned, by: amount, functional: worth.functional)
  }

  private func unappliedCash(of item: DocumentIdentity) -> Int64 {
    if let open = open(item, .credit) { return open }
    guard case .payment(let payment)? = references.document(item)?.body else { return 0 }
    let withheld = payment.withholding.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    let applied = payment.applications.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    return Int64(clamping: Int128(payment.amount.minorUnits) + withheld - applied)
  }

  /// Makes the entries that reopen invoices in other currencies than that of a payment whose money
  /// goes back: the mirror of ``settleInOtherCurrencies(_:)``, at the rates of the invoices.
  ///
  /// - Returns: what each is carried at in functional currency, by the place of its application.
  mutating func reopenInOtherCurrencies(
    _ amount: Int64, ofPayment item: DocumentIdentity, as kind: EntryKind
  ) -> [Int: SettledElsewhere] {
    guard case .payment(let payment)? = references.document(item)?.body else { return [:] }
    let own = (currency: currency, rate: rate)
    let before = open(item, .reopened) ?? 0
    let applied = amount - min(amount, max(0, unappliedCash(of: item)))
    var settled: [Int: SettledElsewhere] = [:]
    for part in payment.applied(from: before, through: before + applied) {
      guard let (other, owed, conceded) = owedElsewhere(for: part, of: payment, item) else {
        continue
      }
      let invoice = other.identity
      change(to: other.currency, at: bookedRate(of: other))
      let functional = converted(owed)
      let reopened = owed + conceded.amount
      let carriedAgain = functional + self.carried(conceded)
      let description = describe("Settlement taken back:")
      addReceivable(
        reopened, functional: carriedAgain, of: invoice, description: invoice.id,
        pointer: "/of")
      change(invoice, .receivable, by: reopened, functional: carriedAgain)
      add(
        conceded, sign: -1, of: invoice, description: invoice.id, pointer: "/of")
      add(.fxClearing, -owed, functional: -functional, description: description, pointer: "/of")
      finishEntry(kind, description: description)
      change(to: own.currency, at: own.rate)
      settled[part.place] = SettledElsewhere(money: part.amount, carried: functional)
    }
    return settled
  }

  /// The mirror of ``reopenInOtherCurrencies(_:ofPayment:as:)``: invoices that are owed again are
  /// settled again, as far as they are still open, at what they are carried at.
  mutating func settleAgainInOtherCurrencies(
    _ amount: Int64, ofPayment item: DocumentIdentity, as kind: EntryKind
  ) -> [Int: SettledElsewhere] {
    guard case .payment(let payment)? = references.document(item)?.body,
      let through = open(item, .reopened)
    else { return [:] }
    let own = (currency: currency, rate: rate)
    let reopened = min(amount, through)
    var again: [Int: SettledElsewhere] = [:]
    for part in payment.applied(from: through - reopened, through: through) {
      guard let (other, owed, whole) = owedElsewhere(for: part, of: payment, item) else {
        continue
      }
      let invoice = other.identity
      change(to: other.currency, at: bookedRate(of: other))
      let left = max(0, open(invoice, .receivable) ?? owed)
      let money = min(owed, left)
      let conceded = whole.amount > left - money ? Concession() : whole
      if money > 0,
        let settled = take(
          money + conceded.amount, of: invoice, part: .receivable, pointer: "/of")
      {
        let ofConcession = self.carried(conceded)
        let carried = settled.functional.map { $0 - ofConcession } ?? converted(money)
        let description = describe("Settlement:")
        add(.fxClearing, money, functional: carried, description: description, pointer: "/of")
        addReceivable(
          -(money + conceded.amount), functional: -(carried + ofConcession), of: invoice,
          description: settled.name, pointer: "/of")
        add(conceded, sign: 1, of: invoice, description: settled.name, pointer: "/of")
        finishEntry(kind, description: description)
        again[part.place] = SettledElsewhere(
          money: CumulativeSplit.share(
            of: part.amount, money, over: owed, rounding: policies.rounding),
          carried: carried)
      }
      change(to: own.currency, at: own.rate)
    }
    return again
  }

  /// What a part of an application stands for in the currency of its invoice: what its money settled,
  /// and what was conceded for it; nil where the invoice is in the payment's own currency.
  private mutating func owedElsewhere(
    for part: AppliedPart, of payment: Payment, _ item: DocumentIdentity
  ) -> (invoice: Document, owed: Int64, conceded: Concession)? {
    let application = payment.applications[part.place]
    let invoice = DocumentIdentity(source: item.source, type: .invoice, id: application.invoice)
    guard let other = references.document(invoice), other.currency != currency,
      let whole = amountInCurrency(
        of: other, application.amountInInvoiceCurrency, pointer: "/of")
    else { return nil }
    let owed = part.share(
      of: whole.minorUnits, over: application.amount.minorUnits, rounding: policies.rounding)
    let conceded = concession(for: part, of: payment, item, on: invoice) { place in
      payment.applications[place].amountInInvoiceCurrency
        .flatMap { try? Money($0, other.currency) }?.minorUnits ?? 0
    }
    return (other, owed, conceded)
  }

  private mutating func reopen(
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit,
    elsewhere: [Int: SettledElsewhere], pointer: String
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
      let name = payment.applications[part.place].invoice
      let invoice = DocumentIdentity(source: item.source, type: .invoice, id: name)
      let functional = worth.next(part.amount)
      rest -= part.amount
      if let carried = elsewhere[part.place]?.carried {
        add(
          .fxClearing, currency == functionalCurrency ? carried : part.amount,
          functional: carried, description: name, pointer: pointer)
        addExchangeDifference(functional - carried, description: name, pointer: pointer)
        continue
      }
      let conceded = concession(for: part, of: payment, item, on: invoice) {
        payment.applications[$0].amount.minorUnits
      }
      let reopened = part.amount + conceded.amount
      let carried = functional + self.carried(conceded)
      addReceivable(
        reopened, functional: carried, of: invoice, description: name, pointer: pointer)
      change(invoice, .receivable, by: reopened, functional: carried)
      add(conceded, sign: -1, of: invoice, description: name, pointer: pointer)
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
    _ amount: Int64, ofPayment item: DocumentIdentity, worth: inout FunctionalSplit,
    elsewhere: [Int: SettledElsewhere]
  ) {
    guard let taken = take(amount, of: item, part: .returned, pointer: "/of") else { return }
    var rest = amount
    let reopened = min(amount, open(item, .reopened) ?? 0)
    if reopened > 0, case .payment(let payment)? = references.document(item)?.body {
      let through = open(item, .reopened) ?? reopened
      for part in payment.applied(from: through - reopened, through: through) {
        let invoice = DocumentIdentity(
          source: item.source, type: .invoice, id: payment.applications[part.place].invoice)
        if let other = references.document(invoice), other.currency != currency {
          guard let again = elsewhere[part.place] else { continue }
          let value = worth.next(again.money)
          add(
            .fxClearing, currency == functionalCurrency ? -again.carried : -again.money,
            functional: -again.carried, description: other.reference, pointer: "/of")
          addExchangeDifference(
            again.carried - value, description: other.reference, pointer: "/of")
          rest -= again.money
          continue
        }
        let open = max(0, open(invoice, .receivable) ?? Int64.max)
        let amount = min(part.amount, open)
        var conceded = concession(for: part, of: payment, item, on: invoice) {
          payment.applications[$0].amount.minorUnits
        }
        if conceded.amount > open - amount { conceded = Concession() }
        guard amount > 0,
          let settled = take(
            amount + conceded.amount, of: invoice, part: .receivable, pointer: "/of")
        else { continue }
        let value = worth.next(amount)
        let again = carried(conceded)
        let carried = settled.functional ?? value + again
        addReceivable(
          -(amount + conceded.amount), functional: -carried, of: invoice,
          description: settled.name, pointer: "/of")
        add(conceded, sign: 1, of: invoice, description: settled.name, pointer: "/of")
        addExchangeDifference(
          carried - value - again, description: settled.name, pointer: "/of")
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

/// What of an application to an invoice in another currency is settled, or owed again, by an entry of
/// its own.
struct SettledElsewhere {
  /// In the payment's currency.
  let money: Int64
  /// What it is carried at in functional currency, without what was conceded.
  let carried: Int64
}
