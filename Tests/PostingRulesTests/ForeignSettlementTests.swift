import Ledger
import PostingRules
import TestSupport
import Testing

/// The worked examples of section 10 of the accounting reference: an entity in US dollars.
@Suite struct ForeignSettlementTests {
  static func book(
    _ rates: [(String, String, String)] = [("EUR", "1.09", "2026-03-01")],
    functional: String = "USD", policies: (inout EntityPolicies) -> Void = { _ in }
  ) throws -> RuleBook {
    try Sample.book(
      functional,
      rates: rates.map { RateTable.Row(try Sample.rate($0, functional, $1, on: $2)) },
      policies: policies)
  }

  static func invoice(
    _ id: String = "INV-1", _ net: String = "1000.00", tax: String? = nil, at rate: String = "1.10"
  ) throws -> Document {
    try Sample.invoice(id, net: net, tax: tax, rate: try Sample.rate("EUR", "USD", rate))
  }

  @Test(arguments: [
    (
      "1000.00",
      [
        "credit receivable 1000.00 1100.00", "debit bank 1000.00 1090.00",
        "debit realisedFXLoss 0.00 10.00",
      ]
    ),
    (
      "400.00",
      [
        "credit receivable 400.00 440.00", "debit bank 400.00 436.00",
        "debit realisedFXLoss 0.00 4.00",
      ]
    ),
  ])
  func `a payment relieves the receivable at what it is carried at`(
    amount: String, lines: [String]
  ) throws {
    let payment = try Sample.payment("PAY-1", amount, to: [("INV-1", amount)])
    let conversion = convert(payment, try Self.book(), try Sample.here(Self.invoice()))
    #expect(conversion.entries().map(\.table) == [lines])
    #expect(conversion.openItems.map(\.amount.text) == ["-" + amount])
    #expect(conversion.entries().first?.head.rate?.rate.text == "1.09")
  }

