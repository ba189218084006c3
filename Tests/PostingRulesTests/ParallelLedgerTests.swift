import Ledger
import PostingRules
import Testing

@Suite struct ParallelLedgerTests {
  private func book(closed: Set<FiscalPeriod> = []) throws -> RuleBook {
    var book = try Sample.book()
    var ifrs = EntityPolicies()
    ifrs.deferral = Deferral(.daily)
    ifrs.closedPeriod = .nextOpen
    book.entities[Sample.entity]?.parallelLedgers = [
      LedgerRules(name: "IFRS", policies: ifrs, closedPeriods: closed)
    ]
    return book
  }

  private func document() throws -> Document {
    let year = DateRange(
      from: try Sample.date("2026-03-01"), through: try Sample.date("2027-02-28"))
    let line = try Sample.line("1", "1200.00", service: year)
    return try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: try Sample.content([line]))))
  }

  @Test func `each ledger books by its own policies, and carries its own open items`() throws {
    let conversion = convert(try document(), try book())
    #expect(conversion.entries().map(\.head.ledger) == ["primary", "IFRS"])
    #expect(
      conversion.entries().map(\.table) == [
        ["credit revenue 1200.00", "debit receivable 1200.00"],
        ["credit deferredRevenue 1200.00", "debit receivable 1200.00"],
      ])
    #expect(conversion.openItems.map(\.ledger) == ["primary", "IFRS"])
  }

  @Test func `a period closed in one ledger moves that ledger's entries alone`() throws {
    let march = try #require(FiscalPeriod("2026-03"))
    let entries = convert(try document(), try book(closed: [march])).entries()
    #expect(entries.map(\.head.postingDate.text) == ["2026-03-10", "2026-04-01", "2026-04-01"])
    #expect(entries.map(\.head.movedFrom?.text) == [nil, "2026-03-10", "2026-03-10"])
  }

  @Test func `rows tell ledgers apart`() throws {
    var book = try book()
    let row = AccountRow(
      number: 2, conditions: [AccountCondition(.ledger, .equals("IFRS"))],
      account: AccountCode("ifrs"))
    book.accounts.tables[.receivable]?.rows.append(row)
    let entries = convert(try document(), book).entries()
    let accounts = entries.flatMap(\.lines).filter { $0.role == .receivable }.map(\.account.code)
    #expect(accounts == ["receivable", "ifrs"])
  }
}
