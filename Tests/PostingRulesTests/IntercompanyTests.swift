import Ledger
import PostingRules
import TestSupport
import Testing

@Suite struct IntercompanyTests {
  private static let biller = LegalEntityID("US01")
  private static let deliverer = LegalEntityID("UK01")

  private static func book(
    _ agreements: IntercompanyAgreements, closed: [LegalEntityID: Set<FiscalPeriod>] = [:],
    policies: (inout EntityPolicies) -> Void = { _ in }
  ) throws -> RuleBook {
    var chosen = EntityPolicies()
    policies(&chosen)
    func rules(_ id: LegalEntityID, _ currency: String) throws -> EntityRules {
      EntityRules(
        entity: LegalEntity(
          id: id, name: id.code, country: "DE", functionalCurrency: try Sample.currency(currency)),
        policies: chosen, closedPeriods: closed[id] ?? [])
    }
    return RuleBook(
      version: "sha256:test",
      entities: [biller: try rules(biller, "USD"), deliverer: try rules(deliverer, "GBP")],
      accounts: AccountDetermination(Sample.defaultTables()),
      rates: RateTable([
        RateTable.Row(try Sample.rate("USD", "GBP", "0.8", on: "2026-01-01"))
      ]),
      moneyAccounts: ["BANK": MoneyAccount(code: "BANK", kind: .bank)],
      taxCodes: [
        "AE-21": TaxCode(code: "AE-21", category: .reverseCharge, rate: try ExactDecimal("21")),
        "S-20": TaxCode(code: "S-20", category: .standard, rate: try ExactDecimal("20")),
      ], intercompany: agreements)
  }

  private static func delivery(
    _ treatment: DeliveryAgreement.Treatment, markUp: String = "0", tax: String? = nil
  ) throws -> IntercompanyAgreements {
    IntercompanyAgreements(deliveries: [
      DeliveryAgreement(
        biller: biller, deliverer: deliverer, treatment: treatment,
        markUp: try ExactDecimal(markUp), taxCode: tax)
    ])
  }

  private static func invoice(_ lines: [DocumentLine], isCredit: Bool = false) throws -> Document {
    let content = try Sample.content(lines, in: "USD")
    var document = try Sample.document(
      isCredit ? .creditMemo : .invoice, "D-1", "USD",
      body: isCredit
        ? .creditMemo(CreditMemo(content: content)) : .invoice(Invoice(content: content)))
    document.entity = biller
    return document
  }

  private static func delivered(_ id: String, _ net: String) throws -> DocumentLine {
    var line = try Sample.line(id, net, in: "USD")
    line.deliveredBy = deliverer
    return line
  }

  @Test func `a charged tax is recoverable for the biller and payable by the deliverer`() throws {
    let book = try Self.book(try Self.delivery(.principal, markUp: "-10", tax: "S-20"))
    let document = try Self.invoice([try Self.delivered("1", "100.00")])
    let entries = convert(document, book).entries()
    #expect(
      entries.map(\.table) == [
        ["credit revenue 100.00", "debit receivable 100.00"],
        ["credit dueTo 108.00", "debit intercompanyCost 90.00", "debit taxRecoverable 18.00"],
        [
          "credit intercompanyRevenue 90.00 72.00", "credit taxPayable 18.00 14.40",
          "debit dueFrom 108.00 86.40",
        ],
      ])
    #expect(entries.map(\.head.legalEntity) == [Self.biller, Self.biller, Self.deliverer])
    let partners = entries.flatMap(\.lines).filter { $0.partner != nil }.map {
      "\($0.role) \($0.partner?.code ?? "")"
    }
    #expect(
      partners == [
        "intercompanyCost UK01", "dueTo UK01", "dueFrom US01", "intercompanyRevenue US01",
      ])
  }

  @Test func `one closed side moves or holds both`() throws {
    let march = try #require(FiscalPeriod("2026-03"))
    let document = try Self.invoice([try Self.delivered("1", "100.00")])
    let moved = convert(
      document,
      try Self.book(
        try Self.delivery(.passThrough), closed: [Self.deliverer: [march]],
        policies: { $0.closedPeriod = .nextOpen }))
    #expect(Set(moved.entries().map(\.head.postingDate.text)) == ["2026-04-01"])
    #expect(moved.entries().allSatisfy { $0.head.movedFrom?.text == "2026-03-10" })
    let held = convert(
      document,
      try Self.book(try Self.delivery(.passThrough), closed: [Self.deliverer: [march]]))
    #expect(held == .waiting(.period(march, of: Self.deliverer)))
  }

  @Test func `an agreement holds only on its days`() throws {
    var agreements = try Self.delivery(.passThrough)
    agreements.deliveries[0].from = try Sample.date("2026-04-01")
    let document = try Self.invoice([try Self.delivered("1", "100.00")])
    #expect(
      convert(document, try Self.book(agreements)).stops.map(\.exceptionClass) == [.noAgreement])
  }

  @Test func `a payment is collected only for an entity with an agreement`() throws {
    var payment = try Sample.payment("P-1", "50.00", to: [], in: "USD")
    payment.entity = Self.deliverer
    guard case .payment(var body) = payment.body else { return }
    body.collectedFor = Self.biller
    payment.body = .payment(body)
    #expect(
      convert(payment, try Self.book(IntercompanyAgreements())).stops.map(\.exceptionClass)
        == [.noAgreement])
    let agreed = IntercompanyAgreements(collections: [
      CollectionAgreement(owner: Self.biller, collector: Self.deliverer)
    ])
    let conversion = convert(payment, try Self.book(agreed))
    #expect(
      conversion.entries().map(\.table) == [
        ["credit dueTo 50.00 40.00", "debit bank 50.00 40.00"],
        ["credit unappliedCash 50.00", "debit dueFrom 50.00"],
      ])
    #expect(
      conversion.openItems.map { "\($0.part.rawValue) \($0.amount.text) \($0.functional.text)" }
        == ["dueTo 50.00 40.00", "credit 50.00 50.00", "dueFrom 50.00 50.00"])
    #expect(
      conversion.openItems.compactMap(\.parties)
        == [DueParties(Self.deliverer, Self.biller), DueParties(Self.biller, Self.deliverer)])
  }

  @Test(arguments: Seed.forThisRun)
  func `what one side has due from the other, the other has due to it`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for _ in 1...40 {
      let tax = [nil, "AE-21", "S-20"].randomElement(using: &random) ?? nil
      let isPrincipal = Bool.random(using: &random)
      let agreements = try Self.delivery(
        isPrincipal ? .principal : .passThrough,
        markUp: "\(Int.random(in: -30...40, using: &random)).5", tax: isPrincipal ? tax : nil)
      let lines = try (1...Int.random(in: 1...6, using: &random)).map { number in
        let net =
          "\(Int.random(in: 1...9_999, using: &random)).\(Int.random(in: 10...99, using: &random))"
        return Bool.random(using: &random)
          ? try Self.delivered("\(number)", net) : try Sample.line("\(number)", net, in: "USD")
      }
      let document = try Self.invoice(lines, isCredit: Bool.random(using: &random))
      let conversion = convert(document, try Self.book(agreements))
      #expect(conversion.stops.isEmpty)
      var sum: Int64 = 0
      for line in conversion.entries().flatMap(\.lines)
      where line.role == .dueFrom || line.role == .dueTo {
        sum += line.side == .debit ? line.amount.minorUnits : -line.amount.minorUnits
      }
      #expect(sum == 0)
    }
  }
}