  @Test(arguments: [
    (
      EntityPolicies.CorrectionRate.invoice,
      ["credit receivable 200.00 220.00", "debit revenue 200.00 220.00"]
    ),
    (
      .day,
      [
        "credit realisedFXGain 0.00 2.00", "credit receivable 200.00 220.00",
        "debit revenue 200.00 222.00",
      ]
    ),
  ])
  func `a credit memo takes the invoice's rate, or by policy that of its day`(
    policy: EntityPolicies.CorrectionRate, lines: [String]
  ) throws {
    let memo = try Sample.creditMemo("CM-1", net: "200.00", appliesTo: [("INV-1", "200.00")])
    let book = try Self.book([("EUR", "1.11", "2026-03-10")]) { $0.correctionRate = policy }
    #expect(
      convert(memo, book, try Sample.here(Self.invoice())).entries().map(\.table) == [lines])
  }

  static func inInvoiceCurrency(_ document: Document, _ amount: String) throws -> Document {
    var document = document
    guard case .payment(var body) = document.body else { return document }
    body.applications[0].amountInInvoiceCurrency = try ExactDecimal(amount)
    document.body = .payment(body)
    return document
  }

  @Test func `a payment in functional currency clears a foreign invoice through FX clearing`()
    throws
  {
    let payment = try Self.inInvoiceCurrency(
      Sample.payment(
        "PAY-1", "1085.00", account: "CARD", to: [("INV-1", "1085.00")], fee: "31.77", in: "USD"),
      "1000.00")
    let conversion = convert(payment, try Self.book(), try Sample.here(Self.invoice()))
    #expect(
      conversion.entries().map(\.table) == [
        ["credit receivable 1000.00 1100.00", "debit fxClearing 1000.00 1100.00"],
        [
          "credit fxClearing 1100.00", "debit processorClearing 1085.00",
          "debit realisedFXLoss 15.00",
        ],
        ["credit processorClearing 31.77", "debit paymentFee 31.77"],
      ])
    #expect(conversion.entries().map(\.head.kind) == [.application, .payment, .fee])
    #expect(conversion.openItems.map(\.amount.description) == ["-1000.00 EUR"])
    #expect(conversion.openItems.map(\.functional.description) == ["-1100.00 USD"])
  }

  @Test func `a payment in a third currency clears FX clearing in functional currency`() throws {
    let book = try Self.book([("JPY", "0.0067", "2026-03-01")])
    let payment = try Self.inInvoiceCurrency(
      Sample.payment("PAY-1", "160000", to: [("INV-1", "150000")], in: "JPY"), "1000.00")
    let conversion = convert(payment, book, try Sample.here(Self.invoice()))
    #expect(
      conversion.entries().map(\.table) == [
        ["credit receivable 1000.00 1100.00", "debit fxClearing 1000.00 1100.00"],
        [
          "credit fxClearing 150000 1100.00", "credit unappliedCash 10000 67.00",
          "debit bank 160000 1072.00", "debit realisedFXLoss 0 95.00",
        ],
      ])
  }

  @Test func `a foreign payment settles an invoice in functional currency`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", in: "USD")
    let payment = try Self.inInvoiceCurrency(
      Sample.payment("PAY-1", "920.00", to: [("INV-1", "920.00")]), "1000.00")
    #expect(
      convert(payment, try Self.book(), try Sample.here(invoice)).entries().map(\.table) == [
        ["credit receivable 1000.00", "debit fxClearing 1000.00"],
        [
          "credit fxClearing 920.00 1000.00", "credit realisedFXGain 0.00 2.80",
          "debit bank 920.00 1002.80",
        ],
      ])
  }

  @Test(arguments: [nil, "1000.001", "-5"])
  func `stops a settlement in another currency that does not say how much`(
    amount: String?
  ) throws {
    var payment = try Sample.payment("PAY-1", "1085.00", to: [("INV-1", "1085.00")], in: "USD")
    if let amount { payment = try Self.inInvoiceCurrency(payment, amount) }
    let stops = convert(payment, try Self.book(), try Sample.here(Self.invoice())).stops
    #expect(stops.map(\.cause) == ["settlement_currency DE01 USD EUR"])
    #expect(stops.first?.problem.pointer == "/applications/0/amountInInvoiceCurrency")
  }

  @Test(arguments: [("100", nil), ("100.00", nil), ("108.50", "settlement_currency DE01 EUR EUR")])
  func `compares an amount in the currency of the invoice with the amount paid`(
    amount: String, cause: String?
  ) throws {
    let payment = try Self.inInvoiceCurrency(
      Sample.payment("PAY-1", "100.00", to: [("INV-1", "100.00")]), amount)
    let book = try Sample.book()
    let invoice = try Sample.invoice("INV-1", net: "100.00")
    #expect(
      convert(payment, book, try Sample.here(invoice)).stops.map(\.cause)
        == [cause].compactMap(\.self))
    #expect(
      convert(payment, book, .assumed(among: [:])).stops.map(\.exceptionClass)
        == (cause == nil ? [] : [.referenceMissing]))
  }

  @Test func `an advance keeps its rate in the revenue, other money does not`() throws {
    var payment = try Sample.payment(
      "PAY-1", "1000.00", to: [], rate: try Sample.rate("EUR", "USD", "1.08"))
    guard case .payment(var body) = payment.body else { return }
    body.isAdvance = true
    payment.body = .payment(body)
    let received = convert(payment, try Self.book())
    #expect(
      received.entries().map(\.table) == [
        ["credit customerAdvance 1000.00 1080.00", "debit bank 1000.00 1080.00"]
      ])
    var invoice = try Sample.invoice(
      "INV-1", net: "1500.00", rate: try Sample.rate("EUR", "USD", "1.10"), prepaid: "1000.00")
    guard case .invoice(var billed) = invoice.body else { return }
    billed.prepaidBy = [
      Invoice.Credit(from: payment.identity, amount: try SettlementTests.eur("1000.00"))
    ]
    invoice.body = .invoice(billed)
    #expect(
      convert(invoice, try Self.book(), try Sample.here(payment, credit: "1000.00")).entries()
        .map(\.table) == [
          [
            "credit revenue 1500.00 1630.00", "debit customerAdvance 1000.00 1080.00",
            "debit receivable 500.00 550.00",
          ]
        ])
    body.isAdvance = false
    payment.body = .payment(body)
    #expect(
      convert(invoice, try Self.book(), try Sample.here(payment, credit: "1000.00")).entries()
        .map(\.table) == [
          [
            "credit revenue 1500.00 1650.00", "debit realisedFXLoss 0.00 20.00",
            "debit receivable 500.00 550.00", "debit unappliedCash 1000.00 1080.00",
          ]
        ])
  }

  @Test func `a write-off takes the invoice's rate`() throws {
    let invoice = try Self.invoice(tax: "190.00")
    let document = try Sample.document(
      .writeOff, "WO-1", "EUR",
      body: .writeOff(
        WriteOff(
          invoice: invoice.identity, amount: try SettlementTests.eur("1190.00"),
          reason: "insolvent", isRecovery: false)))
    let book = try Self.book { $0.badDebtTaxRelief = true }
    #expect(
      convert(document, book, try Sample.here(invoice)).entries().map(\.table) == [
        [
          "credit receivable 1190.00 1309.00", "debit badDebt 1000.00 1100.00",
          "debit taxPayable 190.00 209.00",
        ]
      ])
  }

  @Test func `unapplied cash is refunded and applied at what it is carried at`() throws {
    let payment = try Sample.payment(
      "PAY-1", "300.00", to: [], rate: try Sample.rate("EUR", "USD", "1.08"))
    let refund = try Sample.document(
      .refund, "R-1", "EUR",
      body: .refund(
        Refund(
          amount: try SettlementTests.eur("100.00"), account: "BANK", of: payment.identity)))
    #expect(
      convert(refund, try Self.book(), try Sample.here(payment, credit: "300.00")).entries()
        .map(\.table) == [
          [
            "credit bank 100.00 109.00", "debit realisedFXLoss 0.00 1.00",
            "debit unappliedCash 100.00 108.00",
          ]
        ])
    let invoice = try Self.invoice()
    let eur = try SettlementTests.eur("300.00")
    let application = try Sample.document(
      .application, "A-1", "EUR",
      body: .application(
        Application(
          from: payment.identity, applications: [InvoiceApplication(invoice: "INV-1", amount: eur)])
      ))
    #expect(
      convert(application, try Self.book(), try Sample.here(payment, invoice, credit: "300.00"))
        .entries().map(\.table) == [
          [
            "credit receivable 300.00 330.00", "debit realisedFXLoss 0.00 6.00",
            "debit unappliedCash 300.00 324.00",
          ]
        ])
  }

  @Test(arguments: Seed.forThisRun)
  func `any split of a payment clears an invoice to zero in both currencies`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for (code, functional, booked) in [
      ("EUR", "USD", "1.1037"), ("JPY", "EUR", "0.0061"), ("BHD", "JPY", "403.12345"),
      ("USD", "BHD", "0.376"),
    ] {
      let currency = try Sample.currency(code)
      let total = Int64.random(in: 1...5_000_000, using: &random)
      let invoice = try Sample.invoice(
        "INV-1", net: Money(minorUnits: total, currency).text, in: code,
        rate: try Sample.rate(code, functional, booked))
      let opening = convert(invoice, try Sample.book(functional))
      var stored = ReferencedDocument(document: invoice, rate: invoice.exchangeRate)
      let opened = try #require(opening.openItems.first)
      let carrying = Carrying(amount: opened.amount, functional: opened.functional)
      var item = OpenItem(opened: carrying, open: carrying)
      var received: Int64 = 0
      var realised: Int64 = 0
      while item.open.amount.minorUnits > 0 {
        let left = item.open.amount.minorUnits
        let part =
          Int.random(in: 0..<8, using: &random) == 0
          ? left : Int64.random(in: 1...left, using: &random)
        let amount = Money(minorUnits: part, currency).text
        let digits = Int64.random(in: 50...200, using: &random)
        let rate = try #require(
          try? ExactDecimal(booked).percent(digits))
        let payment = try Sample.payment(
          "PAY-1", amount, to: [("INV-1", amount)], in: code,
          rate: try Sample.rate(code, functional, rate))
        stored.items[.receivable] = item
        let conversion = convert(
          payment, try Sample.book(functional), .stored([invoice.identity: stored]))
        let entry = try #require(conversion.entries().first)
        received += ConversionPropertyTests.functional(entry, [.bank])
        realised += ConversionPropertyTests.functional(entry, [.realisedFXGain, .realisedFXLoss])
        let change = try #require(conversion.openItems.first)
        item.add(Carrying(amount: change.amount, functional: change.functional))
      }
      #expect(item.open.isZero, "\(code): \(item.open)")
      #expect(received + realised == carrying.functional.minorUnits)
    }
  }
}

extension ExactDecimal {
  /// So many per cent of it, as text.
  fileprivate func percent(_ percent: Int64) throws -> String {
    DecimalDigits.text(coefficient * percent, scale: scale + 2)
  }
}

/// Plain decimal notation of a scaled integer.
private enum DecimalDigits {
  static func text(_ value: Int64, scale: Int) -> String {
    let digits = String(value)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}

extension ConversionPropertyTests {
  /// The signed functional sum of the lines of some roles, debits positive.
  static func functional(_ entry: JournalEntry, _ roles: Set<AccountRole>) -> Int64 {
    entry.lines.filter { roles.contains($0.role) }.reduce(0) {
      $0 + ($1.side == .debit ? 1 : -1) * $1.functionalAmount.minorUnits
    }
  }
}
