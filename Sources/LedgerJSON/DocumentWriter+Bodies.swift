import Ledger
import StrictJSON

extension DocumentWriter {
  static func body(of document: Document, to writer: inout JSONWriter) {
    switch document.body {
    case .invoice(let invoice): self.invoice(invoice, to: &writer)
    case .creditMemo(let memo): creditMemo(memo, to: &writer)
    case .payment(let payment): self.payment(payment, to: &writer)
    case .refund(let refund):
      writer.money("amount", refund.amount)
      writer.string("account", refund.account)
      origin("of", refund.of, to: &writer)
      if refund.stage != .issued { writer.string("stage", refund.stage.rawValue) }
      fees(refund.fees, to: &writer)
      writer.decimal("amountInOriginalCurrency", refund.amountInOriginalCurrency)
    case .chargeback(let chargeback):
      writer.money("amount", chargeback.amount)
      writer.string("payment", chargeback.payment.id)
      writer.money("fee", chargeback.fee)
      writer.string("stage", chargeback.stage.rawValue)
      writer.string("account", chargeback.account)
      writer.decimal("amountInOriginalCurrency", chargeback.amountInOriginalCurrency)
    case .writeOff(let writeOff):
      writer.string("invoice", writeOff.invoice.id)
      writer.money("amount", writeOff.amount)
      writer.string("reason", writeOff.reason)
      writer.flag("recovery", writeOff.isRecovery)
      writer.string("account", writeOff.account)
      writer.decimal("amountInOriginalCurrency", writeOff.amountInOriginalCurrency)
    case .payout(let payout): self.payout(payout, to: &writer)
    case .application(let application):
      origin("from", application.from, to: &writer)
      applications(application.applications, to: &writer)
    case .void(let voided):
      writer.key("of")
      writer.beginObject()
      writer.string("type", voided.type.rawValue)
      writer.string("id", voided.id)
      writer.endObject()
    case .milestone(let milestone):
      writer.string("line", milestone.line)
      switch milestone.reached {
      case .percent(let percent): writer.decimal("percent", percent)
      case .amount(let amount): writer.money("amount", amount)
      }
    case .contractChange(let change):
      writer.date("effective", change.effective)
      lines(change.lines, to: &writer)
    case .ratedUsage(let usage): ratedUsage(usage, in: document.currency, to: &writer)
    case .withholdingCertificate(let certificate):
      writer.string("payment", certificate.payment.id)
      writer.string("code", certificate.code)
      writer.money("amount", certificate.amount)
      writer.string("outcome", certificate.outcome.rawValue)
    case .netting(let netting):
      writer.string("partner", netting.partner.code)
      writer.money("dueTo", netting.dueTo)
      writer.money("dueFrom", netting.dueFrom)
      writer.string("account", netting.account)
      writer.string("partnerAccount", netting.partnerAccount)
    case .periodRun(let run):
      writer.key("run")
      writer.beginObject()
      writer.string("verb", run.verb.rawValue)
      writer.string("ledger", run.ledger)
      writer.string("period", run.period.text)
      writer.key("number")
      writer.number(run.number)
      writer.endObject()
    }
  }

  // MARK: Invoices and credit memos

  private static func invoice(_ invoice: Invoice, to writer: inout JSONWriter) {
    writer.date("dueDate", invoice.dueDate)
    content(invoice.content, to: &writer)
    writer.flag("prepayment", invoice.isPrepayment)
    writer.list("prepaidBy", invoice.prepaidBy) { writer, credit in
      originMember(credit.from, to: &writer)
      writer.money("amount", credit.amount)
    }
  }

  private static func creditMemo(_ memo: CreditMemo, to writer: inout JSONWriter) {
    content(memo.content, to: &writer)
    writer.list("appliesTo", memo.appliesTo) { writer, settlement in
      writer.string("invoice", settlement.invoice)
      writer.money("amount", settlement.amount)
    }
  }

  private static func content(_ content: BilledContent, to writer: inout JSONWriter) {
    lines(content.lines, to: &writer)
    writer.key("totals")
    writer.beginObject()
    writer.money("net", content.totals.net)
    writer.money("tax", content.totals.tax)
    writer.money("gross", content.totals.gross)
    if !content.totals.rounding.isZero { writer.money("rounding", content.totals.rounding) }
    if !content.totals.prepaid.isZero { writer.money("prepaid", content.totals.prepaid) }
    writer.endObject()
    taxes("documentTaxes", content.documentTaxes, to: &writer)
    writer.texts("precedingInvoices", content.precedingInvoices)
  }

