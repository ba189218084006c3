import Ledger
import PostingRules
import Testing

/// The worked examples of sections 3, 10.7, 10.8 and 12 of the accounting reference.
@Suite struct InvoiceTests {
  @Test func `bills net and tax to the receivable`() throws {
    let conversion = convert(
      try Sample.invoice("INV-1", net: "1000.00", tax: "190.00"), try Sample.book())
    let entry = try #require(conversion.entries().first)
    #expect(
      entry.table == [
        "credit revenue 1000.00", "credit taxPayable 190.00", "debit receivable 1190.00",
      ])
    let tax = try #require(entry.lines.last?.tax)
    #expect(tax.code == "DE-19")
    #expect(tax.rate?.text == "19")
    #expect(tax.base?.text == "1000.00")
    #expect(entry.head.description == "Invoice INV-1 Nordlicht GmbH")
    #expect(entry.head.kind == .invoice)
    #expect(entry.head.source.sequence == 1)
    #expect(entry.head.rulesVersion == "sha256:test")
    #expect(entry.head.rate == nil)
    #expect(entry.lines[0].party == "C-1")
    #expect(entry.lines[1].party == nil)
    #expect(entry.lines[1].description == "P1")
    #expect(
      conversion.openItems == [
        OpenItemChange(
          item: Sample.identity(.invoice, "INV-1"), part: .receivable,
          amount: try Money("1190.00", Sample.currency("EUR")))
      ])
  }

  @Test func `takes an inclusive price as the document splits it`() throws {
    let document = try Sample.invoice(
      "INV-1", net: "83.33", tax: "16.67", at: "20", code: "GB-20", in: "GBP")
    #expect(
      convert(document, try Sample.book("GBP")).entries().map(\.table) == [
        ["credit revenue 83.33", "credit taxPayable 16.67", "debit receivable 100.00"]
      ])
  }

  @Test func `keeps one tax line for each jurisdiction`() throws {
    let rates = [
      ("state", "6.25", "12.50"), ("county", "1", "2.00"), ("city", "0.75", "1.50"),
      ("district", "1.25", "2.50"),
    ]
    let taxes = try rates.map { name, rate, amount in
      try Sample.tax(
        "US-TX", .standard, rate, base: "200.00", amount: amount, jurisdiction: name, in: "USD")
    }
    let exempt = try Sample.tax(
      "US-EXEMPT", .exempt, "0", base: "50.00", amount: "0.00", in: "USD")
    let content = try Sample.content(
      [
        try Sample.line("1", "200.00", in: "USD", taxes: taxes),
        try Sample.line("2", "50.00", in: "USD", taxes: [exempt]),
      ], in: "USD")
    let document = try Sample.document(
      .invoice, "INV-1", "USD", body: .invoice(Invoice(content: content)))
    let entry = try #require(convert(document, try Sample.book("USD")).entries().first)
    #expect(
      entry.table == [
        "credit revenue 200.00", "credit revenue 50.00", "credit taxPayable 1.50",
        "credit taxPayable 12.50", "credit taxPayable 2.00", "credit taxPayable 2.50",
        "debit receivable 268.50",
      ])
    #expect(entry.lines.compactMap(\.tax?.jurisdiction) == ["state", "county", "city", "district"])
    let detail = try #require(entry.lines.first { $0.description == "P2" }?.tax)
    #expect(detail.category == .exempt)
    #expect(detail.base?.text == "50.00")
  }

  @Test(arguments: [TaxCategory.reverseCharge, .zeroRated, .export, .intraCommunity, .outOfScope])
  func `puts the detail of a tax of zero on the revenue line`(category: TaxCategory) throws {
    let tax = try Sample.tax("X", category, "0", base: "1000.00", amount: "0.00")
    let content = try Sample.content([try Sample.line("1", "1000.00", taxes: [tax])])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    let entry = try #require(convert(document, try Sample.book()).entries().first)
    #expect(entry.table == ["credit revenue 1000.00", "debit receivable 1000.00"])
    #expect(entry.lines[1].tax?.category == category)
    #expect(entry.lines[1].tax?.base?.text == "1000.00")
  }

  @Test(arguments: [
    (
      EntityPolicies.DiscountPresentation.gross,
      [
        "credit revenue 1200.00", "credit taxPayable 205.20", "debit discount 120.00",
        "debit receivable 1285.20",
      ]
    ),
    (.net, ["credit revenue 1080.00", "credit taxPayable 205.20", "debit receivable 1285.20"]),
  ])
  func `presents a discount gross or net`(
    policy: EntityPolicies.DiscountPresentation, lines: [String]
  ) throws {
    let content = try Sample.content([
      try Sample.line(
        "1", "1200.00",
        taxes: [Sample.tax("DE-19", "19", base: "1200.00", amount: "228.00", in: "EUR")]),
      try Sample.line(
        "2", "-120.00", kind: .discount,
        taxes: [Sample.tax("DE-19", "19", base: "-120.00", amount: "-22.80", in: "EUR")]),
    ])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    let entry = try #require(
      convert(document, try Sample.book { $0.discounts = policy }).entries().first)
    #expect(entry.table == lines)
    #expect(entry.lines.last?.tax?.base?.text == "1080.00")
  }

  @Test func `spreads a discount by largest remainder over lines of its tax`() throws {
    let kept = try Sample.tax("S-19", .standard, "19")
    let other = try Sample.tax("S-7", .standard, "7")
    let content = try Sample.content(
      [
        try Sample.line("1", "33.33", taxes: [kept]), try Sample.line("2", "33.33", taxes: [kept]),
        try Sample.line("3", "33.34", taxes: [kept]), try Sample.line("4", "50.00", taxes: [other]),
        try Sample.line("5", "-10.00", kind: .discount, taxes: [kept]),
      ],
      documentTaxes: [
        try Sample.tax("S-19", .standard, "19", base: "90.00", amount: "17.10"),
        try Sample.tax("S-7", .standard, "7", base: "50.00", amount: "3.50"),
      ])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    let entry = try #require(
      convert(document, try Sample.book { $0.discounts = .net }).entries().first)
    let revenue = entry.lines.filter { $0.role == .revenue }.map(\.amount.text)
    #expect(revenue == ["30.00", "30.00", "30.00", "50.00"])
  }

  @Test func `keeps a discount that no line of its tax can take`() throws {
    let content = try Sample.content([
      try Sample.line(
        "1", "100.00", taxes: [Sample.tax("A", .zeroRated, "0", base: "100.00", amount: "0")]),
      try Sample.line(
        "2", "-10.00", kind: .discount,
        taxes: [Sample.tax("B", .exempt, "0", base: "-10.00", amount: "0")]),
    ])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    #expect(
      convert(document, try Sample.book { $0.discounts = .net }).entries().map(\.table) == [
        ["credit revenue 100.00", "debit discount 10.00", "debit receivable 90.00"]
      ])
  }

  @Test(arguments: [(nil, "191.00", false), (nil, "191.01", true), ("0.01", "190.02", true)])
  func `stops a tax that is further from base times rate than the tolerance`(
    tolerance: String?, tax: String, isStopped: Bool
  ) throws {
    let book = try Sample.book { $0.taxTolerance = tolerance.flatMap { try? ExactDecimal($0) } }
    let conversion = convert(try Sample.invoice("INV-1", net: "1000.00", tax: tax), book)
    #expect(conversion.stops.map(\.exceptionClass) == (isStopped ? [.taxDifference] : []))
    if isStopped {
      let stop = try #require(conversion.stops.first)
      #expect(stop.problem.pointer == "/lines/0/taxes/0/amount")
      #expect(stop.problem.detail.contains("The tax DE-19 on line 1 of Invoice INV-1"))
    }
  }

  @Test func `accepts a half rounded either way under a tolerance of zero`() throws {
    let book = try Sample.book { $0.taxTolerance = .zero }
    for amount in ["0.12", "0.13"] {
      let document = try Sample.invoice("INV-1", net: "1.25", tax: amount, at: "10")
      #expect(convert(document, book).stops.isEmpty)
    }
    let wrong = try Sample.invoice("INV-1", net: "1.25", tax: "0.14", at: "10")
    #expect(convert(wrong, book).stops.count == 1)
  }

  @Test func `clears the advance of a prepayment invoice with its tax`() throws {
    let prepayment = try Sample.invoice(
      "PRE-1", net: "500.00", tax: "95.00", isPrepayment: true)
    let book = try Sample.book()
    let first = convert(prepayment, book)
    #expect(
      first.entries().map(\.table) == [
        [
          "credit customerAdvance 500.00", "credit taxPayable 95.00", "debit receivable 595.00",
        ]
      ])
    #expect(first.openItems.map(\.part) == [.receivable, .advance])
    let final = try Sample.invoice(
      "INV-1", net: "1000.00", tax: "190.00", prepaid: "595.00", preceding: ["PRE-1"])
    let second = convert(final, book, try Sample.here(prepayment))
    let entry = try #require(second.entries().first)
    #expect(
      entry.table == [
        "credit revenue 1000.00", "credit taxPayable 95.00", "debit customerAdvance 500.00",
        "debit receivable 595.00",
      ])
    #expect(entry.lines.last?.tax?.base?.text == "500.00")
    #expect(second.openItems.last?.amount.text == "-595.00")
    #expect(
      convert(final, book).entries().map(\.table) == [
        [
          "credit revenue 1000.00", "credit taxPayable 190.00", "debit receivable 595.00",
          "debit unappliedCash 595.00",
        ]
      ])
  }

  @Test func `takes no more from an advance than is left of it`() throws {
    let prepayment = try Sample.invoice("PRE-1", net: "500.00", tax: "95.00", isPrepayment: true)
    var stored = ReferencedDocument(document: prepayment)
    stored.open(
      .advance, try Money("595.00", Sample.currency("EUR")),
      left: try Money("119.00", Sample.currency("EUR")))
    stored.items[.advance]?.open.functional = try Money("100.00", Sample.currency("EUR"))
    let final = try Sample.invoice(
      "INV-1", net: "1000.00", tax: "190.00", prepaid: "595.00", preceding: ["PRE-1"])
    let conversion = convert(final, try Sample.book(), .stored([prepayment.identity: stored]))
    #expect(
      conversion.entries().map(\.table) == [
        [
          "credit revenue 1000.00", "credit taxPayable 171.00", "debit customerAdvance 100.00",
          "debit receivable 595.00", "debit unappliedCash 476.00",
        ]
      ])
  }

  @Test func `gives what is paid too much to the customer's credit`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00", prepaid: "150.00")
    let conversion = convert(document, try Sample.book())
    #expect(
      conversion.entries().map(\.table) == [
        ["credit customerCredit 50.00", "credit revenue 100.00", "debit unappliedCash 150.00"]
      ])
    #expect(conversion.openItems.map(\.part) == [.credit])
    let paid = try Sample.invoice("INV-2", net: "100.00", prepaid: "100.00")
    #expect(
      convert(paid, try Sample.book()).entries().map(\.table) == [
        ["credit revenue 100.00", "debit unappliedCash 100.00"]
      ])
  }

  @Test func `defers lines with a service period where the policy says so`() throws {
    let period = DateRange(
      from: try Sample.date("2026-04-01"), through: try Sample.date("2027-03-31"))
    let content = try Sample.content([
      try Sample.line("1", "120.00", service: period), try Sample.line("2", "5.00"),
    ])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    #expect(
      convert(document, try Sample.book { $0.deferral = .daily }).entries().map(\.table) == [
        ["credit deferredRevenue 120.00", "credit revenue 5.00", "debit receivable 125.00"]
      ])
    #expect(
      convert(document, try Sample.book()).entries().map(\.table) == [
        ["credit revenue 120.00", "credit revenue 5.00", "debit receivable 125.00"]
      ])
  }

  @Test func `lets revenue take the residue of a conversion by largest remainder`() throws {
    let lines = try ["33.33", "33.33", "33.34"].enumerated().map { index, net in
      try Sample.line("\(index + 1)", net)
    }
    let content = try Sample.content(
      lines,
      documentTaxes: [try Sample.tax("S-19", .standard, "19", base: "100.00", amount: "19.00")])
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", rate: Sample.rate("EUR", "USD", "1.1037"),
      body: .invoice(Invoice(content: content)))
    let entry = try #require(convert(document, try Sample.book("USD")).entries().first)
    #expect(
      entry.table == [
        "credit revenue 33.33 36.78", "credit revenue 33.33 36.79", "credit revenue 33.34 36.80",
        "credit taxPayable 19.00 20.97", "debit receivable 119.00 131.34",
      ])
    #expect(entry.head.rate?.rate.text == "1.1037")
  }

  @Test func `books tax at the official rate where the policy says so`() throws {
    let official = try Money("160.00", Sample.currency("GBP"))
    let tax = try Sample.tax(
      "GB-20", .standard, "20", base: "1000.00", amount: "200.00",
      accounting: StatedAmount(official),
      in: "USD")
    let content = try Sample.content(
      [try Sample.line("1", "1000.00", in: "USD", taxes: [tax])], in: "USD")
    let document = try Sample.document(
      .invoice, "INV-1", "USD", rate: Sample.rate("USD", "GBP", "0.79"),
      body: .invoice(Invoice(content: content)))
    #expect(
      convert(document, try Sample.book("GBP") { $0.taxAtOfficialRate = true })
        .entries().map(\.table) == [
          [
            "credit revenue 1000.00 790.00", "credit taxPayable 200.00 160.00",
            "debit receivable 1200.00 948.00", "debit taxFXDifference 0.00 2.00",
          ]
        ])
    let booked = try #require(convert(document, try Sample.book("GBP")).entries().first)
    #expect(booked.table.contains("credit taxPayable 200.00 158.00"))
    #expect(booked.lines.last?.tax?.accountingAmount == official)
  }

  @Test(arguments: [
    // Without a currency it is the functional one.
    (nil, "160", ["credit taxPayable 200.00 160.00", "160.00 GBP"]),
    ("GBP", "160", ["credit taxPayable 200.00 160.00", "160.00 GBP"]),
    // Another currency is kept on the line and decides nothing.
    ("JPY", "30000", ["credit taxPayable 200.00 158.00", "30000 JPY"]),
  ])
  func `tells the currency of tax in accounting currency`(
    currency: String?, value: String, expected: [String]
  ) throws {
    let document = try Self.withAccountingTax(value, in: currency)
    let entry = try #require(
      convert(document, try Sample.book("GBP") { $0.taxAtOfficialRate = true }).entries().first)
    let tax = entry.lines.first { $0.role == .taxPayable }?.tax
    #expect(entry.table.contains(expected[0]))
    #expect(tax?.accountingAmount?.description == expected[1])
  }

  @Test func `stops when tax in accounting currency is no amount of that currency`() throws {
    let book = try Sample.book("GBP")
    let document = try Self.withAccountingTax("160.005", in: nil)
    let stop = try #require(convert(document, book).stops.first)
    #expect(stop.exceptionClass == .totalsMismatch)
    #expect(stop.cause == "totals_mismatch DE01 accountingAmount GBP")
    #expect(stop.problem.pointer == "/documentTaxes/0/accountingAmount")
    #expect(
      stop.problem.detail
        == "The tax GB-20 of Invoice INV-1 in accounting currency is 160.005, but GBP, the "
        + "functional currency of DE01, has 2 decimals")
    let large = try Self.withAccountingTax("99999999999999.99", in: nil)
    #expect(convert(large, book).stops.map(\.exceptionClass) == [.amountTooLarge])
  }

  /// 1,000 USD and 200 USD of tax, booked at 0.79 in GBP.
  private static func withAccountingTax(_ value: String, in currency: String?) throws -> Document {
    let stated = StatedAmount(try ExactDecimal(value), in: try currency.map(Sample.currency))
    let tax = try Sample.tax(
      "GB-20", .standard, "20", base: "1000.00", amount: "200.00", accounting: stated, in: "USD")
    let content = try Sample.content(
      [try Sample.line("1", "1000.00", in: "USD")], documentTaxes: [tax], in: "USD")
    return try Sample.document(
      .invoice, "INV-1", "USD", rate: Sample.rate("USD", "GBP", "0.79"),
      body: .invoice(Invoice(content: content)))
  }

  @Test(arguments: [
    ("SEK", "799.85", "199.96", "25", "0.19", "1000.00"),
    ("CHF", "99.20", "8.04", "8.1", "0.01", "107.25"),
  ])
  func `posts the rounding that the document declares`(
    currency: String, net: String, tax: String, rate: String, rounding: String, payable: String
  ) throws {
    let taxes = [try Sample.tax("T", rate, base: net, amount: tax, in: currency)]
    let content = try Sample.content(
      [try Sample.line("1", net, in: currency, taxes: taxes)], rounding: rounding, in: currency)
    let document = try Sample.document(
      .invoice, "INV-1", currency, body: .invoice(Invoice(content: content)))
    #expect(
      convert(document, try Sample.book(currency)).entries().map(\.table) == [
        [
          "credit revenue \(net)", "credit rounding \(rounding)", "credit taxPayable \(tax)",
          "debit receivable \(payable)",
        ]
      ])
  }

  @Test(arguments: [
    (
      EntityPolicies.DiscountPresentation.net,
      [
        "credit revenue 100.00", "credit revenue 118.45", "credit revenue 2.00",
        "credit taxPayable 22.51", "credit taxPayable 7.14", "debit receivable 200.00",
        "debit rounding 0.10", "debit unappliedCash 50.00",
      ]
    ),
    (
      .gross,
      [
        "credit revenue 100.00", "credit revenue 123.45", "credit revenue 2.00",
        "credit taxPayable 22.51", "credit taxPayable 7.14", "debit discount 5.00",
        "debit receivable 200.00", "debit rounding 0.10", "debit unappliedCash 50.00",
      ]
    ),
  ])
  func `posts the worked document of EN 16931`(
    policy: EntityPolicies.DiscountPresentation, lines: [String]
  ) throws {
    let normal = TaxDetail(code: "S-19")
    let reduced = TaxDetail(code: "S-7")
    let content = try Sample.content(
      [
        try Sample.line("1", "123.45", taxes: [normal]),
        try Sample.line("2", "100.00", taxes: [reduced]),
        try Sample.line("3", "-5.00", kind: .discount, taxes: [normal]),
        try Sample.line("4", "2.00", kind: .fee, taxes: [reduced]),
      ],
      documentTaxes: [
        try Sample.tax("S-19", .standard, "19", base: "118.45", amount: "22.51"),
        try Sample.tax("S-7", .standard, "7", base: "102.00", amount: "7.14"),
      ], rounding: "-0.10", prepaid: "50.00")
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    #expect(
      convert(document, try Sample.book { $0.discounts = policy }).entries().map(\.table) == [lines]
    )
  }

  @Test func `a document that intake mirrored keeps the type it came with`() throws {
    var document = try Sample.invoice("CM-1", net: "100.00")
    document.identity = Sample.identity(.creditMemo, "CM-1")
    let head = try #require(convert(document, try Sample.book()).entries().first?.head)
    #expect(head.kind == .invoice)
    #expect(head.source.document.type == .creditMemo)
  }

  @Test func `gives no entry to a document of zero`() throws {
    #expect(convert(try Sample.invoice("INV-1", net: "0.00"), try Sample.book()).entries() == [])
  }

  @Test func `stops a document whose totals do not tie`() throws {
    var content = try Sample.content([try Sample.line("1", "100.00")])
    content.totals.net = try Money("99.00", Sample.currency("EUR"))
    content.totals.gross = content.totals.net
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: content)))
    #expect(convert(document, try Sample.book()).stops.map(\.exceptionClass) == [.totalsMismatch])
  }

  @Test func `stops services of an entity that is not configured`() throws {
    var line = try Sample.line("1", "100.00")
    line.deliveredBy = LegalEntityID("NL01")
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: try Sample.content([line]))))
    let stops = convert(document, try Sample.book()).stops
    #expect(stops.map(\.exceptionClass) == [.unknownEntity])
    #expect(stops.first?.problem.pointer == "/lines/0/deliveredBy")
  }

  @Test func `checks tax codes only where the configuration lists them`() throws {
    let document = try Sample.invoice("INV-1", net: "100.00", tax: "19.00")
    let other = TaxCode(code: "DE-7")
    let book = try Sample.book(taxCodes: ["DE-7": other])
    #expect(convert(document, book).stops.map(\.cause) == ["unknown_tax_code DE01 DE-19"])
  }
}
