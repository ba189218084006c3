import Intake
import Ledger

/// A result of intake as text that a person can check: one line for each part.
struct ResultText {
  private var lines: [String] = []

  init(_ result: IntakeResult) {
    switch result {
    case .document(let document): add(document)
    case .refused(let refusal): add(refusal)
    }
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func add(_ refusal: IntakeRefusal) {
    let identity = refusal.identity
    let parts = [identity.source, identity.type?.rawValue, identity.id].map { $0 ?? "?" }
    lines.append("refused \(parts.joined(separator: "/"))")
    for problem in refusal.problems {
      lines += ["\(problem.code) \(problem.pointer)", "  \(problem.detail)", "  → \(problem.fix)"]
    }
  }

  private mutating func add(_ document: Document) {
    lines.append("\(document.identity) as \(kind(of: document.body))")
    var head = "entity \(document.entity) reference \(document.reference)"
    head += " date \(document.documentDate) currency \(document.currency)"
    if case .invoice(let invoice) = document.body, let due = invoice.dueDate {
      head += " due \(due)"
    }
    lines.append(head)
    if let customer = document.customer {
      let parts = [customer.id, customer.name, customer.country, customer.taxID]
      lines.append("customer " + parts.map { $0 ?? "–" }.joined(separator: " | "))
    }
    lines.append("approved by \(document.approval.by) at \(document.approval.at ?? "acceptance")")
    for (name, value) in [
      ("contract", document.contract), ("order", document.purchaseOrder),
      ("project", document.project),
    ] {
      if let value { lines.append("\(name) \(value)") }
    }
    if let content = document.content { add(content) }
  }

  private func kind(of body: Document.Body) -> String {
    switch body {
    case .invoice(let invoice): invoice.isPrepayment ? "prepayment invoice" : "invoice"
    case .creditMemo: "credit memo"
    default: "something else"
    }
  }

  private mutating func add(_ content: BilledContent) {
    for line in content.lines {
      var text = "line \(line.id) \(line.kind.rawValue) [\(line.product)] net \(line.net.text)"
      if let quantity = line.quantity { text += " quantity \(quantity)" }
      if let price = line.unitPrice { text += " price \(price)" }
      for tax in line.taxes { text += " tax \(describe(tax))" }
      if let period = line.servicePeriod {
        text += " from \(period.from) through \(period.through)"
      }
      if let description = line.description { text += " “\(description)”" }
      lines.append(text)
    }
    for tax in content.documentTaxes { lines.append("tax \(describe(tax))") }
    let totals = content.totals
    lines.append(
      "net \(totals.net.text) tax \(totals.tax.text) gross \(totals.gross.text) "
        + "rounding \(totals.rounding.text) prepaid \(totals.prepaid.text) "
        + "payable \(totals.payable.text)")
    for invoice in content.precedingInvoices { lines.append("preceding \(invoice)") }
  }

  private func describe(_ tax: TaxDetail) -> String {
    var text = tax.code
    if tax.amount == nil, tax.base == nil { return text }
    text += " category \(tax.category?.rawValue ?? "–") rate \(tax.rate?.text ?? "–")"
    text += " base \(tax.base?.text ?? "–") amount \(tax.amount?.text ?? "–")"
    if let accounting = tax.accountingAmount { text += " accounting \(accounting)" }
    return text
  }
}