  private static func lines(_ lines: [DocumentLine], to writer: inout JSONWriter) {
    writer.key("lines")
    writer.beginArray()
    for line in lines {
      writer.beginObject()
      self.line(line, to: &writer)
      writer.endObject()
    }
    writer.endArray()
  }

  private static func line(_ line: DocumentLine, to writer: inout JSONWriter) {
    writer.string("id", line.id)
    if line.kind != .charge { writer.string("kind", line.kind.rawValue) }
    writer.string("product", line.product)
    writer.string("family", line.family)
    writer.string("description", line.description)
    writer.decimal("quantity", line.quantity)
    writer.decimal("unitPrice", line.unitPrice)
    writer.money("net", line.net)
    taxes("taxes", line.taxes, to: &writer)
    writer.period("servicePeriod", line.servicePeriod)
    writer.string("deliveredBy", line.deliveredBy?.code)
    if let usage = line.usage {
      writer.key("usage")
      writer.beginObject()
      writer.string("meter", usage.meter)
      writer.decimal("quantity", usage.quantity)
      writer.period("period", usage.period)
      writer.endObject()
    }
    writer.pairs("dimensions", line.dimensions)
    writer.pairs("custom", line.custom)
  }

  private static func taxes(
    _ key: StaticString, _ taxes: [TaxDetail], to writer: inout JSONWriter
  ) {
    writer.list(key, taxes) { writer, tax in
      writer.string("code", tax.code)
      writer.string("category", tax.category?.rawValue)
      writer.decimal("rate", tax.rate)
      writer.money("base", tax.base)
      writer.money("amount", tax.amount)
      writer.string("jurisdiction", tax.jurisdiction)
      if let amount = tax.accountingAmount {
        writer.string("accountingAmount", amount.text)
        writer.string("accountingCurrency", amount.currency?.code)
      }
    }
  }

  // MARK: Money

  private static func payment(_ payment: Payment, to writer: inout JSONWriter) {
    writer.money("amount", payment.amount)
    writer.string("method", payment.method.rawValue)
    writer.string("account", payment.account)
    fees(payment.fees, to: &writer)
    writer.list("withholding", payment.withholding) { writer, withholding in
      writer.string("code", withholding.code)
      writer.money("amount", withholding.amount)
    }
    applications(payment.applications, to: &writer)
    writer.string("collectedFor", payment.collectedFor?.code)
    writer.flag("prepayment", payment.isAdvance)
  }

  private static func payout(_ payout: Payout, to writer: inout JSONWriter) {
    writer.string("from", payout.from)
    writer.string("to", payout.to)
    writer.money("amount", payout.amount)
    fees(payout.fees, to: &writer)
    writer.texts("items", payout.items)
  }

  private static func fees(_ fees: [Fee], to writer: inout JSONWriter) {
    writer.list("fees", fees) { writer, fee in
      writer.string("kind", fee.kind)
      writer.money("amount", fee.amount)
      if let tax = fee.tax {
        writer.key("tax")
        writer.beginObject()
        writer.string("code", tax.code)
        writer.money("amount", tax.amount)
        writer.endObject()
      }
    }
  }

  private static func applications(
    _ applications: [InvoiceApplication], to writer: inout JSONWriter
  ) {
    writer.list("applications", applications) { writer, application in
      writer.string("invoice", application.invoice)
      writer.money("amount", application.amount)
      writer.money("discount", application.discount)
      writer.decimal("amountInInvoiceCurrency", application.amountInInvoiceCurrency)
    }
  }

  private static func origin(
    _ key: StaticString, _ document: DocumentIdentity, to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.beginObject()
    originMember(document, to: &writer)
    writer.endObject()
  }

  private static func originMember(_ document: DocumentIdentity, to writer: inout JSONWriter) {
    if document.type == .payment {
      writer.string("payment", document.id)
    } else {
      writer.string("creditMemo", document.id)
    }
  }

  // MARK: Usage

  private static func ratedUsage(
    _ usage: RatedUsage, in currency: Currency, to writer: inout JSONWriter
  ) {
    writer.period("period", usage.period)
    writer.key("items")
    writer.beginArray()
    for item in usage.items {
      writer.beginObject()
      writer.string("customer", item.customer)
      writer.string("product", item.product)
      writer.string("meter", item.meter)
      writer.decimal("quantity", item.quantity)
      writer.money("amount", item.amount)
      writer.money("invoiced", item.invoiced)
      writer.endObject()
    }
    writer.endArray()
    writer.key("batch")
    writer.beginObject()
    writer.string("id", usage.batch)
    writer.key("count")
    writer.number(usage.items.count)
    writer.money("amount", try? Money.sum(usage.items.lazy.map(\.amount), in: currency))
    writer.endObject()
  }
}
