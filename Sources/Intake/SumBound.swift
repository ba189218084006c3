package import Ledger

extension Document {
  /// What all amounts of one document may sum to, signs left aside, in minor units: two digits more
  /// than one amount, so that no sum of them in any order leaves `Int64`.
  package static let maximumSum = Int128(Money.maximumMinorUnits) * 100

  /// Refuses a document whose amounts, each small enough, could overflow where they are added up.
  ///
  /// - Throws: `amount_too_large`.
  package func boundSums() throws(Problem) {
    guard sumOfMagnitudes > Document.maximumSum else { return }
    throw Problem(
      code: "amount_too_large",
      detail: "The amounts of the document sum to more than can be kept exactly",
      fix: "Correct the amounts, or split the document")
  }

  private var sumOfMagnitudes: Int128 {
    switch body {
    case .invoice(let invoice):
      invoice.content.sumOfMagnitudes + invoice.prepaidBy.reduce(0) { $0 + $1.amount.size }
    case .creditMemo(let memo):
      memo.content.sumOfMagnitudes + memo.appliesTo.reduce(0) { $0 + $1.amount.size }
    case .payment(let payment):
      payment.amount.size + payment.fees.reduce(0) { $0 + $1.amount.size }
        + payment.withholding.reduce(0) { $0 + $1.amount.size }
        + payment.applications.sumOfMagnitudes
    case .payout(let payout):
      payout.amount.size + payout.fees.reduce(0) { $0 + $1.amount.size }
    case .application(let application): application.applications.sumOfMagnitudes
    case .contractChange(let change): change.lines.sumOfMagnitudes
    case .ratedUsage(let usage):
      usage.items.reduce(0) { $0 + $1.amount.size + ($1.invoiced?.size ?? 0) }
    case .refund(let refund): refund.amount.size + refund.fees.reduce(0) { $0 + $1.amount.size }
    case .netting(let netting): netting.dueTo.size + netting.dueFrom.size
    case .chargeback, .writeOff, .withholdingCertificate, .void, .milestone, .periodRun: 0
    }
  }
}

extension BilledContent {
  fileprivate var sumOfMagnitudes: Int128 {
    lines.sumOfMagnitudes + documentTaxes.sumOfMagnitudes
  }
}

extension [DocumentLine] {
  fileprivate var sumOfMagnitudes: Int128 {
    reduce(0) { $0 + $1.net.size + $1.taxes.sumOfMagnitudes }
  }
}

extension [TaxDetail] {
  fileprivate var sumOfMagnitudes: Int128 {
    reduce(0) { sum, tax in
      sum + (tax.base?.size ?? 0) + (tax.amount?.size ?? 0) + (tax.accountingAmount?.size ?? 0)
    }
  }
}

extension [InvoiceApplication] {
  fileprivate var sumOfMagnitudes: Int128 {
    reduce(0) { sum, application in
      // The amount in the invoice's currency is compared and never added.
      sum + application.amount.size + (application.discount?.size ?? 0)
    }
  }
}

extension Money {
  fileprivate var size: Int128 { Int128(minorUnits.magnitude) }
}

extension StatedAmount {
  /// In minor units of the currency it names, else in its own last digit: the rules bound it once
  /// they know its currency.
  fileprivate var size: Int128 {
    let missing = max(0, (currency?.decimals ?? 0) - value.scale)
    return Int128(value.coefficient.magnitude) * PowersOfTen.int128(missing)
  }
}
