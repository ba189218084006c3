public import Ledger

extension AdapterDescriptor {
  /// Why the ERP cannot express an entry; nil when it can. The entry is then refused unsent.
  public func refusal(of entry: JournalEntry) -> Rejection? {
    guard entry.lines.count <= maximumLines else {
      return Rejection(
        .validation,
        Problem(
          code: "entry_too_long",
          detail: "The entry has \(entry.lines.count) lines; this connection takes "
            + "\(maximumLines) at most",
          fix: "Raise the connection's limit if the ERP takes more, or split the document"))
    }
    guard let reason = reason(against: entry) else { return nil }
    return Rejection(
      .validation,
      Problem(
        code: "not_expressible", pointer: reason.pointer,
        detail: "The entry cannot be written in this ERP: \(reason.text)", fix: reason.fix))
  }

  private struct Reason {
    var pointer = ""
    let text: String
    let fix: String
  }

  private func reason(against entry: JournalEntry) -> Reason? {
    let head = entry.head
    guard entryKinds.contains(head.kind) else {
      return Reason(
        pointer: "/kind",
        text: "adapter \(name) does not take entries of kind \(head.kind.rawValue)",
        fix: "Send entries of this kind through another connection, or post them by hand")
    }
    if let reason = currencyReason(head) { return reason }
    guard amounts != AmountLimits() || !carriesFunctionalAmounts else { return nil }
    // Lines are read in place: copying one costs more than looking at it.
    for index in entry.lines.indices {
      let amount = entry.lines[index].amount
      let functional = entry.lines[index].functionalAmount
      let pointer = "/lines/\(index)"
      if let reason = amountReason(amount, at: pointer + "/amount") { return reason }
      if carriesFunctionalAmounts,
        let reason = amountReason(functional, at: pointer + "/functionalAmount")
      {
        return reason
      }
      guard amount.isZero, !functional.isZero else { continue }
      guard amounts.takesZeroAmounts, carriesFunctionalAmounts else {
        return Reason(
          pointer: pointer + "/amount", text: "it takes no line of \(functional) without an amount",
          fix: "Post exchange differences in \(head.functionalCurrency), or by hand")
      }
    }
    return nil
  }

  private func currencyReason(_ head: EntryHead) -> Reason? {
    switch amounts.currencies {
    case .any: break
    case .functional:
      if head.currency != head.functionalCurrency {
        return Reason(
          pointer: "/currency",
          text:
            "its books take \(head.functionalCurrency) alone, and the entry is in \(head.currency)",
          fix: "Post it by hand, or through a connection that takes \(head.currency)")
      }
    case .only(let known):
      if !known.contains(head.currency) {
        return Reason(
          pointer: "/currency", text: "it does not take \(head.currency)",
          fix: "Enable \(head.currency) in the ERP and in the connection's file")
      }
    }
    guard head.currency == head.functionalCurrency || carriesFunctionalAmounts || head.rate != nil
    else {
      return Reason(
        pointer: "/rate",
        text: "it takes a rate instead of functional amounts, and the entry has none",
        fix: "Post it by hand, or through a connection that carries functional amounts")
    }
    return nil
  }

  private func amountReason(_ amount: Money, at pointer: String) -> Reason? {
    if let largest = amounts.largest, amount.minorUnits > largest {
      return Reason(
        pointer: pointer, text: "\(amount) is more than it takes on one line",
        fix: "Split the document, or post it by hand")
    }
    guard let decimals = amounts.decimals else { return nil }
    let spare = max(0, amount.currency.decimals - decimals)
    let unit = (0..<spare).reduce(into: Int64(1)) { unit, _ in unit *= 10 }
    guard amount.minorUnits.isMultiple(of: unit) else {
      return Reason(
        pointer: pointer, text: "\(amount) has more than the \(decimals) decimals that it keeps",
        fix: "Round the document in its source, or post it by hand")
    }
    return nil
  }
}
