import AdapterConformance
import AdapterKit
import Ledger
import Testing

/// Documents that NetSuite has records of its own for.
enum DocumentSample: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case invoice = "native-invoice"
  case creditMemo = "native-credit-memo"
  case payment = "native-payment"

  static let all = allCases
  static let settings: [String: TestValue] = [
    "postAs": "document", "items": ["PRO": "311", "*": "999"], "taxCodes": ["DE-19": "17"],
  ]

  var testDescription: String { rawValue }

  var record: String {
    switch self {
    case .invoice: "invoice"
    case .creditMemo: "creditMemo"
    case .payment: "customerPayment"
    }
  }

  var submission: Submission {
    get throws {
      let euro = try #require(Currency("EUR"))
      return try submission(in: euro)
    }
  }

  private func submission(in euro: Currency) throws -> Submission {
    func money(_ units: Int64) -> Money { Money(minorUnits: units, euro) }
    let lines = [
      DocumentLine(
        id: "1", product: "PRO", description: "Pro plan", quantity: ExactDecimal(2),
        unitPrice: ExactDecimal(50), net: money(10_000),
        taxes: [TaxDetail(code: "DE-19", category: .standard, amount: money(1_900))],
        dimensions: ["costCenter": "CC-10"]),
      DocumentLine(id: "2", kind: .discount, product: "WELCOME", net: money(-1_000)),
    ]
    let content = BilledContent(
      lines: lines,
      totals: DocumentTotals(
        net: money(9_000), tax: money(1_900), gross: money(10_900), rounding: money(0),
        prepaid: money(0)))
    let body: Document.Body
    let kind: EntryKind
    var entryLines: [(AccountRole, String, Side)] = [
      (.receivable, "1200", .debit), (.revenue, "4400", .credit),
    ]
    switch self {
    case .invoice:
      kind = .invoice
      body = .invoice(Invoice(dueDate: CalendarDate("2026-11-30"), content: content))
    case .creditMemo:
      kind = .creditMemo
      body = .creditMemo(
        CreditMemo(
          content: content,
          appliesTo: [CreditMemo.Settlement(invoice: "INV-1", amount: money(10_900))]))
      entryLines = [(.revenue, "4400", .debit), (.receivable, "1200", .credit)]
    case .payment:
      kind = .payment
      body = .payment(
        Payment(
          amount: money(10_900), method: .bankTransfer, account: "main",
          applications: [InvoiceApplication(invoice: "INV-1", amount: money(10_900))]))
      entryLines = [(.bank, "1800", .debit), (.receivable, "1200", .credit)]
    }
    let plain = SampleEntry.plain(7, euro)
    var head = plain.entry.head
    head.kind = kind
    let reason = plain.entry.lines[0].reason
    let entry = try JournalEntry(
      head,
      lines: entryLines.map { role, account, side in
        JournalLine(
          role: role, account: AccountCode(account), side: side, amount: money(10_900),
          functionalAmount: money(10_900), description: "", reason: reason)
      })
    let type: DocumentType = self == .payment ? .payment : self == .invoice ? .invoice : .creditMemo
    let document = Document(
      identity: DocumentIdentity(source: "conformance", type: type, id: "INV-7"),
      entity: head.legalEntity, reference: "INV-7", documentDate: head.documentDate,
      currency: euro, customer: Customer(id: "C-1007"), approval: Approval(by: "me", at: nil),
      body: body)
    let invoice = DocumentIdentity(source: "conformance", type: .invoice, id: "INV-1")
    return Submission(
      key: plain.key, entry: entry,
      document: SourceDocument(
        document,
        references: [
          invoice: PostedDocument(
            key: plain.key, receipt: Receipt(id: "64390", number: "INV64390"))
        ]))
  }
}
