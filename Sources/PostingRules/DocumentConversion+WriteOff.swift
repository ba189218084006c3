import Ledger

extension DocumentConversion {
  mutating func convert(_ writeOff: WriteOff) {
    let description = describe(writeOff.isRecovery ? "Recovery" : "Write-off")
    let amount = writeOff.amount.minorUnits
    let sign: Int64 = writeOff.isRecovery ? -1 : 1
    if !writeOff.isRecovery, policies.deferral, hasServicePeriods(writeOff.invoice) {
      stopUntreated("writing off an invoice with deferred revenue", pointer: "/invoice")
    }
    guard
      let name = take(
        sign * amount, of: writeOff.invoice, part: .receivable, pointer: "/invoice")
    else { return }
    let role: AccountRole = writeOff.isRecovery ? .badDebtRecovered : .badDebt
    if writeOff.isRecovery { add(.receivable, amount, description: name, pointer: "/invoice") }
    if !policies.badDebtTaxRelief {
      add(role, sign * amount, description: name, pointer: "/amount")
    } else if let content = billedContent(
      of: writeOff.invoice, for: "the tax in the amount", pointer: "/invoice")
    {
      addShare(
        of: amount, like: content, role: role, sign: sign, description: name, pointer: "/amount")
    }
    if !writeOff.isRecovery { add(.receivable, -amount, description: name, pointer: "/invoice") }
    finishEntry(writeOff.isRecovery ? .recovery : .writeOff, description: description)
  }

  private func hasServicePeriods(_ item: DocumentIdentity) -> Bool {
    guard case .invoice(let invoice)? = references.document(item)?.body else { return false }
    return invoice.content.lines.contains { $0.servicePeriod != nil }
  }
}
