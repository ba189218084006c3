import Ledger
import PostingRules
import Testing

/// The worked examples of sections 6 to 9, 10.3 and 15 of the accounting reference.
@Suite struct SettlementTests {
  static func eur(_ text: String) throws -> Money { try Money(text, Sample.currency("EUR")) }

  @Test func `mirrors an invoice and credits the receivable it applies to`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "190.00")
    let memo = try Sample.creditMemo(
      "CM-1", net: "1000.00", tax: "190.00", appliesTo: [("INV-1", "1190.00")])
    let conversion = convert(memo, try Sample.book(), try Sample.here(invoice))
    let entry = try #require(conversion.entries().first)
    #expect(
      entry.table == [
        "credit receivable 1190.00", "debit revenue 1000.00", "debit taxPayable 190.00",
      ])
    #expect(entry.lines.first { $0.role == .taxPayable }?.tax?.base?.text == "-1000.00")
    #expect(entry.head.kind == .creditMemo)
    #expect(entry.lines.last?.description == "INV-1")
    #expect(
      conversion.openItems == [
        OpenItemChange(
          item: invoice.identity, part: .receivable, amount: try Self.eur("-1190.00"))
      ])
  }

  @Test(
    arguments: [
      ([("INV-1", "25.00")], "125.00", ["credit receivable 25.00"]),
      ([("INV-1", "10.00")], "125.00", ["credit customerCredit 15.00", "credit receivable 10.00"]),
      ([], "125.00", ["credit customerCredit 25.00"]),
    ] as [([(String, String)], String, [String])])
  func `credits what is not applied to the customer`(
    applied: [(String, String)], open: String, credits: [String]
  ) throws {
    let invoice = try Sample.invoice("INV-1", net: "100.00", tax: "25.00", at: "25")
    let memo = try Sample.creditMemo(
      "CM-1", net: "20.00", tax: "5.00", at: "25", appliesTo: applied)
    let conversion = convert(memo, try Sample.book(), try Sample.here(invoice, open: open))
    #expect(
      conversion.entries().map(\.table) == [
        credits + ["debit revenue 20.00", "debit taxPayable 5.00"]
      ])
  }

  @Test(arguments: [
    ("125.00", ["credit receivable 25.00"]),
    ("10.00", ["credit customerCredit 15.00", "credit receivable 10.00"]),
    ("0.00", ["credit customerCredit 25.00"]),
  ])
  func `applies to the invoice it refers to up to what is open`(
    open: String, credits: [String]
  ) throws {
    let invoice = try Sample.invoice("INV-1", net: "100.00", tax: "25.00", at: "25")
    let memo = try Sample.creditMemo(
      "CM-1", net: "20.00", tax: "5.00", at: "25", preceding: ["INV-1"])
    let conversion = convert(memo, try Sample.book(), try Sample.here(invoice, open: open))
    #expect(
      conversion.entries().map(\.table) == [
        credits + ["debit revenue 20.00", "debit taxPayable 5.00"]
      ])
    #expect(
      convert(memo, try Sample.book()).entries().first?.table.first
        == "credit customerCredit 25.00")
  }

  @Test func `stops a credit memo beyond what is open`() throws {
    let invoice = try Sample.invoice("INV-1", net: "100.00")
    let memo = try Sample.creditMemo("CM-1", net: "50.00", appliesTo: [("INV-1", "50.00")])
    let conversion = convert(memo, try Sample.book(), try Sample.here(invoice, open: "49.99"))
    #expect(conversion.stops.map(\.exceptionClass) == [.overSettled])
    #expect(conversion.stops.first?.problem.detail.contains("only 49.99 is open") == true)
    let over = try Sample.creditMemo("CM-1", net: "50.00", appliesTo: [("INV-1", "50.01")])
    #expect(
      convert(over, try Sample.book(), try Sample.here(invoice)).stops.map(\.exceptionClass)
        == [.overApplied])
  }

  @Test func `takes the rate of the one invoice it corrects`() throws {
    let rate = try Sample.rate("EUR", "USD", "1.10")
    let invoice = try Sample.invoice("INV-1", net: "1000.00", rate: rate)
    let memo = try Sample.creditMemo("CM-1", net: "200.00", appliesTo: [("INV-1", "200.00")])
    let book = try Sample.book(
      "USD", rates: [RateTable.Row(try Sample.rate("EUR", "USD", "1.11", on: "2026-03-10"))])
    #expect(
      convert(memo, book, try Sample.here(invoice)).entries().map(\.table) == [
        ["credit receivable 200.00 220.00", "debit revenue 200.00 220.00"]
      ])
  }

  @Test func `books payment, fee and payout apart`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "190.00")
    let payment = try Sample.payment(
      "PAY-1", "1190.00", account: "CARD", to: [("INV-1", "1190.00")], fee: "34.81")
    let conversion = convert(payment, try Sample.book(), try Sample.here(invoice))
    #expect(
      conversion.entries().map(\.table) == [
        ["credit receivable 1190.00", "debit processorClearing 1190.00"],
        ["credit processorClearing 34.81", "debit paymentFee 34.81"],
      ])
    #expect(conversion.entries().map(\.head.kind) == [.payment, .fee])
    let payout = try Sample.document(
      .payout, "PO-1", "EUR",
      body: .payout(Payout(from: "CARD", to: "BANK", amount: try Self.eur("1155.19"))))
    #expect(
      convert(payout, try Sample.book()).entries().map(\.table) == [
        ["credit processorClearing 1155.19", "debit bank 1155.19"]
      ])
  }

  @Test(
    arguments: [
      ("500.00", [("INV-1", "500.00")], ["credit receivable 500.00", "debit bank 500.00"]),
      (
        "1200.00", [("INV-1", "1190.00")],
        ["credit receivable 1190.00", "credit unappliedCash 10.00", "debit bank 1200.00"]
      ),
      ("1190.00", [], ["credit unappliedCash 1190.00", "debit bank 1190.00"]),
      (
        "2000.00", [("INV-1", "1190.00"), ("INV-2", "600.00"), ("INV-3", "210.00")],
        [
          "credit receivable 1190.00", "credit receivable 210.00", "credit receivable 600.00",
          "debit bank 2000.00",
        ]
      ),
    ] as [(String, [(String, String)], [String])])
  func `applies a payment and keeps the rest unapplied`(
    amount: String, applications: [(String, String)], lines: [String]
  ) throws {
    let here = try Sample.here(
      try Sample.invoice("INV-1", net: "1000.00", tax: "190.00"),
      try Sample.invoice("INV-2", net: "600.00"), try Sample.invoice("INV-3", net: "500.00"))
    let payment = try Sample.payment("PAY-1", amount, to: applications)
    #expect(convert(payment, try Sample.book(), here).entries().map(\.table) == [lines])
  }

  @Test func `applies unapplied cash later`() throws {
    let payment = try Sample.payment("PAY-1", "1200.00", to: [])
    let invoice = try Sample.invoice("INV-2", net: "10.00")
    let application = try Sample.document(
      .application, "APP-1", "EUR",
      body: .application(
        Application(
          from: payment.identity,
          applications: [InvoiceApplication(invoice: "INV-2", amount: try Self.eur("10.00"))])))
    let here = try Sample.here(payment, invoice, credit: "10.00")
    let conversion = convert(application, try Sample.book(), here)
    #expect(
      conversion.entries().map(\.table) == [
        ["credit receivable 10.00", "debit unappliedCash 10.00"]
      ])
    #expect(conversion.openItems.map(\.part) == [.credit, .receivable])
    let spent = try Sample.here(payment, invoice, credit: "9.99")
    #expect(
      convert(application, try Sample.book(), spent).stops.map(\.exceptionClass) == [.overSettled])
  }

  @Test func `takes the tax of an early-payment discount back`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "190.00")
    let payment = try Sample.payment(
      "PAY-1", "1166.20", to: [("INV-1", "1166.20")], discount: "23.80")
    let entry = try #require(
      convert(payment, try Sample.book(), try Sample.here(invoice)).entries().first)
    #expect(
      entry.table == [
        "credit receivable 1190.00", "debit bank 1166.20", "debit earlyPaymentDiscount 20.00",
        "debit taxPayable 3.80",
      ])
    #expect(entry.lines.first { $0.role == .taxPayable }?.tax?.base?.text == "-20.00")
    #expect(
      convert(payment, try Sample.book(), .assumed(among: [:])).stops.map(\.exceptionClass)
        == [.referenceMissing])
    #expect(
      convert(payment, try Sample.book(), .assumed(among: [invoice.identity: invoice]))
        .entries().count == 1)
  }

  @Test func `leaves the tax of an early-payment discount where the policy says so`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "82.50", at: "8.25")
    let payment = try Sample.payment(
      "PAY-1", "1062.50", to: [("INV-1", "1062.50")], discount: "20.00")
    let book = try Sample.book { $0.earlyPaymentDiscountTax = .unchanged }
    #expect(
      convert(payment, book, try Sample.here(invoice)).entries().map(\.table) == [
        ["credit receivable 1082.50", "debit bank 1062.50", "debit earlyPaymentDiscount 20.00"]
      ])
  }

  @Test func `books what a bank keeps as bank charges`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "190.00")
    let payment = try Sample.payment("PAY-1", "1190.00", to: [("INV-1", "1190.00")], fee: "15.00")
    #expect(
      convert(payment, try Sample.book(), try Sample.here(invoice)).entries().map(\.table) == [
        ["credit receivable 1190.00", "debit bank 1190.00"],
        ["credit bank 15.00", "debit bankCharge 15.00"],
      ])
  }

  @Test func `settles with what the customer withholds`() throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "180.00", at: "18", in: "INR")
    let payment = try Sample.payment(
      "PAY-1", "1080.00", to: [("INV-1", "1180.00")], withheld: "100.00", in: "INR")
    #expect(
      convert(payment, try Sample.book("INR"), try Sample.here(invoice)).entries().map(\.table) == [
        [
          "credit receivable 1180.00", "debit bank 1080.00",
          "debit withholdingTaxReceivable 100.00",
        ]
      ])
  }

  @Test func `stops a payment beyond what is open or paid`() throws {
    let invoice = try Sample.invoice("INV-1", net: "100.00")
    let twice = try Sample.payment("PAY-1", "120.00", to: [("INV-1", "60.00"), ("INV-1", "60.00")])
    #expect(
      convert(twice, try Sample.book(), try Sample.here(invoice)).stops.map(\.exceptionClass)
        == [.overSettled])
    let short = try Sample.payment("PAY-1", "50.00", to: [("INV-1", "60.00")])
    #expect(
      convert(short, try Sample.book(), try Sample.here(invoice)).stops.map(\.exceptionClass)
        == [.overApplied])
  }

  @Test func `waits for invoices that are not here`() throws {
    let invoice = try Sample.invoice("INV-1", net: "100.00")
    let payment = try Sample.payment(
      "PAY-1", "100.00", to: [("INV-1", "60.00"), ("INV-2", "40.00")])
    #expect(
      convert(payment, try Sample.book(), try Sample.here(invoice))
        == .waiting(.reference([Sample.identity(.invoice, "INV-2")])))
    #expect(convert(payment, try Sample.book(), .assumed(among: [:])).entries().count == 1)
    #expect(
      payment.references == [
        DocumentReference(Sample.identity(.invoice, "INV-1"), .settles),
        DocumentReference(Sample.identity(.invoice, "INV-2"), .settles),
      ])
  }

  @Test func `stops a money account that is unknown or not the document's`() throws {
    let payment = try Sample.payment("PAY-1", "100.00", account: "NOWHERE", to: [])
    #expect(
      convert(payment, try Sample.book()).stops.map(\.cause) == ["unknown_money_account NOWHERE"])
    var book = try Sample.book()
    book.moneyAccounts["BANK"]?.currency = try Sample.currency("USD")
    let other = try Sample.payment("PAY-1", "100.00", to: [])
    #expect(convert(other, book).stops.map(\.exceptionClass) == [.moneyAccountMismatch])
  }

  @Test(arguments: [(Refund.Stage.issued, "debit", "credit"), (.failed, "credit", "debit")])
  func `refunds a credit memo, or takes a failed refund back`(
    stage: Refund.Stage, credit: String, money: String
  ) throws {
    let memo = try Sample.creditMemo("CM-1", net: "25.00")
    let refund = try Sample.document(
      .refund, "R-1", "EUR",
      body: .refund(
        Refund(amount: try Self.eur("25.00"), account: "CARD", of: memo.identity, stage: stage)))
    var stored = ReferencedDocument(document: memo)
    stored.open(.credit, try Self.eur("25.00"))
    stored.open(.returned, try Self.eur("25.00"))
    let conversion = convert(refund, try Sample.book(), .stored([memo.identity: stored]))
    #expect(
      conversion.entries().map(\.table) == [
        ["\(credit) customerCredit 25.00", "\(money) processorClearing 25.00"].sorted()
      ])
    #expect(
      conversion.openItems.map(\.part)
        == (stage == .failed ? [.returned, .credit] : [.credit, .returned]))
  }

  @Test(arguments: [
    ("0.00", "100.00", ["credit bank 100.00", "debit receivable 100.00"]),
    ("10.00", "10.00", ["credit bank 10.00", "debit unappliedCash 10.00"]),
    (
      "10.00", "30.00",
      ["credit bank 30.00", "debit receivable 20.00", "debit unappliedCash 10.00"]
    ),
  ])
  func `refunds a payment from unapplied cash first, then lets the customer owe again`(
    unapplied: String, amount: String, lines: [String]
  ) throws {
    let payment = try Sample.payment("PAY-1", "100.00", to: [("INV-1", "100.00")])
    let refund = try Sample.document(
      .refund, "R-1", "EUR",
      body: .refund(Refund(amount: try Self.eur(amount), account: "BANK", of: payment.identity)))
    let conversion = convert(refund, try Sample.book(), try Sample.here(payment, credit: unapplied))
    #expect(conversion.entries().map(\.table) == [lines])
  }

  @Test(
    arguments: [
      (
        Chargeback.Stage.opened, "15.00", EntityPolicies.LostChargeback.loss,
        [
          "credit processorClearing 115.00", "debit disputeFee 15.00",
          "debit disputeReceivable 100.00",
        ]
      ),
      (
        .won, nil, .loss,
        ["credit disputeReceivable 100.00", "debit processorClearing 100.00"]
      ),
      (.lost, nil, .loss, ["credit disputeReceivable 100.00", "debit chargebackLoss 100.00"]),
      (.lost, nil, .claim, ["credit disputeReceivable 100.00", "debit receivable 100.00"]),
    ] as [(Chargeback.Stage, String?, EntityPolicies.LostChargeback, [String])])
  func `follows a dispute through its stages`(
    stage: Chargeback.Stage, fee: String?, policy: EntityPolicies.LostChargeback, lines: [String]
  ) throws {
    let payment = try Sample.payment(
      "PAY-1", "100.00", account: "CARD", to: [("INV-1", "100.00")])
    let chargeback = try Sample.document(
      .chargeback, "CB-1", "EUR",
      body: .chargeback(
        Chargeback(
          amount: try Self.eur("100.00"), payment: payment.identity,
          fee: try fee.map { try Self.eur($0) }, stage: stage)))
    let book = try Sample.book { $0.lostChargeback = policy }
    var stored = ReferencedDocument(document: payment)
    if stage != .opened { stored.open(.dispute, try Self.eur("100.00")) }
    let here = References.stored([payment.identity: stored])
    #expect(convert(chargeback, book, here).entries().map(\.table) == [lines])
  }

  @Test(arguments: [
    (
      true, false, "1190.00",
      ["credit receivable 1190.00", "debit badDebt 1000.00", "debit taxPayable 190.00"]
    ),
    (false, false, "1190.00", ["credit receivable 1190.00", "debit badDebt 1190.00"]),
    (
      true, true, "595.00",
      ["credit badDebtRecovered 500.00", "credit taxPayable 95.00", "debit receivable 595.00"]
    ),
  ])
  func `writes an invoice off and recovers it, with or without tax relief`(
    relief: Bool, isRecovery: Bool, amount: String, lines: [String]
  ) throws {
    let invoice = try Sample.invoice("INV-1", net: "1000.00", tax: "190.00")
    let document = try Sample.document(
      .writeOff, "WO-1", "EUR",
      body: .writeOff(
        WriteOff(
          invoice: invoice.identity, amount: try Self.eur(amount), reason: "insolvent",
          isRecovery: isRecovery)))
    let book = try Sample.book { $0.badDebtTaxRelief = relief }
    var stored = ReferencedDocument(document: invoice)
    stored.open(isRecovery ? .writtenOff : .receivable, try Self.eur("1190.00"))
    let conversion = convert(document, book, .stored([invoice.identity: stored]))
    let entry = try #require(conversion.entries().first)
    #expect(entry.table == lines)
    #expect(entry.head.kind == (isRecovery ? .recovery : .writeOff))
    let change = conversion.openItems.first { $0.part == .receivable }
    #expect(change?.amount.text == (isRecovery ? amount : "-" + amount))
    if relief {
      let base = entry.lines.first { $0.role == .taxPayable }?.tax?.base?.text
      #expect(base == (isRecovery ? "500.00" : "-1000.00"))
    }
  }

  @Test func `a milestone needs its contract, and rated usage gives no entry`() throws {
    let milestone = try Sample.document(
      .milestone, "M-1", "EUR",
      body: .milestone(
        Milestone(contract: "K-1", line: "1", reached: .percent(try ExactDecimal("50")))))
    #expect(
      convert(milestone, try Sample.book()).stops.map(\.cause)
        == ["contract_unknown DE01 K-1"])
    let usage = try Sample.document(
      .ratedUsage, "U-1", "EUR",
      body: .ratedUsage(
        RatedUsage(
          period: try #require(
            DateRange(from: try Sample.date("2026-03-01"), through: try Sample.date("2026-03-31"))),
          items: [], batch: "B-1")))
    #expect(convert(usage, try Sample.book()) == .entries([], effects: Effects()))
  }
}
