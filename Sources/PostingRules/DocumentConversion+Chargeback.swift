import Ledger

extension DocumentConversion {
  mutating func convert(_ chargeback: Chargeback) {
    let description = describe("Chargeback")
    let amount = chargeback.amount.minorUnits
    let fee = chargeback.fee?.minorUnits ?? 0
    guard canSettle(chargeback.payment, pointer: "/payment") else { return }
    var account: MoneyAccount?
    if chargeback.stage != .lost || fee != 0 {
      guard let found = accountOfPayment(chargeback.payment) else { return }
      account = found
    }
    var moved: Int64 = 0
    switch chargeback.stage {
    case .opened:
      add(.disputeReceivable, amount, description: description, pointer: "/amount")
      moved = -amount
    case .won: moved = amount
    case .lost where policies.lostChargeback == .claim:
      reopen(amount, ofPayment: chargeback.payment, pointer: "/payment")
    case .lost:
      let undelivered = takeUndelivered(
        of: invoices(paidBy: chargeback.payment), within: amount)
      add(.chargebackLoss, amount - undelivered, description: description, pointer: "/amount")
    }
    add(.disputeFee, fee, description: description, pointer: "/fee")
    if let account {
      add(account.role, moved - fee, description: description, pointer: "/payment")
    }
    if chargeback.stage != .opened {
      add(.disputeReceivable, -amount, description: description, pointer: "/amount")
    }
    finishEntry(.chargeback, description: description)
  }

  private func invoices(paidBy item: DocumentIdentity) -> [DocumentIdentity] {
    guard case .payment(let payment)? = references.document(item)?.body else { return [] }
    return payment.applications.map { document.invoiceIdentity($0.invoice) }
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
