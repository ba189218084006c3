package import Ledger

extension Document {
  /// The document with a gross that is not negative: an invoice of −100 becomes a credit memo of
  /// 100 and the other way round, every sign turned. The identity keeps its type.
  ///
  /// - Throws: `cannot_mirror` where the opposite cannot say what this document says.
  package func mirroredWhereNegative() throws(Problem) -> Document {
    var result = self
    switch body {
    case .invoice(let invoice) where invoice.content.totals.gross.isNegative:
      guard !invoice.isPrepayment else {
        throw Problem(
          code: "cannot_mirror", pointer: "/totals/gross",
          detail: "A prepayment invoice has the negative gross \(invoice.content.totals.gross)",
          fix: "Hand it over as a credit memo that refers to the prepayment invoice")
      }
      result.body = .creditMemo(CreditMemo(content: invoice.content.negated))
    case .creditMemo(let memo) where memo.content.totals.gross.isNegative:
      guard memo.appliesTo.isEmpty else {
        throw Problem(
          code: "cannot_mirror", pointer: "/appliesTo",
          detail:
            "A credit memo with the negative gross \(memo.content.totals.gross) is an invoice, "
            + "and an invoice is not applied to others",
          fix: "Leave appliesTo out, or correct the totals")
      }
      result.body = .invoice(Invoice(content: memo.content.negated))
    default: break
    }
    return result
  }
}

extension BilledContent {
  /// The same lines, taxes and totals with every sign turned; prices per unit stay as they are.
  package var negated: BilledContent {
    BilledContent(
      lines: lines.map { line in
        var line = line
        line.net = -line.net
        line.quantity = line.quantity.map { -$0 }
        if let quantity = line.usage?.quantity { line.usage?.quantity = -quantity }
        line.taxes = line.taxes.map(\.negated)
        return line
      },
      totals: DocumentTotals(
        net: -totals.net, tax: -totals.tax, gross: -totals.gross, rounding: -totals.rounding,
        prepaid: -totals.prepaid),
      documentTaxes: documentTaxes.map(\.negated), precedingInvoices: precedingInvoices)
  }
}

extension TaxDetail {
  /// The same tax taken back.
  package var negated: TaxDetail {
    var result = self
    result.base = base.map { -$0 }
    result.amount = amount.map { -$0 }
    result.accountingAmount = accountingAmount.map { -$0 }
    return result
  }
}
