import Ledger
import LedgerJSON
import StrictJSON
import Testing

@Suite struct EntryWriterTests {
  private static func entry(
    rate: ExchangeRate? = nil, functionalCurrency: Currency, reverses: String? = nil
  ) throws -> JournalEntry {
    let eur = try #require(Currency("EUR"))
    let date = try #require(CalendarDate("2026-10-31"))
    let reason = AccountReason(
      table: "accounts/receivable.yaml", row: 1, because: "entity = ACME-DE")
    let amount = Money(minorUnits: 149_940, eur)
    let functional = try rate?.convert(amount) ?? amount
    return try JournalEntry(
      EntryHead(
        legalEntity: LegalEntityID("ACME-DE"), kind: .invoice, postingDate: date,
        documentDate: date, currency: eur, functionalCurrency: functionalCurrency, rate: rate,
        reference: "INV-2026-00042", description: "Invoice INV-2026-00042 Nordlicht GmbH",
        source: EntrySource(
          document: DocumentIdentity(source: "billing-eu", type: .invoice, id: "INV-2026-00042"),
          revision: 1), reverses: reverses, rulesVersion: "sha256:00"),
      lines: [
        JournalLine(
          role: .receivable, account: AccountCode("1200"), side: .debit, amount: amount,
          functionalAmount: functional, party: "C-1007", description: "Nordlicht GmbH",
          reason: reason),
        JournalLine(
          role: .taxPayable, account: AccountCode("3806"), side: .credit, amount: amount,
          functionalAmount: functional,
          tax: JournalLine.Tax(
            code: "DE-19", category: nil, rate: ExactDecimal("19"),
            base: Money(minorUnits: 126_000, eur)), dimensions: ["department": "CS"],
          description: "DE-19", reason: reason),
      ])
  }

  @Test func `writes an entry as the contract shows it`() throws {
    let eur = try #require(Currency("EUR"))
    let key = try #require(PostingKey("7KQ2M0XW4D9RT3BA"))
    let bytes = EntryWriter.bytes(
      of: try EntryWriterTests.entry(functionalCurrency: eur),
      identity: EntryWriter.Identity(id: "17", key: key, set: "9"), layout: .indented)
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"""
        {
          "id": "17",
          "key": "7KQ2M0XW4D9RT3BA",
          "set": "9",
          "entity": "ACME-DE",
          "ledger": "primary",
          "kind": "invoice",
          "postingDate": "2026-10-31",
          "documentDate": "2026-10-31",
          "period": "2026-10",
          "currency": "EUR",
          "functionalCurrency": "EUR",
          "rate": null,
          "reference": "INV-2026-00042",
          "description": "Invoice INV-2026-00042 Nordlicht GmbH",
          "source": {
            "system": "billing-eu",
            "type": "invoice",
            "id": "INV-2026-00042",
            "revision": 1
          },
          "reverses": null,
          "rulesVersion": "sha256:00",
          "lines": [
            {
              "number": 1,
              "role": "receivable",
              "account": "1200",
              "side": "debit",
              "amount": "1499.40",
              "functionalAmount": "1499.40",
              "party": "C-1007",
              "tax": null,
              "dimensions": {},
              "description": "Nordlicht GmbH",
              "why": {
                "table": "accounts/receivable.yaml",
                "row": 1,
                "because": "entity = ACME-DE"
              }
            },
            {
              "number": 2,
              "role": "taxPayable",
              "account": "3806",
              "side": "credit",
              "amount": "1499.40",
              "functionalAmount": "1499.40",
              "party": null,
              "tax": {
                "code": "DE-19",
                "rate": "19",
                "base": "1260.00"
              },
              "dimensions": {
                "department": "CS"
              },
              "description": "DE-19",
              "why": {
                "table": "accounts/receivable.yaml",
                "row": 1,
                "because": "entity = ACME-DE"
              }
            }
          ]
        }
        """#)
  }

  @Test func `writes the rate, what is reversed, and the decimals of each currency`() throws {
    let eur = try #require(Currency("EUR"))
    let jpy = try #require(Currency("JPY"))
    let date = try #require(CalendarDate("2026-10-31"))
    let rate = try ExchangeRate(
      from: eur, to: jpy, rate: ExactDecimal("161.50"), date: date, source: "ECB")
    let entry = try EntryWriterTests.entry(
      rate: rate, functionalCurrency: jpy, reverses: "0000000000000000")
    let text = String(decoding: EntryWriter.bytes(of: entry, identity: nil), as: UTF8.self)
    #expect(text.hasPrefix(#"{"entity":"ACME-DE","#))
    #expect(
      text.contains(
        #""rate":{"from":"EUR","to":"JPY","rate":"161.5","date":"2026-10-31","source":"ECB"},"#))
    #expect(text.contains(#""reverses":"0000000000000000","#))
    #expect(text.contains(#""amount":"1499.40","functionalAmount":"242153","#))
  }
}
