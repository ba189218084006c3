import Ledger

// Money that one entity collected for another goes back to the customer: the collector pays it and
// owes the owner less, in whose books it is the customer's again. Both sides relieve what they owe
// each other at the rate at which the payment stands in their own books.

extension DocumentConversion {
  /// The entity whose item goes back; nil where that is the document's own.
  func owner(of item: DocumentIdentity) -> LegalEntityID? {
    guard let owner = references.document(item)?.itemEntity, owner != document.entity else {
      return nil
    }
    return owner
  }

  /// Whether the two agree that the document's entity handles the owner's money; stops otherwise.
  mutating func collects(for owner: LegalEntityID, pointer: String) -> Bool {
    guard ruleBook.entities[owner] != nil else {
      stopUnknownPartner(owner, pointer: pointer)
      return false
    }
    guard ruleBook.intercompany.collects(document.entity, for: owner) else {
      stopWithoutAgreement(
        with: owner, what: "\(document.entity) collects for \(owner)",
        list: "collections: owner \(owner), collector \(document.entity)", pointer: pointer)
      return false
    }
    return true
  }

  // MARK: Refunds

  /// The collector's side of a refund; fees are its own.
  mutating func payBack(_ refund: Refund, for owner: LegalEntityID) {
    guard collects(for: owner, pointer: "/of"),
      let account = moneyAccount(refund.account, pointer: "/account"),
      let other = references.document(refund.of)
    else { return }
    let description = describe("Refund")
    let sign: Int64 = refund.stage == .failed ? -1 : 1
    let amount = refund.amount.minorUnits
    let moved = converted(amount)
    facts.partner = owner
    if other.currency == currency {
      addDue(
        .dueTo, sign * amount, of: refund.of, worth: sign * moved, description: description,
        pointer: "/of")
    } else {
      let own = (currency: currency, rate: rate)
      guard
        let original = amountInCurrency(
          of: other, refund.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency")
      else { return }
      change(to: other.currency, at: rateHere(of: other))
      let carried = converted(original.minorUnits)
      addDue(
        .dueTo, sign * original.minorUnits, of: refund.of, worth: sign * carried,
        description: description, pointer: "/of")
      add(
        .fxClearing, -sign * original.minorUnits, functional: -sign * carried,
        description: description, pointer: "/of")
      finishEntry(.refund, description: description)
      change(to: own.currency, at: own.rate)
      add(
        .fxClearing, sign * (currency == functionalCurrency ? carried : amount),
        functional: sign * carried, description: description, pointer: "/of")
      addExchangeDifference(
        sign * (moved - carried), description: description, pointer: "/amount")
    }
    facts.partner = nil
    add(
      account.role, -sign * amount, functional: -sign * moved, description: description,
      pointer: "/account")
    add(
      account.role, -addFees(of: refund, account: account), description: description,
      pointer: "/fees")
    finishEntry(.refund, description: description)
  }

  /// The owner's side: what the collector owes takes the place of the money.
  mutating func giveBackAsOwner(_ refund: Refund) {
    guard let other = references.document(refund.of) else { return }
    let description = describe("Refund by \(document.entity):")
    let isFailed = refund.stage == .failed
    var amount = refund.amount.minorUnits
    if other.currency != currency {
      guard
        let original = amountInCurrency(
          of: other, refund.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency")
      else { return }
      change(to: other.currency, at: bookedRate(of: other))
      amount = original.minorUnits
    }
    let elsewhere =
      isFailed
      ? settleAgainInOtherCurrencies(amount, ofPayment: refund.of, as: .intercompany)
      : reopenInOtherCurrencies(amount, ofPayment: refund.of, as: .intercompany)
    let worth = converted(amount)
    turn(refund, amount, worth: worth, elsewhere: elsewhere)
    let sign: Int64 = isFailed ? 1 : -1
    facts.partner = document.entity
    addDue(
      .dueFrom, sign * amount, of: refund.of, worth: sign * worth, description: description,
      pointer: "/of")
    finishEntry(.intercompany, description: description)
  }

  // MARK: Chargebacks

  /// The collector's side of a chargeback: the owner bears it, the fee is the collector's own.
  mutating func moveDisputed(_ chargeback: Chargeback, for owner: LegalEntityID) {
    guard collects(for: owner, pointer: "/payment") else { return }
    let description = describe("Chargeback")
    let amount = chargeback.amount.minorUnits
    let fee = chargeback.fee?.minorUnits ?? 0
    let moved =
      switch chargeback.stage {
      case .opened: -amount
      case .won: amount
      case .lost: Int64(0)
      }
    guard moved != 0 || fee != 0, let account = accountOfMoney(chargeback) else {
      return
    }
    facts.partner = owner
    if let other = references.document(chargeback.payment), other.currency != currency {
      guard moveDisputed(chargeback, moved, of: other, description: description) else { return }
    } else {
      addDue(
        .dueTo, -moved, of: chargeback.payment, worth: -converted(moved),
        description: description, pointer: "/amount")
    }
    facts.partner = nil
    add(.disputeFee, fee, absorbs: true, description: description, pointer: "/fee")
    add(account.role, moved - fee, description: description, pointer: "/payment")
    finishEntry(.chargeback, description: description)
  }

  /// What is owed for a payment in another currency than the dispute, against `fxClearing`; then
  /// `fxClearing` on the entry of the money.
  ///
  /// - Returns: false, and a stop, when the document does not say how much it is.
  private mutating func moveDisputed(
    _ chargeback: Chargeback, _ moved: Int64, of other: Document, description: String
  ) -> Bool {
    guard moved != 0 else { return true }
    guard
      let original = amountInCurrency(
        of: other, chargeback.amountInOriginalCurrency, pointer: "/amountInOriginalCurrency")
    else { return false }
    let own = (currency: currency, rate: rate)
    let worth = converted(moved)
    let sign: Int64 = moved > 0 ? 1 : -1
    change(to: other.currency, at: rateHere(of: other))
    let carried = converted(original.minorUnits)
    addDue(
      .dueTo, -sign * original.minorUnits, of: chargeback.payment, worth: -sign * carried,
      description: description, pointer: "/amount")
    add(
      .fxClearing, sign * original.minorUnits, functional: sign * carried,
      description: description, pointer: "/payment")
    finishEntry(.chargeback, description: description)
    change(to: own.currency, at: own.rate)
    add(
      .fxClearing, -sign * (currency == functionalCurrency ? carried : abs(moved)),
      functional: -sign * carried, description: description, pointer: "/payment")
    addExchangeDifference(
      sign * carried - worth, description: description, pointer: "/amount")
    return true
  }

  /// The books that the conversion is for.
  var books: ReferencedDocument.Books {
    ReferencedDocument.Books(entity.rules.entity.id, ledger.name)
  }

  /// The rate at which a document is booked here, whoever's item it is; that of the day where it is
  /// not.
  private mutating func rateHere(of other: Document) -> ExchangeRate? {
    references.stored(other.identity)?.rate(in: books) ?? rateOfDay(from: other.currency)
  }
}
