import Ledger
import PostingRules
import TestSupport
import Testing

/// Any valid billed document ties with its totals, whatever the policy and the currencies.
@Suite struct ConversionPropertyTests {
  struct Setting: Sendable {
    let currency: String
    let functional: String
    let rate: String
    let discounts: EntityPolicies.DiscountPresentation
  }

  static let settings: [Setting] = [
    Setting(currency: "EUR", functional: "EUR", rate: "1", discounts: .gross),
    Setting(currency: "EUR", functional: "EUR", rate: "1", discounts: .net),
    Setting(currency: "JPY", functional: "JPY", rate: "1", discounts: .net),
    Setting(currency: "BHD", functional: "BHD", rate: "1", discounts: .gross),
    Setting(currency: "EUR", functional: "USD", rate: "1.0845", discounts: .gross),
    Setting(currency: "JPY", functional: "USD", rate: "0.0067", discounts: .net),
    Setting(currency: "BHD", functional: "JPY", rate: "403.12345", discounts: .gross),
    Setting(currency: "USD", functional: "BHD", rate: "0.376", discounts: .net),
    Setting(currency: "USD", functional: "CLF", rate: "0.0000001", discounts: .net),
  ]

  static let netRoles: Set<AccountRole> = [.revenue, .discount, .deferredRevenue, .customerAdvance]

  /// The signed sum of the lines of some roles, in the direction of the receivable of an invoice.
  static func sum(_ entry: JournalEntry, _ roles: Set<AccountRole>, _ side: Side) -> Int64 {
    entry.lines.filter { roles.contains($0.role) }.reduce(0) {
      $0 + ($1.side == side ? $1.amount.minorUnits : -$1.amount.minorUnits)
    }
  }

  static func document(
    _ random: inout SeededGenerator, _ setting: Setting, isMemo: Bool
  ) throws -> Document {
    let currency = try Sample.currency(setting.currency)
    func money(_ units: Int64) -> Money { Money(minorUnits: units, currency) }
    let kinds: [(String, TaxCategory, Int64)] = [
      ("S-19", .standard, 19), ("S-7", .standard, 7), ("AE", .reverseCharge, 0),
      ("Z", .zeroRated, 0),
    ]
    var lines: [DocumentLine] = []
    var total: Int64 = 0
    for number in 1...Int.random(in: 1...12, using: &random) {
      let (code, category, rate) = kinds[Int.random(in: 0..<kinds.count, using: &random)]
      let isDiscount = total > 0 && Int.random(in: 0..<4, using: &random) == 0
      let net =
        isDiscount
        ? -Int64.random(in: 0...total, using: &random)
        : Int64.random(in: 0...1_000_000, using: &random)
      total += net
      let tax = (net.magnitude * UInt64(rate) + 50) / 100
      lines.append(
        DocumentLine(
          id: "\(number)", kind: isDiscount ? .discount : .charge,
          product: "P\(number)", net: money(net),
          taxes: [
            TaxDetail(
              code: code, category: category, rate: ExactDecimal(rate), base: money(net),
              amount: money(net < 0 ? -Int64(tax) : Int64(tax)))
          ],
          servicePeriod: Bool.random(using: &random)
            ? DateRange(
              from: try Sample.date("2026-01-01"), through: try Sample.date("2026-12-31")) : nil))
    }
    var content = try Sample.content(lines, in: setting.currency)
    content.totals.rounding = money(Int64.random(in: -50...50, using: &random))
    if Bool.random(using: &random) {
      content.totals.prepaid = money(
        Int64.random(in: 0...max(1, content.totals.gross.minorUnits + 100), using: &random))
    }
    let rate =
      setting.currency == setting.functional
      ? nil : try Sample.rate(setting.currency, setting.functional, setting.rate)
    return try Sample.document(
      isMemo ? .creditMemo : .invoice, "D-1", setting.currency, rate: rate,
      body: isMemo
        ? .creditMemo(CreditMemo(content: content)) : .invoice(Invoice(content: content)))
  }

