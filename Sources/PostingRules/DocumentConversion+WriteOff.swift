import Ledger

extension DocumentConversion {
  mutating func convert(_ writeOff: WriteOff) {
    let description = describe(writeOff.isRecovery ? "Recovery" : "Write-off")
    let amount = writeOff.amount.minorUnits
    let sign: Int64 = writeOff.isRecovery ? -1 : 1
    guard
      let name = take(
        sign * amount, of: writeOff.invoice, part: .receivable, pointer: "/invoice")
    else { return }
    let role: AccountRole = writeOff.isRecovery ? .badDebtRecovered : .badDebt
    if writeOff.isRecovery { add(.receivable, amount, description: name, pointer: "/invoice") }
    let undelivered =
      writeOff.isRecovery ? 0 : takeUndelivered(of: [writeOff.invoice], within: amount)
    if !policies.badDebtTaxRelief {
      add(role, sign * amount - undelivered, description: name, pointer: "/amount")
    } else if let content = billedContent(
      of: writeOff.invoice, for: "the tax in the amount", pointer: "/invoice")
    {
      addShare(
        of: amount, like: content, role: role, sign: sign, less: undelivered, description: name,
        pointer: "/amount")
    }
    if !writeOff.isRecovery { add(.receivable, -amount, description: name, pointer: "/invoice") }
    finishEntry(writeOff.isRecovery ? .recovery : .writeOff, description: description)
  }
}
