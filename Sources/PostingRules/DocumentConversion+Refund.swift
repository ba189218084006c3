import Ledger

extension DocumentConversion {
  mutating func convert(_ refund: Refund) {
    let description = describe("Refund")
    let amount = refund.amount.minorUnits
    guard let account = moneyAccount(refund.account, pointer: "/account") else { return }
    if refund.of.type == .payment {
      addRefund(amount, ofPayment: refund.of)
    } else if let name = take(amount, of: refund.of, part: .credit, pointer: "/of") {
      add(.customerCredit, amount, description: name, pointer: "/of")
    }
    add(account.role, -amount, description: description, pointer: "/account")
    finishEntry(.refund, description: description)
  }

  /// What of a payment is unapplied goes first; for the rest the customer owes again.
  private mutating func addRefund(_ amount: Int64, ofPayment item: DocumentIdentity) {
    guard amount >= 0 else {
      return stopUntreated("refunds of payments that came back", pointer: "/amount")
    }
    let unapplied = min(amount, max(0, unappliedCash(of: item)))
    if unapplied > 0, let name = take(unapplied, of: item, part: .credit, pointer: "/of") {
      add(.unappliedCash, unapplied, description: name, pointer: "/of")
    }
    reopen(amount - unapplied, ofPayment: item, pointer: "/of")
  }

  private func unappliedCash(of item: DocumentIdentity) -> Int64 {
    if let stored = references.stored(item) { return stored.credit.minorUnits }
    guard case .payment(let payment)? = references.document(item)?.body else { return 0 }
    let withheld = payment.withholding.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    let applied = payment.applications.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
    return Int64(clamping: Int128(payment.amount.minorUnits) + withheld - applied)
  }

  /// Debits the receivable, and opens the payment's invoices again, the last first.
  mutating func reopen(_ amount: Int64, ofPayment item: DocumentIdentity, pointer: String) {
    guard amount > 0, canSettle(item, pointer: pointer) else { return }
    let other = references.document(item)
    add(.receivable, amount, description: other?.reference ?? item.id, pointer: pointer)
    guard case .payment(let payment)? = other?.body else { return }
    var rest = amount
    for application in payment.applications.reversed() where rest > 0 {
      let part = min(rest, application.amount.minorUnits)
      let invoice = DocumentIdentity(source: item.source, type: .invoice, id: application.invoice)
      change(invoice, .receivable, by: part)
      rest -= part
    }
    guard rest > 0, references.stored(item) != nil else { return }
    stop(
      .overSettled, pointer: "/amount",
      detail: "\(document.title) takes back \(money(rest).text) \(currency) more than "
        + "\(other?.title ?? item.id) still holds", fix: "Correct the amount",
      cause: "\(document.entity) \(item)", amount: money(rest))
  }
}
