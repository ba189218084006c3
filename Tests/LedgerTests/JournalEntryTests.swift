import Ledger
import TestSupport
import Testing

@Suite struct JournalEntryTests {
  static let reason = AccountReason(table: "accounts/any.yaml", row: 1, because: "default")

  static func head() throws -> EntryHead {
    let eur = try #require(Currency("EUR"))
    let usd = try #require(Currency("USD"))
    let date = try #require(CalendarDate("2026-03-10"))
    return EntryHead(
      legalEntity: LegalEntityID("US01"), kind: .invoice, postingDate: date, documentDate: date,
      currency: eur, functionalCurrency: usd, reference: "INV-1", description: "Invoice INV-1",
      source: EntrySource(
        document: DocumentIdentity(source: "billing", type: .invoice, id: "INV-1"), revision: 1),
      rulesVersion: "sha256:test")
  }

  static func line(
    _ side: Side, _ amount: Int64, _ functional: Int64, tax: JournalLine.Tax? = nil
  ) throws -> JournalLine {
    JournalLine(
      role: .revenue, account: AccountCode("4400"), side: side,
      amount: Money(minorUnits: amount, try #require(Currency("EUR"))),
      functionalAmount: Money(minorUnits: functional, try #require(Currency("USD"))),
      tax: tax, description: "line", reason: reason)
  }

  @Test(
    arguments: [
      (100, 110, 99, 110, 1, 0), (100, 110, 100, 111, 0, -1), (100, 110, 0, 0, 100, 110),
    ] as [(Int64, Int64, Int64, Int64, Int128, Int128)])
  func `refuses an entry that does not balance in both currencies`(
    debit: Int64, debitFunctional: Int64, credit: Int64, creditFunctional: Int64,
    transaction: Int128, functional: Int128
  ) throws {
    let head = try Self.head()
    let lines = [
      try Self.line(.debit, debit, debitFunctional),
      try Self.line(.credit, credit, creditFunctional),
    ]
    let fault = #expect(throws: UnbalancedEntry.self) { try JournalEntry(head, lines: lines) }
    #expect(fault?.transaction == transaction)
    #expect(fault?.functional == functional)
  }

  @Test func `takes an entry that balances, exchange differences included`() throws {
    let lines = [
      try Self.line(.debit, 100, 110), try Self.line(.credit, 100, 112),
      try Self.line(.debit, 0, 2),
    ]
    #expect(try JournalEntry(Self.head(), lines: lines).total?.text == "1.00")
  }

  @Test func `sums past 64 bits are still compared exactly`() throws {
    let head = try Self.head()
    let lines = [
      try Self.line(.debit, .max, .max), try Self.line(.debit, .max, .max),
      try Self.line(.credit, .max, .max),
    ]
    let fault = #expect(throws: UnbalancedEntry.self) { try JournalEntry(head, lines: lines) }
    #expect(fault?.transaction == Int128(Int64.max))
    let balanced = try JournalEntry(head, lines: lines + [try Self.line(.credit, .max, .max)])
    #expect(balanced.total == nil)
  }

  @Test(arguments: Seed.forThisRun)
  func `a reversal of a reversal has the lines of the original`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    var lines: [JournalLine] = []
    var sum: (Int64, Int64) = (0, 0)
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let amount = Int64.random(in: 0...1_000_000, using: &random)
      let functional = Int64.random(in: 0...1_000_000, using: &random)
      let base = Money(minorUnits: amount, try Self.head().currency)
      let tax = JournalLine.Tax(code: "T", category: .standard, rate: ExactDecimal(19), base: base)
      lines.append(try Self.line(.debit, amount, functional, tax: tax))
      sum = (sum.0 + amount, sum.1 + functional)
    }
    lines.append(try Self.line(.credit, sum.0, sum.1))
    let entry = try JournalEntry(Self.head(), lines: lines)
    let day = entry.head.postingDate.adding(days: 10)
    let reversal = entry.reversed(key: "KEY1", on: day)
    #expect(reversal.lines.map(\.side) == entry.lines.map(\.side.opposite))
    #expect(reversal.lines[0].tax?.base == entry.lines[0].tax?.base.map { -$0 })
    #expect(reversal.head.kind == .reversal)
    #expect(reversal.head.reverses == "KEY1")
    #expect(reversal.head.postingDate == day)
    #expect(reversal.head.documentDate == entry.head.documentDate)
    #expect(reversal.reversed(key: "KEY2", on: day).lines == entry.lines)
  }

  @Test func `a posting key is 16 characters of its alphabet`() throws {
    let key = PostingKey(digest: (0..<32).map { UInt8($0 * 7 % 256) })
    #expect(key.text.utf8.count == 16)
    #expect(key.text.utf8.allSatisfy { PostingKey.alphabet.contains($0) })
    #expect(PostingKey(key.text) == key)
    #expect(PostingKey(digest: [UInt8](repeating: 0, count: 16)).text == "0000000000000000")
    let highest = PostingKey(digest: [UInt8](repeating: 255, count: 16))
    #expect(PostingKey(highest.text) == highest)
  }

  @Test(arguments: [
    "", "7KQ2M0XW4D9RT3B", "7KQ2M0XW4D9RT3BAA", "7kq2m0xw4d9rt3ba", "7KQ2M0XW4D9RT3B-",
  ])
  func `refuses what is no posting key`(text: String) {
    #expect(PostingKey(text) == nil)
  }

  @Test(arguments: [
    ("billing/invoice/INV-1", "billing", DocumentType.invoice, "INV-1"),
    ("a/creditMemo/x/y|z w", "a", .creditMemo, "x/y|z w"),
  ])
  func `reads an identity split at its first two slashes`(
    text: String, source: String, type: DocumentType, id: String
  ) throws {
    let identity = try #require(DocumentIdentity(text))
    #expect(identity == DocumentIdentity(source: source, type: type, id: id))
    #expect(identity.description == text)
  }

  @Test(arguments: ["billing/invoice", "billing/bill/1", "/invoice/1", "billing/invoice/"])
  func `refuses what is no identity`(text: String) {
    #expect(DocumentIdentity(text) == nil)
  }

  @Test func `dimensions keep the order of their names and fill gaps`() {
    var dimensions: Dimensions = ["project": "P1", "department": "CS"]
    #expect(dimensions.pairs.map(\.name) == ["department", "project"])
    dimensions["department"] = nil
    dimensions["area"] = "EU"
    #expect(dimensions == ["area": "EU", "project": "P1"])
    let filled = dimensions.filled(from: ["project": "P2", "zone": "Z"])
    #expect(filled == ["area": "EU", "project": "P1", "zone": "Z"])
  }

  @Test func `a problem can be found below another place`() {
    let problem = Problem(code: "x", pointer: "/net", detail: "d", fix: "f").below("/lines/0")
    #expect(problem.pointer == "/lines/0/net")
  }
}
