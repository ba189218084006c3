import Ledger

extension DocumentConversion {
  mutating func convert(_ payout: Payout) {
    let description = describe("Payout")
    let amount = payout.amount.minorUnits
    let from = moneyAccount(payout.from, pointer: "/from")
    let to = moneyAccount(payout.to, pointer: "/to")
    guard let from, let to else { return }
    facts.account = to.code
    add(to.role, amount, description: description, pointer: "/to")
    facts.account = from.code
    add(from.role, -amount, description: description, pointer: "/from")
    finishEntry(.payout, description: description)
    if !payout.fees.isEmpty {
      addFees(payout.fees, account: from, description: describe("Fees of payout"))
    }
  }
}
