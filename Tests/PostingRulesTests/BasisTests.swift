import Ledger
import PostingRules
import Testing

/// Entity, posting date, period and exchange rate.
@Suite struct BasisTests {
  @Test func `stops a document of an unknown entity`() throws {
    var document = try Sample.invoice("INV-1", net: "100.00")
    document.entity = LegalEntityID("XX01")
    let stops = convert(document, try Sample.book()).stops
    #expect(stops.map(\.cause) == ["unknown_entity XX01"])
    #expect(stops.first?.problem.pointer == "/entity")
  }

  @Test(arguments: [(nil, "2026-03-28"), ("2026-04-02", "2026-04-02")])
  func `posts on the posting date, else on the document date`(
    postingDate: String?, expected: String
  ) throws {
    var document = try Sample.invoice("INV-1", net: "100.00", on: "2026-03-28")
    document.postingDate = try postingDate.map { try Sample.date($0) }
    let head = try #require(convert(document, try Sample.book()).entries().first?.head)
    #expect(head.postingDate.text == expected)
    #expect(head.documentDate.text == "2026-03-28")
  }

  static func closed() throws -> Set<FiscalPeriod> {
    Set(try ["2026-03", "2026-04"].map { try #require(FiscalPeriod($0)) })
  }

  @Test func `holds a document of a closed period`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00", on: "2026-03-28")
    let march = try #require(FiscalPeriod("2026-03"))
    #expect(
      convert(document, try Sample.book(closed: try Self.closed()))
        == .waiting(.period(march, of: Sample.entity)))
  }

  @Test func `moves a document to the next open period`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00", on: "2026-03-28")
    let book = try Sample.book(closed: try Self.closed()) { $0.closedPeriod = .nextOpen }
    let head = try #require(convert(document, book).entries().first?.head)
    #expect(head.postingDate.text == "2026-05-01")
    #expect(head.documentDate.text == "2026-03-28")
  }

  @Test func `asks about a closed period`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00", on: "2026-03-28")
    let book = try Sample.book(closed: try Self.closed()) { $0.closedPeriod = .ask }
    let stops = convert(document, book).stops
    #expect(stops.map(\.cause) == ["period_closed DE01 2026-03"])
    #expect(stops.first?.amount.text == "100.00")
  }

  @Test(arguments: [EntityPolicies.ClosedPeriod.nextOpen, .ask])
  func `stops where no period follows the closed one`(
    policy: EntityPolicies.ClosedPeriod
  ) throws {
    let document = try Sample.invoice("INV-1", net: "100.00", on: "9999-12-31")
    let last = try #require(FiscalPeriod("9999-12"))
    let book = try Sample.book(closed: [last]) { $0.closedPeriod = policy }
    let stop = try #require(convert(document, book).stops.first)
    #expect(stop.cause == "period_closed DE01 9999-12")
    #expect(stop.problem.fix == "Reopen the period")
  }

  @Test func `takes the latest rate on or before the document date`() throws {
    let rows = try [
      ("2026-03-01", "1.10"), ("2026-03-09", "1.12"), ("2026-03-11", "1.20"),
      ("2026-02-01", "1.00"),
    ].map { RateTable.Row(try Sample.rate("EUR", "USD", $1, on: $0)) }
    let document = try Sample.invoice("INV-1", net: "100.00")
    let book = try Sample.book("USD", rates: rows)
    #expect(
      convert(document, book).entries().map(\.table) == [
        ["credit revenue 100.00 112.00", "debit receivable 100.00 112.00"]
      ])
    let old = try Sample.book("USD", rates: rows) { $0.rateMaximumAgeDays = 0 }
    let stops = convert(document, old).stops
    #expect(stops.map(\.cause) == ["rate_missing DE01 EUR USD"])
    #expect(stops.first?.problem.detail.contains("not more than 0 days before it") == true)
  }

  @Test func `never takes an inverse rate or another type`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00")
    let inverse = try Sample.book(
      "USD", rates: [RateTable.Row(try Sample.rate("USD", "EUR", "0.9"))])
    #expect(convert(document, inverse).stops.map(\.exceptionClass) == [.rateMissing])
    let average = RateTable.Row(try Sample.rate("EUR", "USD", "1.1"), type: "average")
    let spot = try Sample.book("USD", rates: [average]) { $0.rateType = "spot" }
    #expect(convert(document, spot).stops.map(\.exceptionClass) == [.rateMissing])
    #expect(convert(document, try Sample.book("USD", rates: [average])).stops.isEmpty)
  }

  @Test func `prefers the document's own rate, which must be to the functional currency`() throws {
    let rows = [RateTable.Row(try Sample.rate("EUR", "USD", "1.10"))]
    let own = try Sample.invoice(
      "INV-1", net: "100.00", rate: Sample.rate("EUR", "USD", "1.25"))
    let book = try Sample.book("USD", rates: rows)
    #expect(convert(own, book).entries()[0].table.contains("debit receivable 100.00 125.00"))
    let other = try Sample.invoice(
      "INV-1", net: "100.00", rate: Sample.rate("EUR", "GBP", "0.9"))
    let stop = try #require(convert(other, book).stops.first)
    #expect(stop.problem.pointer == "/exchangeRate/to")
  }

  @Test func `the parts of a payment share what it is worth`() throws {
    let payment = try Sample.payment(
      "PAY-1", "0.03", to: [("INV-1", "0.01"), ("INV-2", "0.01"), ("INV-3", "0.01")],
      rate: Sample.rate("EUR", "USD", "1.5"))
    #expect(
      convert(payment, try Sample.book("USD"), .assumed(among: [:])).entries().map(\.table) == [
        [
          "credit receivable 0.01 0.01", "credit receivable 0.01 0.02",
          "credit receivable 0.01 0.02", "debit bank 0.03 0.05",
        ]
      ])
  }

  @Test func `stops an amount that cannot be kept`() throws {
    let document = try Sample.invoice(
      "INV-1", net: "9999999999999.99", rate: Sample.rate("EUR", "USD", "900000000"))
    #expect(
      convert(document, try Sample.book("USD")).stops.map(\.exceptionClass) == [.amountTooLarge])
  }

  @Test func `a converter serves documents of several entities`() throws {
    var book = try Sample.book()
    let other = LegalEntity(
      id: LegalEntityID("FR01"), name: "Usine SA", country: "FR",
      functionalCurrency: try Sample.currency("EUR"))
    book.entities[other.id] = EntityRules(entity: other)
    book.accounts.tables[.revenue] = AccountTable(
      role: .revenue, file: "accounts/revenue.yaml",
      rows: [
        AccountRow(
          number: 1, conditions: [AccountCondition(.entity, .equals("FR01"))],
          account: AccountCode("706")),
        AccountRow(number: 2, account: AccountCode("4400")),
      ])
    var converter = Converter(book)
    var document = try Sample.invoice("INV-1", net: "100.00")
    var accounts: [String] = []
    for entity in ["DE01", "FR01", "DE01", "FR01"] {
      document.entity = LegalEntityID(entity)
      accounts.append(converter.convert(document).entries()[0].lines[1].account.code)
    }
    #expect(accounts == ["4400", "706", "4400", "706"])
  }
}
