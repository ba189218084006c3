import Ledger

extension DocumentConversion {
  mutating func convert(_ chargeback: Chargeback) {
    let isOwner = !share.isOwn
    if !isOwner {
      guard isCollector(of: chargeback.payment) else { return }
      if let owner = owner(of: chargeback.payment) { return moveDisputed(chargeback, for: owner) }
    }
    let description = describe("Chargeback")
    var amount = chargeback.amount.minorUnits
    let fee = isOwner ? 0 : chargeback.fee?.minorUnits ?? 0
    let payment = chargeback.payment
    if let other = references.document(payment), other.currency != currency {
      guard isOwner else { return convert(chargeback, of: other, description: description) }
      guard let disputed = disputed(by: chargeback, of: other) else { return }
      amount = disputed
      change(to: other.currency, at: rateOfDay(from: other.currency))
    }
    guard canSettle(payment, pointer: "/payment") else { return }
    var account: MoneyAccount?
    if !isOwner, chargeback.stage != .lost || fee != 0 {
      guard let found = accountOfMoney(chargeback) else { return }
      account = found
    }
    let elsewhere = reopenElsewhere(amount, lostBy: chargeback)
    var moved: Int64 = 0
    if chargeback.stage == .opened {
      checkHeld(amount, of: payment)
      add(.disputeReceivable, amount, description: description, pointer: "/amount")
      change(payment, .dispute, by: amount)
      moved = -amount
    } else {
      guard let taken = take(amount, of: payment, part: .dispute, pointer: "/amount") else {
        return
      }
      let carried = taken.functional ?? converted(amount)
      if chargeback.stage == .won {
        moved = amount
        addExchangeDifference(
          carried - converted(amount), description: description, pointer: "/amount")
      } else {
        addLoss(
          amount, of: payment, carried: carried, elsewhere: elsewhere, description: description)
      }
      add(
        .disputeReceivable, -amount, functional: -carried, description: description,
        pointer: "/amount")
    }
    add(.disputeFee, fee, absorbs: true, description: description, pointer: "/fee")
    if let account {
      add(account.role, moved - fee, description: description, pointer: "/payment")
    }
    if isOwner {
      facts.partner = document.entity
      addDue(
        .dueFrom, moved, of: payment, worth: converted(moved), description: description,
        pointer: "/payment")
    }
    finishEntry(isOwner ? .intercompany : .chargeback, description: description)
  }

  /// A dispute in another currency than its payment: what is disputed stands in the payment's, at what
  /// the money was worth that left, against `fxClearing`, and `fxClearing` against the money.
  private mutating func convert(
    _ chargeback: Chargeback, of other: Document, description: String
  ) {
    let payment = chargeback.payment
    guard let disputed = disputed(by: chargeback, of: other) else { return }
    let amount = chargeback.amount.minorUnits
    let fee = chargeback.fee?.minorUnits ?? 0
    let worth = converted(amount)
    let own = (currency: currency, rate: rate)
    change(to: other.currency, at: bookedRate(of: other))
    guard canSettle(payment, pointer: "/payment") else { return }
    let elsewhere = reopenElsewhere(disputed, lostBy: chargeback)
    var carried = currency == functionalCurrency ? disputed : worth
    let sign: Int64 = chargeback.stage == .opened ? 1 : -1
    if chargeback.stage == .opened {
      checkHeld(disputed, of: payment)
      change(payment, .dispute, by: disputed, functional: carried)
    } else {
      guard let taken = take(disputed, of: payment, part: .dispute, pointer: "/amount") else {
        return
      }
      carried = taken.functional ?? carried
    }
    if chargeback.stage == .lost {
      addLoss(
        disputed, of: payment, carried: carried, elsewhere: elsewhere, description: description)
    } else {
      add(
        .fxClearing, -sign * disputed, functional: -sign * carried, description: description,
        pointer: "/payment")
    }
    add(
      .disputeReceivable, sign * disputed, functional: sign * carried, description: description,
      pointer: "/amount")
    finishEntry(.chargeback, description: description)
    change(to: own.currency, at: own.rate)
    let isMoved = chargeback.stage != .lost
    guard isMoved || fee != 0, let account = accountOfMoney(chargeback) else { return }
    if isMoved {
      add(
        .fxClearing, sign * (currency == functionalCurrency ? carried : amount),
        functional: sign * carried, description: description, pointer: "/payment")
      addExchangeDifference(
        sign * (worth - carried), description: description, pointer: "/amount")
      add(
        account.role, -sign * amount, functional: -sign * worth, description: description,
        pointer: "/payment")
    }
    add(.disputeFee, fee, absorbs: true, description: description, pointer: "/fee")
    add(account.role, -fee, description: description, pointer: "/fee")
    finishEntry(.chargeback, description: description)
  }

