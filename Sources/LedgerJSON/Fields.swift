import Ledger

/// Every member the canonical document may have at its top, over all types.
enum RootField: Int, Field {
  case schema, type, mirrored, source, id, revision, entity, reference, documentDate, postingDate
  case currency, exchangeRate, customer, approval, contract, purchaseOrder, project, dimensions
  case custom
  // invoice, creditMemo, contractChange
  case dueDate, lines, totals, documentTaxes, prepayment, precedingInvoices, appliesTo
  case prepaidBy
  // payment
  case amount, method, account, fees, withholding, applications, collectedFor
  // the other types
  case of, payment, fee, stage, invoice, reason, recovery, from, to, items, line, percent
  case effective, period, batch, code, outcome, run, amountInOriginalCurrency
  case partner, dueTo, dueFrom, partnerAccount

  typealias Storage = ManySlots
  static let table = FieldTable(RootField.self)

  static let envelope: FieldSet<RootField> = [
    .schema, .type, .source, .id, .revision, .entity, .reference, .documentDate, .postingDate,
    .currency, .exchangeRate, .customer, .approval, .contract, .purchaseOrder, .project,
    .dimensions, .custom, .mirrored,
  ]

  /// The members that one kind of body has beside the envelope.
  static func body(of type: DocumentType) -> FieldSet<RootField> {
    switch type {
    case .invoice: BodyFields.invoice
    case .creditMemo: BodyFields.creditMemo
    case .payment: BodyFields.payment
    case .refund: BodyFields.refund
    case .chargeback: BodyFields.chargeback
    case .writeOff: BodyFields.writeOff
    case .payout: BodyFields.payout
    case .application: BodyFields.application
    case .void: BodyFields.void
    case .milestone: BodyFields.milestone
    case .contractChange: BodyFields.contractChange
    case .ratedUsage: BodyFields.ratedUsage
    case .withholdingCertificate: BodyFields.withholdingCertificate
    case .netting: BodyFields.netting
    case .periodRun: BodyFields.periodRun
    }
  }
}

/// The members that each kind of body has beside the envelope.
private enum BodyFields {
  static let invoice: FieldSet<RootField> = [
    .dueDate, .lines, .totals, .documentTaxes, .prepayment, .precedingInvoices, .prepaidBy,
  ]
  static let creditMemo: FieldSet<RootField> = [
    .lines, .totals, .documentTaxes, .precedingInvoices, .appliesTo,
  ]
  static let payment: FieldSet<RootField> = [
    .amount, .method, .account, .fees, .withholding, .applications, .collectedFor, .prepayment,
  ]
  static let refund: FieldSet<RootField> = [
    .amount, .account, .of, .stage, .fees, .amountInOriginalCurrency,
  ]
  static let chargeback: FieldSet<RootField> = [
    .amount, .payment, .fee, .stage, .account, .amountInOriginalCurrency,
  ]
  static let writeOff: FieldSet<RootField> = [
    .invoice, .amount, .reason, .recovery, .account, .amountInOriginalCurrency,
  ]
  static let payout: FieldSet<RootField> = [.from, .to, .amount, .fees, .items]
  static let application: FieldSet<RootField> = [.from, .applications]
  static let void: FieldSet<RootField> = [.of]
  static let milestone: FieldSet<RootField> = [.line, .percent, .amount]
  static let contractChange: FieldSet<RootField> = [.effective, .lines]
  static let ratedUsage: FieldSet<RootField> = [.period, .items, .batch]
  static let withholdingCertificate: FieldSet<RootField> = [.payment, .code, .amount, .outcome]
  static let netting: FieldSet<RootField> = [
    .partner, .dueTo, .dueFrom, .account, .partnerAccount,
  ]
  static let periodRun: FieldSet<RootField> = [.run]
}

enum CustomerField: Int, Field {
  case id, name, country, taxId, parent
  static let table = FieldTable(CustomerField.self)
}

enum ApprovalField: Int, Field {
  case by, at
  static let table = FieldTable(ApprovalField.self)
}

enum ExchangeRateField: Int, Field {
  case to, rate, date, source
  static let table = FieldTable(ExchangeRateField.self)
}

enum LineField: Int, Field {
  case id, kind, product, family, description, quantity, unitPrice, net, taxes, servicePeriod
  case deliveredBy, usage, dimensions, custom
  static let table = FieldTable(LineField.self)
}

enum UsageField: Int, Field {
  case meter, quantity, period
  static let table = FieldTable(UsageField.self)
}

enum TaxField: Int, Field {
  case code, category, rate, base, amount, jurisdiction, accountingAmount, accountingCurrency
  static let table = FieldTable(TaxField.self)
}

enum TotalsField: Int, Field {
  case net, tax, gross, rounding, prepaid, payable
  static let table = FieldTable(TotalsField.self)
}

enum PeriodField: Int, Field {
  case from, through
  static let table = FieldTable(PeriodField.self)
}

enum SettlementField: Int, Field {
  case invoice, amount
  static let table = FieldTable(SettlementField.self)
}

enum InvoiceApplicationField: Int, Field {
  case invoice, amount, discount, amountInInvoiceCurrency
  static let table = FieldTable(InvoiceApplicationField.self)
}

enum FeeField: Int, Field {
  case kind, amount, tax
  static let table = FieldTable(FeeField.self)
}

enum FeeTaxField: Int, Field {
  case code, amount
  static let table = FieldTable(FeeTaxField.self)
}

enum CreditField: Int, Field {
  case payment, creditMemo, amount
  static let table = FieldTable(CreditField.self)
}

enum WithholdingField: Int, Field {
  case code, amount
  static let table = FieldTable(WithholdingField.self)
}

enum OriginField: Int, Field {
  case payment, creditMemo
  static let table = FieldTable(OriginField.self)
}

enum VoidedField: Int, Field {
  case type, id
  static let table = FieldTable(VoidedField.self)
}

enum UsageItemField: Int, Field {
  case customer, product, meter, quantity, amount, invoiced
  static let table = FieldTable(UsageItemField.self)
}

enum BatchField: Int, Field {
  case id, count, amount
  static let table = FieldTable(BatchField.self)
}

enum RunField: Int, Field {
  case verb, ledger, period, number
  static let table = FieldTable(RunField.self)
}
