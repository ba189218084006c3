import Ledger
import PosternConfiguration
import Testing

@Suite struct AccountCheckTests {
  static let second = "code: NORD\nname: Nord\ncountry: NO\ncurrency: NOK\nconnection: erp\n"
  static let rates = "date,from,to,rate,type,source\n2026-01-01,EUR,NOK,11.7,spot,ECB\n"

  private func revenue(_ rows: String, and changes: [String: String] = [:]) -> SampleFolder {
    SampleFolder(["accounts/revenue.yaml": rows].merging(changes) { $1 })
  }

  @Test func `a role without a default is a hole`() {
    let problem = revenue("- { when: { product: A }, account: 1 }\n").only("account_hole")
    #expect(problem?.pointer == "accounts/revenue.yaml")
    #expect(
      problem?.detail
        == "ACME has no account for revenue where no other row holds: any other line")
  }

  @Test func `a hole is told for the entity that has it, by combination`() {
    let rows = """
      - { when: { entity: ACME }, account: 1 }
      - { when: { entity: NORD, kind: [charge, discount] }, account: 2 }
      - { when: { entity: NORD, kind: usage, taxCategory: S }, account: 3 }
      """
    let problem = revenue(rows, and: ["entities/NORD.yaml": Self.second]).only("account_hole")
    #expect(
      problem?.detail == """
        NORD has no account for revenue: kind = fee, taxCategory = S; kind = fee, \
        taxCategory = Z; kind = fee, taxCategory = E and 18 more
        """)
  }

  @Test func `all kinds together leave no hole`() {
    let rows = """
      - { when: { kind: [charge, discount] }, account: 1 }
      - { when: { kind: fee }, account: 2 }
      - { when: { kind: usage }, account: 3 }
      """
    #expect(revenue(rows).findings == [])
  }

  @Test func `a gap between effective dates is a hole`() {
    let rows = """
      - { account: 1, through: 2026-06-30 }
      - { account: 2, from: 2026-08-01 }
      """
    #expect(
      revenue(rows).only("account_hole")?.detail
        == "ACME has no account for revenue: posting date 2026-07-01")
    #expect(revenue(rows.replacing("2026-08-01", with: "2026-07-01")).findings == [])
  }

  @Test func `roles without any table are listed once`() {
    let findings = SampleFolder(accounts: false).all
    let holes = findings.filter { $0.problem.code == "account_hole" }
    #expect(
      holes.filter { $0.severity == .warning }.map(\.problem.detail) == [
        "ACME has no account for receivable: documents that need one stop",
        "ACME has no account for revenue: documents that need one stop",
        "ACME has no account for taxPayable: documents that need one stop",
        "ACME has no account for unappliedCash: documents that need one stop",
        "ACME has no account for customerCredit: documents that need one stop",
      ])
    #expect(holes.filter { $0.severity == .notice }.count == 1)
  }

  @Test(arguments: [
    ("- { account: 1 }\n- { account: 2 }\n", 2),
    (
      """
      - { account: 0 }
      - { when: { product: A }, account: 1 }
      - { when: { product: A }, account: 1 }

      """,
      3
    ),
    (
      """
      - { account: 0 }
      - { when: { product: [A, B] }, account: 1 }
      - { when: { product: [B, A] }, account: 2 }

      """,
      3
    ),
    (
      """
      - { account: 0 }
      - { when: { entity: ACME, product: A }, account: 1 }
      - { when: { group: EU, product: A }, account: 2 }

      """,
      3
    ),
    ("- { account: 0 }\n- { when: { entity: ACME }, account: 1 }\n", 1),
    // A row that names the entity comes first, whatever the others ask for.
    (
      """
      - { when: { product: A, family: F }, account: 1 }
      - { when: { entity: ACME }, account: 2 }
      - { when: { entity: ACME, product: A }, account: 3 }

      """,
      1
    ),
    (
      """
      - { account: 0 }
      - { when: { product: A }, account: 1, from: 2026-01-01 }
      - { when: { product: A }, account: 2, from: 2026-05-01 }

      """,
      3
    ),
  ])
  func `a row that never wins is found`(rows: String, line: Int) {
    let postern = "installation: 0123456789abcdef\ngroups: { EU: [ACME] }\n"
    let problem = revenue(rows, and: ["postern.yaml": postern]).only("row_shadowed")
    #expect(problem?.pointer == "accounts/revenue.yaml:\(line)")
  }

  @Test(arguments: [
    "- { account: 0 }\n- { when: { product: A }, account: 1 }\n",
    """
    - { account: 0 }
    - { when: { product: A }, account: 1, through: 2026-05-01 }
    - { when: { product: A }, account: 2, from: 2026-05-02 }

    """,
    """
    - { account: 0 }
    - { when: { product: { prefix: A } }, account: 1 }
    - { when: { product: { prefix: B } }, account: 2 }

    """,
    """
    - { account: 0 }
    - { when: { taxRate: { through: 9 } }, account: 1 }
    - { when: { taxRate: { from: 10 } }, account: 2 }

    """,
    """
    - { account: 0 }
    - { when: { product: A }, account: 7 }
    - { when: { family: F }, account: 7 }

    """,
  ])
  func `rows that each have their lines are not`(rows: String) {
    #expect(revenue(rows).findings == [])
  }

  @Test func `equally specific rows with different accounts overlap`() {
    let rows = """
      - { account: 0 }
      - { when: { product: A }, account: 1 }
      - { when: { family: F }, account: 2 }
      """
    let problem = revenue(rows).only("rows_overlap")
    #expect(problem?.pointer == "accounts/revenue.yaml:3")
    #expect(
      problem?.detail == """
        Row 3 (family = F) and row 2 (product = A) can hold for one line and are equally \
        specific: the earlier one wins, with account 1
        """)
  }

  @Test func `ranges that meet overlap`() {
    let rows = """
      - { account: 0 }
      - { when: { taxRate: { through: 10 } }, account: 1 }
      - { when: { taxRate: { from: 7 } }, account: 2 }
      """
    #expect(revenue(rows).only("rows_overlap")?.pointer == "accounts/revenue.yaml:3")
  }

  @Test func `an account outside the chart is told for the entity whose chart it is`() {
    let entity = "code: ACME\nname: A\ncountry: DE\ncurrency: EUR\nconnection: erp\nchart: a.csv\n"
    let folder = SampleFolder([
      "entities/ACME.yaml": entity, "entities/NORD.yaml": Self.second,
      "charts/a.csv": "number,name\n0100,All\n8400,Sales\n", "rates/a.csv": Self.rates,
      "accounts/revenue.yaml": """
      - { when: { entity: ACME, product: A }, account: 8401 }
      - { when: { entity: ACME }, account: 8400 }
      - { account: 3000 }
      """,
    ])
    let problem = folder.only("unknown_account")
    #expect(problem?.pointer == "accounts/revenue.yaml:1")
    #expect(problem?.detail == "Account 8401 is not in charts/a.csv, the chart of ACME")
    #expect(problem?.fix.hasPrefix("Did you mean '8400'?") == true)
  }

  @Test func `a money account that no row takes is a hole`() {
    let folder = SampleFolder([
      "accounts/bank.yaml": "- { when: { account: MAIN }, account: 1800 }\n",
      "bank-accounts.yaml": "- { code: MAIN, kind: bank }\n- { code: OTHER, kind: bank }\n",
    ])
    #expect(
      folder.only("account_hole")?.detail == "ACME has no account for bank: account = OTHER")
  }

  @Test func `names that are nowhere are warned of`() {
    let folder = SampleFolder([
      "accounts/taxPayable.yaml": "- account: 1\n- { when: { taxCode: DE-91 }, account: 2 }\n",
      "accounts/bank.yaml": "- { account: 1, dimensions: { departmnt: CS, region: US } }\n",
      "taxes.yaml": "- code: DE-19\n",
      "dimensions.yaml": "- { code: department }\n- { code: region, values: [EU] }\n",
    ])
    #expect(
      folder.findings == [
        "warning unknown_dimension accounts/bank.yaml:1",
        "warning unknown_dimension accounts/bank.yaml:1",
        "warning unknown_tax_code accounts/taxPayable.yaml:2",
      ])
  }

  @Test func `a missing rate between entities of a group is warned of`() {
    let folder = SampleFolder([
      "entities/NORD.yaml": Self.second, "rates/a.csv": Self.rates,
      "postern.yaml": "installation: 0123456789abcdef\ngroups: { ALL: [ACME, NORD] }\n",
    ])
    let problem = folder.only("rate_missing")
    #expect(problem?.pointer == "entities/ACME.yaml:1")
    #expect(
      problem?.detail
        == "There is no exchange rate from NOK to EUR, the currency of ACME")
  }

  @Test func `a table of ten thousand products is checked to the end`() {
    let rows = (0..<10_000).map { "- { when: { product: P\($0) }, account: 1 }\n" }.joined()
    #expect(revenue("- { account: 0 }\n" + rows).findings == [])
  }
}