  /// What is disputed in the currency of the payment; nil, and a stop, where that is not known.
  private mutating func disputed(by chargeback: Chargeback, of payment: Document) -> Int64? {
    amountInCurrency(
      of: payment, chargeback.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency"
    )?.minorUnits
  }

  /// Opens what the payment had settled in other currencies, where a lost dispute is claimed again.
  private mutating func reopenElsewhere(
    _ amount: Int64, lostBy chargeback: Chargeback
  ) -> [Int: SettledElsewhere] {
    guard chargeback.stage == .lost, policies.lostChargeback == .claim else { return [:] }
    return reopenInOtherCurrencies(amount, ofPayment: chargeback.payment, as: .chargeback)
  }

  /// A chargeback moves money on the account that the payment went to: it is for the entity of that
  /// account.
  private mutating func isCollector(of item: DocumentIdentity) -> Bool {
    guard let payment = references.document(item), payment.entity != document.entity else {
      return true
    }
    stop(
      .entityMismatch, pointer: "/payment",
      detail:
        "\(document.title) is for \(document.entity), but \(payment.title) came to an account "
        + "of \(payment.entity)",
      fix: "Hand the document over for \(payment.entity)",
      cause: "\(document.entity) \(payment.entity)")
    return false
  }

  private mutating func addLoss(
    _ amount: Int64, of payment: DocumentIdentity, carried: Int64,
    elsewhere: [Int: SettledElsewhere],
    description: String
  ) {
    guard policies.lostChargeback == .claim else {
      let undelivered = takeUndelivered(of: invoices(paidBy: payment), within: amount)
      add(
        .chargebackLoss, amount - undelivered.amount,
        functional: carried - undelivered.functional, description: description,
        pointer: "/amount")
      return change(payment, .returned, by: amount, functional: carried)
    }
    var worth = FunctionalSplit(amount, functional: carried)
    giveBack(
      amount, ofPayment: payment, worth: &worth, elsewhere: elsewhere, pointer: "/payment")
  }

  /// A dispute may be of more than is left of the payment; by policy a person decides.
  private mutating func checkHeld(_ amount: Int64, of item: DocumentIdentity) {
    guard policies.largerChargeback == .ask, let held = held(of: item), amount > held else {
      return
    }
    stop(
      .chargebackBeyondPayment, pointer: "/amount",
      detail: "\(document.title) disputes \(money(amount).text) \(currency), but only "
        + "\(money(max(0, held)).text) of \(references.document(item)?.title ?? item.id) is left",
      fix: "Check the amount with the processor; if it is right, set the policy largerChargeback "
        + "to post and retry", cause: "\(document.entity) \(item)", amount: money(amount))
  }

  /// What of a payment is neither given back, lost nor disputed; nil where that is not known.
  func held(of item: DocumentIdentity) -> Int64? {
    guard case .payment(let payment)? = references.stored(item)?.document.body,
      let returned = open(item, .returned), let disputed = open(item, .dispute)
    else { return nil }
    return payment.amount.minorUnits - returned - disputed
  }

  private func invoices(paidBy item: DocumentIdentity) -> [DocumentIdentity] {
    guard case .payment(let payment)? = references.document(item)?.body else { return [] }
    return payment.applications.map { document.invoiceIdentity($0.invoice) }
  }

  /// The money account on which a chargeback moves money; nil, and a stop, when that is not known.
  mutating func accountOfMoney(_ chargeback: Chargeback) -> MoneyAccount? {
    guard let account = chargeback.account else { return accountOfPayment(chargeback.payment) }
    if case .payment(let payment)? = references.document(chargeback.payment)?.body {
      facts.method = payment.method.rawValue
    }
    return moneyAccount(account, pointer: "/account")
  }

  /// The money account that a payment went to; nil, and a stop, when that is not known.
  private mutating func accountOfPayment(_ item: DocumentIdentity) -> MoneyAccount? {
    if case .payment(let payment)? = references.document(item)?.body {
      facts.method = payment.method.rawValue
      return moneyAccount(payment.account, pointer: "/payment")
    }
    stop(
      .referenceMissing, pointer: "/payment",
      detail: "\(document.title) needs the content of payment \(item.id) for its account, and it "
        + "is not here", fix: "Hand the payment over first, or together with this document",
      cause: "\(document.entity) \(item)")
    return nil
  }
}
