import AdapterKit
import Ledger
import PostingEngine
import Testing

/// What an ERP has, beside what entries name and come to.
@Suite struct MasterDataTests {
  @Test func `what the ERP does not have shows before anything is sent, each once`() async throws {
    let check = try await MasterDataCheck.reading(ListingAdapter())
    #expect(check.kinds == [.accounts, .parties, .dimensions])
    let problems = check.problems(with: [
      MasterDataUse(.accounts, "1200", at: "accounts/receivable.yaml, row 1"),
      MasterDataUse(.accounts, "4400", at: "accounts/revenue.yaml, row 1"),
      MasterDataUse(.accounts, "9999", at: "accounts/revenue.yaml, row 2"),
      MasterDataUse(.accounts, "9999", at: "billing/invoice/INV-1"),
      MasterDataUse(.parties, "C-2", at: "billing/invoice/INV-1"),
      MasterDataUse(.dimensions, "CC-9", dimension: "costCenter", at: "dimensions.yaml"),
      MasterDataUse(.dimensions, "P-1", dimension: "project", at: "dimensions.yaml"),
      MasterDataUse(.taxCodes, "S-19", at: "taxes.yaml"),
    ])
    #expect(
      problems.map { "\($0.code) \($0.pointer): \($0.detail)" } == [
        "blocked_in_erp accounts/revenue.yaml, row 1: "
          + "Account 4400 is in the ERP, and takes no postings",
        "not_in_erp accounts/revenue.yaml, row 2: Account 9999 is not in the ERP",
        "not_in_erp billing/invoice/INV-1: Party C-2 is not in the ERP",
        "not_in_erp dimensions.yaml: Value CC-9 of costCenter is not in the ERP",
      ])
  }

  @Test func `an entry names its accounts, parties, taxes and dimensions`() throws {
    let fixture = try EngineFixture()
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    let entries = try fixture.entries(
      fixture.document(Sample.identity(.invoice, "INV-1")))
    let uses = entries.flatMap { MasterDataUse.all(in: $0.entry) }
    #expect(uses.contains { $0.kind == .parties && $0.code == "C-1" })
    #expect(uses.count { $0.kind == .accounts } == entries.flatMap(\.entry.lines).count)
    #expect(uses.allSatisfy { $0.place == "billing/invoice/INV-1" })
  }

  @Test func `balances stand side by side, parties summed, later periods left out`() throws {
    let fixture = try EngineFixture()
    try fixture.accept(try Sample.invoice("INV-1", "10.00"))
    let entry = try #require(
      try fixture.entries(fixture.document(Sample.identity(.invoice, "INV-1"))).first
    ).entry
    let receivable = try #require(entry.lines.first { $0.role == .receivable })
    var comparison = BalanceComparison(atEndOf: entry.head.period)
    comparison.add(entry)
    let half = Money(minorUnits: 400, receivable.functionalAmount.currency)
    let rows = comparison.rows(besides: [
      AccountBalance(account: receivable.account, party: "C-1", balance: half),
      AccountBalance(account: receivable.account, party: "C-2", balance: half),
    ])
    let row = try #require(rows.first { $0.account == receivable.account })
    #expect(row.erp?.minorUnits == 800)
    #expect(row.difference == row.erp.map { $0 - receivable.functionalAmount })
    #expect(rows.count > 1)
    #expect(rows.filter { $0.account != row.account }.allSatisfy { $0.erp == nil })
    var earlier = BalanceComparison(atEndOf: try #require(FiscalPeriod("2020-01")))
    earlier.add(entry)
    #expect(earlier.rows(besides: []).isEmpty)
  }
}

/// Lists two accounts, one of them blocked, a party and the values of one dimension.
private struct ListingAdapter: ReadsMasterData {
  let descriptor = AdapterDescriptor.fake()
  let masterData: Set<MasterDataKind> = [.accounts, .parties, .dimensions]

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
  func readMasterData(
    _ kind: MasterDataKind, consume: ([MasterRecord]) throws(Problem) -> Void
  ) async throws(Problem) {
    switch kind {
    case .accounts:
      try consume([MasterRecord(code: "1200", name: "Receivables")])
      try consume([MasterRecord(code: "4400", name: "Revenue", isActive: false)])
    case .parties: try consume([MasterRecord(code: "C-1", name: "Nordlicht GmbH")])
    case .dimensions:
      try consume([MasterRecord(code: "CC-1", name: "Sales", dimension: "costCenter")])
    case .taxCodes, .items: break
    }
  }
}
