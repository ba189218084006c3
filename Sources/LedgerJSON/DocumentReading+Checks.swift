import Ledger
import StrictJSON

extension DocumentReading {
  /// Adds up what the totals state: net, tax, gross and payable, exactly.
  mutating func check(
    _ totals: Totals, of content: BilledContent, lines areLinesRead: Bool, taxes areTaxesRead: Bool
  ) {
    checkSigns(totals)
    let stated = totals.stated
    if areLinesRead {
      compare(
        stated.net, with: minorUnits(content.lines.lazy.map(\.net)), at: totals.slots[.net],
        "totals_net", "net", "the lines sum to")
    }
    if areTaxesRead {
      let sum =
        content.documentTaxes.isEmpty
        ? content.lines.reduce(Int128(0)) { $0 + minorUnits($1.taxes.lazy.compactMap(\.amount)) }
        : minorUnits(content.documentTaxes.lazy.compactMap(\.amount))
      compare(
        stated.tax, with: sum, at: totals.slots[.tax], "totals_tax", "tax",
        content.documentTaxes.isEmpty
          ? "the taxes of the lines sum to" : "documentTaxes sum to")
    }
    compare(
      stated.gross, with: minorUnits([stated.net, stated.tax]), at: totals.slots[.gross],
      "totals_gross", "gross", "net and tax give")
    if let payable = totals.payable {
      compare(
        payable, with: minorUnits([stated.gross, stated.rounding, -stated.prepaid]),
        at: totals.slots[.payable], "totals_payable", "payable",
        "gross plus rounding less prepaid is")
    }
  }

  /// Net, tax and gross are not negative; where intake mirrors, all three may be.
  private mutating func checkSigns(_ totals: Totals) {
    let isTurned = options.allowsNegativeGross && totals.stated.gross.isNegative
    let parts = [
      (TotalsField.net, totals.stated.net), (.tax, totals.stated.tax),
      (.gross, totals.stated.gross),
    ]
    for (field, amount) in parts where (isTurned ? -amount : amount).isNegative {
      guard let node = totals.slots[field] else { continue }
      note(
        "negative_amount", at: node,
        isTurned
          ? "\(field) is \(amount) although gross is below zero"
          : "\(field) is \(amount), below zero",
        fix: "Send net, tax and gross of one sign; the opposite type turns the direction")
    }
  }

  private mutating func compare(
    _ stated: Money, with sum: Int128, at node: Int?, _ code: String, _ name: String,
    _ phrase: String
  ) {
    guard Int128(stated.minorUnits) != sum, let node else { return }
    let sumText =
      Int64(exactly: sum).map { Money(minorUnits: $0, stated.currency).description }
      ?? "more than can be kept"
    note(
      code, at: node, "totals.\(name) is \(stated), but \(phrase) \(sumText)",
      fix: "Correct the totals or the lines in the billing system and hand the document over again")
  }

  func minorUnits(_ amounts: some Sequence<Money>) -> Int128 {
    amounts.reduce(Int128(0)) { $0 + Int128($1.minorUnits) }
  }
}