  @Test(arguments: Seed.forThisRun)
  func `every billed document balances and ties with its totals`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for setting in Self.settings {
      for isMemo in [false, true] {
        let document = try Self.document(&random, setting, isMemo: isMemo)
        let deferral = Bool.random(using: &random)
        let book = try Sample.book(setting.functional) {
          $0.discounts = setting.discounts
          $0.deferral = deferral ? .daily : .off
        }
        guard let entry = convert(document, book).entries().first else { continue }
        let totals: DocumentTotals
        switch document.body {
        case .invoice(let invoice): totals = invoice.content.totals
        case .creditMemo(let memo): totals = memo.content.totals
        default: continue
        }
        let side: Side = isMemo ? .credit : .debit
        #expect(
          Self.sum(entry, [.receivable, .customerCredit], side) == totals.payable.minorUnits)
        #expect(Self.sum(entry, [.taxPayable], side.opposite) == totals.tax.minorUnits)
        #expect(Self.sum(entry, Self.netRoles, side.opposite) == totals.net.minorUnits)
        #expect(Self.sum(entry, [.unappliedCash], side) == totals.prepaid.minorUnits)
        #expect(
          Self.sum(entry, [.rounding], side.opposite) == totals.rounding.minorUnits)
        #expect(entry.head.rate == document.exchangeRate)
        try Self.checkConversion(of: entry)
      }
    }
  }

  /// Lines that do not take the residue are converted each by itself; the others stay within what
  /// the other lines' rounding can move.
  static func checkConversion(of entry: JournalEntry) throws {
    guard let rate = entry.head.rate else {
      for line in entry.lines { #expect(line.amount == line.functionalAmount) }
      return
    }
    let absorbing: Set<AccountRole> = [.revenue, .deferredRevenue, .customerAdvance]
    for line in entry.lines where !line.amount.isZero {
      let exact = try rate.convert(line.amount).minorUnits
      let slack = absorbing.contains(line.role) ? Int64(entry.lines.count) : 0
      #expect(abs(line.functionalAmount.minorUnits - exact) <= slack)
    }
  }

  @Test(arguments: Seed.forThisRun)
  func `a payment clears what it applies and keeps the rest`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let eur = try Sample.currency("EUR")
    let invoices = try (1...3).map {
      try Sample.invoice("INV-\($0)", net: "1000.00", tax: "190.00")
    }
    let discount = Int64.random(in: 0...5_000, using: &random)
    let applied = (1...3).map { _ in Int64.random(in: 1...100_000, using: &random) }
    let rest = Int64.random(in: 0...1_000, using: &random)
    let payment = try Sample.payment(
      "PAY-1", Money(minorUnits: applied.reduce(rest, +), eur).text,
      to: zip(1...3, applied).map { ("INV-\($0)", Money(minorUnits: $1, eur).text) },
      discount: Money(minorUnits: discount, eur).text)
    let here = try Sample.here(invoices[0], invoices[1], invoices[2])
    let conversion = convert(payment, try Sample.book(), here)
    let entry = try #require(conversion.entries().first)
    #expect(Self.sum(entry, [.receivable], .credit) == applied.reduce(3 * discount, +))
    #expect(Self.sum(entry, [.unappliedCash], .credit) == rest)
    #expect(Self.sum(entry, [.earlyPaymentDiscount, .taxPayable], .debit) == 3 * discount)
    let cleared = conversion.openItems.filter { $0.part == .receivable }.map(\.amount.minorUnits)
    #expect(cleared == applied.map { -$0 - discount })
  }

  @Test func `a document of 100,000 lines converts`() throws {
    let lines = try (1...100_000).map { number in
      try Sample.line(
        "\(number)", "1.00",
        taxes: [Sample.tax("T\(number % 500)", "19", base: "1.00", amount: "0.19", in: "EUR")])
    }
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: try Sample.content(lines))))
    let entry = try #require(convert(document, try Sample.book()).entries().first)
    #expect(entry.lines.count == 1 + 100_000 + 500)
    #expect(entry.total?.text == "119000.00")
  }
}
