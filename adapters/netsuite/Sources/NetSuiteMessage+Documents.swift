import AdapterKit
import Ledger

/// NetSuite's own invoices, credit memos and customer payments.
extension NetSuiteMessage {
  /// nil for entries that no native record stands for: they go out as journal entries.
  ///
  /// - Throws: ``Rejection`` where the document is one of them and says more than the record can: a
  ///   journal entry in its place would leave the subledger wrong.
  init?(
    native submission: Submission, _ source: SourceDocument, _ settings: NetSuiteSettings
  ) throws(Rejection) {
    let document = source.document
    switch (submission.entry.head.kind, document.body) {
    case (.invoice, .invoice(let invoice)):
      guard !invoice.isPrepayment else { throw .notNative("a prepayment invoice", submission.key) }
      try self.init(.invoice, invoice.content, submission, document, settings)
      if let date = invoice.dueDate { body.append("dueDate", .text(date.text)) }
    case (.creditMemo, .creditMemo(let memo)):
      try self.init(.creditMemo, memo.content, submission, document, settings)
      var applied: [NetSuiteValue] = []
      for settlement in memo.appliesTo {
        applied.append(
          try Self.application(
            settlement.invoice, settlement.amount, source, submission.key))
      }
      addApplications(applied)
    case (.payment, .payment(let payment)):
      try self.init(payment, submission, source, settings)
    default: return nil
    }
  }

  private init(
    _ record: NetSuiteRecord, _ content: BilledContent, _ submission: Submission,
    _ document: Document, _ settings: NetSuiteSettings
  ) throws(Rejection) {
    let key = submission.key
    guard let customer = document.customer else { throw .notNative("no customer", key) }
    guard content.totals.prepaid.isZero, content.totals.rounding.isZero else {
      throw .notNative("a prepaid or rounded total", key)
    }
    var body = Self.head(submission, settings)
    body.append("entity", .reference(NetSuiteReference(kind: .customers, code: customer.id)))
    var items: [NetSuiteValue] = []
    for line in content.lines {
      guard let item = settings.items[line.product] ?? settings.items["*"] else {
        throw .unsent(
          .validation, key, "no item of NetSuite is named for the product '\(line.product)'",
          fix: "Name one under 'items' of the connection; '*' stands for any product")
      }
      var value = NetSuiteValue.object([
        "item": .reference(NetSuiteReference(kind: .items, code: item)),
        "quantity": line.quantity.map { .number($0.text) },
        "rate": line.unitPrice.map { .number($0.text) }, "amount": .number(line.net.text),
        "description": .filled(line.description),
        "taxCode": try Self.taxCode(line, key, settings),
      ])
      let dimensions = line.dimensions.filled(from: document.dimensions)
      for field in try Self.fields(dimensions, key, settings) {
        value.append(field.name, field.value)
      }
      items.append(value)
    }
    body.append("item", .object(["items": .list(items)]))
    self.init(record: record, body: body)
  }

  private static func taxCode(
    _ line: DocumentLine, _ key: PostingKey, _ settings: NetSuiteSettings
  ) throws(Rejection) -> NetSuiteValue? {
    guard line.taxes.count <= 1 else { throw .notNative("a line with several taxes", key) }
    guard let code = line.taxes.first?.code else { return nil }
    guard let known = settings.taxCodes[code] else {
      throw .unsent(
        .tax, key, "no tax code of NetSuite is named for '\(code)'",
        fix: "Name one under 'taxCodes' of the connection")
    }
    return .reference(NetSuiteReference(kind: .taxCodes, code: known))
  }

  private init(
    _ payment: Payment, _ submission: Submission, _ source: SourceDocument,
    _ settings: NetSuiteSettings
  ) throws(Rejection) {
    let key = submission.key
    let lines = submission.entry.lines
    guard let customer = source.document.customer else { throw .notNative("no customer", key) }
    guard payment.withholding.isEmpty, payment.collectedFor == nil,
      payment.applications.allSatisfy({ $0.discount == nil && $0.amountInInvoiceCurrency == nil })
    else { throw .notNative("a discount, a withholding or a second currency", key) }
    let money = lines.filter { [.bank, .processorClearing].contains($0.role) }
    guard money.count == 1, money[0].amount == payment.amount else {
      throw .notNative("money on other than one account", key)
    }
    var body = Self.head(submission, settings)
    body.append("customer", .reference(NetSuiteReference(kind: .customers, code: customer.id)))
    body.append("payment", .number(payment.amount.text))
    body.append(
      "account", .reference(NetSuiteReference(kind: .accounts, code: money[0].account.code)))
    if let control = lines.first(where: { $0.role == .receivable }) {
      body.append(
        "arAcct", .reference(NetSuiteReference(kind: .accounts, code: control.account.code)))
    }
    // What the ERP would apply by itself is not what was approved.
    body.append("autoApply", .flag(false))
    self.init(record: .customerPayment, body: body)
    var applied: [NetSuiteValue] = []
    for application in payment.applications {
      applied.append(
        try Self.application(application.invoice, application.amount, source, key))
    }
    addApplications(applied)
  }

  private mutating func addApplications(_ applied: [NetSuiteValue]) {
    if !applied.isEmpty { body.append("apply", .object(["items": .list(applied)])) }
  }

  private static func application(
    _ invoice: String, _ amount: Money, _ source: SourceDocument, _ key: PostingKey
  ) throws(Rejection) -> NetSuiteValue {
    let identity = DocumentIdentity(
      source: source.document.identity.source, type: .invoice, id: invoice)
    guard let posted = source.references[identity] else {
      throw .unsent(
        .validation, key, "invoice '\(invoice)' was not posted through this connection",
        fix: "Post the invoice first, or apply it in NetSuite by hand")
    }
    return .object([
      "doc": .id(posted.receipt.id), "apply": .flag(true), "amount": .number(amount.text),
    ])
  }
}

extension Rejection {
  fileprivate static func notNative(_ what: String, _ key: PostingKey) -> Rejection {
    .unsent(
      .validation, key, "NetSuite's own record cannot say it: \(what)",
      fix: "Post it by hand, or through a connection with postAs: journal")
  }
}
