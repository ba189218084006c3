import Ledger

extension DocumentConversion {
  mutating func convert(_ certificate: WithholdingCertificate) {
    let description = describe("Withholding certificate")
    let amount = certificate.amount.minorUnits
    guard let taken = take(amount, of: certificate.payment, part: .withheld, pointer: "/amount")
    else { return }
    facts.taxCode = certificate.code
    let role: AccountRole =
      certificate.outcome == .received ? .incomeTaxCreditable : .taxExpense
    add(
      role, amount, functional: taken.functional, description: description, pointer: "/amount")
    add(
      .withholdingTaxReceivable, -amount, functional: taken.functional.map { -$0 },
      description: taken.name, pointer: "/payment")
    facts.leaveTax()
    finishEntry(.withholding, description: description)
  }
}
