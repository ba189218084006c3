import Ledger
import PosternConfiguration
import PostingRules
import Testing

@Suite struct RateImportTests {
  private static let history = """
    Date,USD,JPY,HRK,
    2026-03-10,1.1037,162.4,N/A,
    2026-03-09,1.1,161.86,N/A,

    """

  private static func read(
    _ text: String, _ change: (inout RateImport.Options) -> Void = { _ in }
  ) -> (rows: [RateTable.Row], problems: [Problem]) {
    var options = RateImport.Options()
    options.type = "spot"
    change(&options)
    let findings = FindingList()
    let rows = RateImport(Array(text.utf8), file: "f.csv", options, into: findings).rows
    return (rows, findings.sorted.map(\.problem))
  }

  @Test func `the central bank's history gives units for one euro`() {
    let (rows, problems) = Self.read(Self.history)
    #expect(problems.isEmpty)
    #expect(
      RateMerge.text(rows) == """
        date,from,to,rate,type,source
        2026-03-09,EUR,JPY,161.86,spot,ECB
        2026-03-09,EUR,USD,1.1,spot,ECB
        2026-03-10,EUR,JPY,162.4,spot,ECB
        2026-03-10,EUR,USD,1.1037,spot,ECB

        """)
  }

  @Test func `an inverse is rounded to twelve decimals, and days before are left out`() {
    let (rows, _) = Self.read(Self.history) {
      $0.addsInverse = true
      $0.since = CalendarDate("2026-03-10")
    }
    #expect(
      RateMerge.text(rows) == """
        date,from,to,rate,type,source
        2026-03-10,EUR,JPY,162.4,spot,ECB
        2026-03-10,EUR,USD,1.1037,spot,ECB
        2026-03-10,JPY,EUR,0.006157635468,spot,ECB
        2026-03-10,USD,EUR,0.90604330887,spot,ECB

        """)
  }

  @Test(arguments: [
    ("Date,USD,\n2026-03-09,1.1,\n2026-03-20,1.2,\n", "rate_gap"),
    ("Date,USD,\n2026-03-09,0,\n", "invalid_rate"),
    ("Date,USD,\n2026-03-09,one,\n", "invalid_rate"),
    ("Date,USD,\n9 March,1.1,\n", "invalid_date"),
    ("Date,USD,\n2026-03-09,N/A,\n", "no_rates"),
    ("Date,USD,\n2026-03-09\n", "csv_fields"),
    ("date,from,to,rate\n", "csv_header"),
    ("", "csv_empty"),
  ])
  func `a faulty file is refused with its line`(text: String, code: String) {
    let problems = Self.read(text).problems
    #expect(problems.contains { $0.code == code }, "\(problems)")
    #expect(problems.allSatisfy { !$0.fix.isEmpty && $0.pointer.hasPrefix("f.csv") })
  }

  @Test func `a rate that is here already is no news, and another one a contradiction`() {
    let present = Self.read(Self.history).rows
    let findings = FindingList()
    let merge = RateMerge(
      Self.read("Date,USD,\n2026-03-10,1.1037,\n2026-03-09,1.2,\n2026-03-11,1.1,\n").rows,
      into: present, file: "f.csv", findings: findings)
    #expect(merge.repeated == 1)
    #expect(merge.added.map(\.rate.date.text) == ["2026-03-11"])
    let problem = findings.sorted.first?.problem
    #expect(problem?.code == "rate_contradiction")
    #expect(
      problem?.detail
        == "The rate from EUR to USD (spot, ECB) of 2026-03-09 is 1.2, and 1.1 is here already")
  }
}
