import Ledger

/// Documents as a billing system hands them over.
enum SimulatedDocuments {
  static func identity(_ type: DocumentType, _ id: String) -> DocumentIdentity {
    DocumentIdentity(source: SimulatedGroup.source, type: type, id: id)
  }

  static func euros(_ cents: Int) -> Money {
    Money(minorUnits: Int64(cents), SimulatedGroup.currency)
  }

  private static func document(
    _ type: DocumentType, _ id: String, revision: Int = 1, entity: Int, customer: String,
    on day: CalendarDate = SimulatedGroup.day, body: Document.Body
  ) -> Document {
    Document(
      identity: identity(type, id), revision: revision,
      entity: SimulatedGroup.entity(entity), reference: id, documentDate: day,
      currency: SimulatedGroup.currency, customer: Customer(id: customer),
      approval: Approval(by: "run", at: nil), body: body)
  }

  private static func content(
    _ net: Int, product: String, deliveredBy deliverer: Int? = nil
  ) -> BilledContent {
    let zero = Money.zero(SimulatedGroup.currency)
    var line = DocumentLine(id: "1", product: product, net: euros(net))
    line.deliveredBy = deliverer.map { SimulatedGroup.entity($0) }
    return BilledContent(
      lines: [line],
      totals: DocumentTotals(
        net: euros(net), tax: zero, gross: euros(net), rounding: zero, prepaid: zero))
  }

  static func invoice(
    _ id: String, _ net: Int, revision: Int = 1, entity: Int, customer: String,
    on day: CalendarDate = SimulatedGroup.day, product: String = "P-1",
    deliveredBy deliverer: Int? = nil
  ) -> Document {
    document(
      .invoice, id, revision: revision, entity: entity, customer: customer, on: day,
      body: .invoice(Invoice(content: content(net, product: product, deliveredBy: deliverer))))
  }

  static func creditMemo(
    _ id: String, _ net: Int, to invoice: String, entity: Int, customer: String
  ) -> Document {
    document(
      .creditMemo, id, entity: entity, customer: customer,
      body: .creditMemo(
        CreditMemo(
          content: content(net, product: "P-2"),
          appliesTo: [CreditMemo.Settlement(invoice: invoice, amount: euros(net))])))
  }

  /// - Parameter applied: invoices with what is settled on each; the rest stays unapplied.
  static func payment(
    _ id: String, _ amount: Int, to applied: [(invoice: String, amount: Int)], entity: Int,
    customer: String
  ) -> Document {
    document(
      .payment, id, entity: entity, customer: customer,
      body: .payment(
        Payment(
          amount: euros(amount), method: .bankTransfer, account: "BANK",
          applications: applied.map {
            InvoiceApplication(invoice: $0.invoice, amount: euros($0.amount))
          })))
  }

  static func application(
    _ id: String, of payment: String, to invoice: String, _ amount: Int, entity: Int,
    customer: String
  ) -> Document {
    document(
      .application, id, entity: entity, customer: customer,
      body: .application(
        Application(
          from: identity(.payment, payment),
          applications: [InvoiceApplication(invoice: invoice, amount: euros(amount))])))
  }
}

extension Document {
  /// `invoice I-3 r2`.
  var storyName: String {
    revision == 1
      ? "\(identity.type.rawValue) \(identity.id)"
      : "\(identity.type.rawValue) \(identity.id) revision \(revision)"
  }
}
