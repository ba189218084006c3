import JournalExport
import Ledger
import Testing

enum Sample {
  static let reason = AccountReason(table: "accounts/revenue.yaml", row: 1, because: "a, b")

  static func text(
    _ format: JournalFormat, _ entries: [() throws -> ExportedEntry]
  ) throws -> String {
    var writer = format.writer(AccountPaths())
    return try entries.reduce(into: writer.head()) { $0 += writer.text(of: try $1()) }
  }

  static func head(
    _ kind: EntryKind, _ currency: String, _ functional: String, entity: String = "US01"
  ) -> EntryHead {
    EntryHead(
      legalEntity: LegalEntityID(entity), kind: kind, postingDate: day("2026-04-15"),
      documentDate: day("2026-04-14"), currency: Currency(currency) ?? .none,
      functionalCurrency: Currency(functional) ?? .none, reference: "", description: "",
      source: EntrySource(
        document: DocumentIdentity(source: "billing", type: .payment, id: "PAY-1"), revision: 1),
      rulesVersion: "sha256:0")
  }

  static func line(
    _ role: AccountRole, _ account: String, _ side: Side, _ amount: String,
    _ currency: String, functional: String? = nil, in functionalCurrency: String? = nil,
    party: String? = nil
  ) -> JournalLine {
    JournalLine(
      role: role, account: AccountCode(account), side: side, amount: money(amount, currency),
      functionalAmount: money(functional ?? amount, functionalCurrency ?? currency), party: party,
      description: "", reason: reason)
  }

  /// Euro settled in books that are kept in dollars.
  static func payment() throws -> ExportedEntry {
    var head = head(.payment, "EUR", "USD")
    head.reference = "PAY (1)"
    head.description = "Payment; of | odd\nname"
    head.source.document = DocumentIdentity(source: "billing", type: .payment, id: "PAY-1")
    let entry = try JournalEntry(
      head,
      lines: [
        line(.bank, "1810", .debit, "1000.00", "EUR", functional: "1090.00", in: "USD"),
        line(.realisedFXLoss, "7000", .debit, "0.00", "EUR", functional: "10.00", in: "USD"),
        line(
          .receivable, "1200", .credit, "1000.00", "EUR", functional: "1100.00", in: "USD",
          party: "C, 1"),
      ])
    return ExportedEntry(
      key: "KEY0000000000001", set: "SET", entry: entry, state: "posted", erpNumber: "=1+2")
  }

  static func yen() throws -> ExportedEntry {
    var head = head(.invoice, "JPY", "JPY", entity: "jP01")
    head.reference = "INV-1"
    head.description = "a \"quoted\" \\ name"
    head.source.document = DocumentIdentity(source: "billing", type: .invoice, id: "INV-1")
    let entry = try JournalEntry(
      head,
      lines: [
        line(.receivable, "receivable", .debit, "90", "JPY", party: "C,1"),
        line(.revenue, "4400/1", .credit, "90", "JPY"),
      ])
    return ExportedEntry(key: "KEY0000000000002", set: "SET", entry: entry, state: "due")
  }

  private static func day(_ text: String) -> CalendarDate { CalendarDate(text) ?? .first }

  private static func money(_ text: String, _ currency: String) -> Money {
    let currency = Currency(currency) ?? .none
    return (try? Money(text, currency)) ?? .zero(currency)
  }
}

extension Currency {
  /// No currency: what a mistyped code of a test gives.
  fileprivate static var none: Currency {
    guard let currency = Currency("XXX") else { preconditionFailure("ISO 4217 has XXX") }
    return currency
  }
}
