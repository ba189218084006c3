import PosternConfiguration
import PostingRules
import Testing

@Suite struct ContentVersionTests {
  static let revenue = "- { when: { product: A, kind: usage }, account: 4100 }\n- account: 4000\n"

  private func version(_ changes: [String: String] = [:]) throws -> String {
    let base = ["accounts/revenue.yaml": Self.revenue]
    return try SampleFolder(base.merging(changes) { $1 }).load().rules.version
  }

  @Test func `the version is a SHA-256`() throws {
    let version = try version()
    #expect(version.hasPrefix("sha256:"))
    #expect(version.count == 7 + 64)
  }

  @Test(arguments: [
    """
    # Revenue, in another layout

    - account: '4100'
      when:
        kind: "usage"
        product: A
    - { account: 4000, }
    """
  ])
  func `layout, comments, quotes and the order of keys do not count`(text: String) throws {
    #expect(try version(["accounts/revenue.yaml": text]) == version())
  }

  @Test(arguments: [
    (
      "accounts/revenue.yaml",
      "- account: 4000\n- { when: { product: A, kind: usage }, account: 4100 }\n"
    ),
    (
      "accounts/revenue.yaml",
      "- { when: { product: A, kind: usage }, account: 4101 }\n- account: 4000\n"
    ),
    (
      "accounts/revenue.yaml",
      "- { when: { product: [A], kind: usage }, account: 4100 }\n- account: 4000\n"
    ),
    ("taxes.yaml", "- code: DE-19\n"), ("bank-accounts.yaml", "- { code: B, kind: bank }\n"),
    ("postern.yaml", "installation: 0123456789abcdef\ngroups: { EU: [ACME] }\n"),
    (
      "entities/ACME.yaml",
      """
      code: ACME
      name: Acme
      country: DE
      currency: EUR
      connection: erp
      policies: { deferral: on }

      """
    ),
  ])
  func `what decides an entry counts`(file: String, text: String) throws {
    #expect(try version([file: text]) != version())
  }

  @Test(arguments: [
    ("postern.yaml", "installation: fedcba9876543210\nlimits: { lines: 7 }\n"),
    ("connections/erp.yaml", "adapter: generic-rest\nurl: http://other\ncompany: X\n"),
    ("rates/a.csv", "date,from,to,rate,source\n2026-01-01,USD,EUR,0.9,ECB\n"),
    (
      "entities/ACME.yaml",
      """
      code: ACME
      name: Acme
      country: DE
      currency: EUR
      connection: { ifrs: erp }
      periods: { closed: [2026-01] }

      """
    ),
  ])
  func `what decides none does not`(file: String, text: String) throws {
    #expect(try version([file: text]) == version())
  }
}
