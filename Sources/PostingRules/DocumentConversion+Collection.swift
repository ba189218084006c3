import Ledger

// Money that one entity receives for another: the collector owes it, the owner's customer has paid.

extension DocumentConversion {
  /// The collector's side.
  mutating func collect(_ payment: Payment, for owner: LegalEntityID) {
    let description = describe("Payment")
    guard collects(for: owner, pointer: "/collectedFor") else { return }
    facts.method = payment.method.rawValue
    let account = moneyAccount(payment.account, pointer: "/account")
    let amount = payment.amount.minorUnits
    if let account {
      add(account.role, amount, absorbs: true, description: description, pointer: "/account")
    }
    facts.partner = owner
    add(.dueTo, -amount, description: description, pointer: "/collectedFor")
    finishEntry(.payment, description: description)
    facts.partner = nil
    if let account, !payment.fees.isEmpty {
      addFees(payment.fees, account: account, description: describe("Fees of payment"))
    }
  }

  /// The owner's side: what the collector owes takes the place of the money.
  mutating func convertAsOwner() {
    switch document.body {
    case .payment(let payment): receiveAsOwner(payment)
    case .refund(let refund): giveBackAsOwner(refund)
    case .chargeback(let chargeback): convert(chargeback)
    default: break
    }
  }

  private mutating func receiveAsOwner(_ payment: Payment) {
    let elsewhere = settleInOtherCurrencies(payment.applications)
    let description = describe("Payment to \(document.entity):")
    facts.method = payment.method.rawValue
    facts.partner = document.entity
    let received = converted(payment.amount.minorUnits)
    add(
      .dueFrom, payment.amount.minorUnits, functional: received, description: description,
      pointer: "/collectedFor")
    settle(payment, worth: received, elsewhere: elsewhere, description: description)
    finishEntry(.intercompany, description: description)
  }
}
