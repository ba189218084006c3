import Foundation
import Ledger
import PosternConfiguration
import TestSupport
import Testing

@Suite struct BrokenFolderTests {
  struct Broken: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String
    let expected: [String]

    var testDescription: String { "\(file): \(expected.first ?? "")" }
  }

  static let broken: [Broken] = [
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        curency: EUR
        connection: erp

        """,
      expected: [
        "error missing_key entities/ACME.yaml:1",
        "error unknown_key entities/ACME.yaml:4",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: Norway
        currency: EURO
        timeZone: Mars/Base
        fiscalYearStart: 13
        connection: [erp]

        """,
      expected: [
        "error wrong_type entities/ACME.yaml:3",
        "error unknown_currency entities/ACME.yaml:4",
        "error unknown_value entities/ACME.yaml:5",
        "error wrong_type entities/ACME.yaml:6",
        "error wrong_type entities/ACME.yaml:7",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACMEE
        name: A
        country: DE
        currency: EUR
        connection: erp

        """,
      expected: [
        "error code_mismatch entities/ACME.yaml:1"
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        currency: EUR
        connection: epr
        periods: { closed: [2026-13] }

        """,
      expected: [
        "warning unused_connection connections/erp.yaml",
        "error unknown_connection entities/ACME.yaml:5",
        "error wrong_type entities/ACME.yaml:6",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        currency: EUR
        connection: erp
        policies:
          deferral: yearly
          closedPeriod: later
          taxTolerance: -1
          rateMaximumAgeDays: 3.5

        """,
      expected: [
        "error unknown_value entities/ACME.yaml:7",
        "error unknown_value entities/ACME.yaml:8",
        "error wrong_type entities/ACME.yaml:9",
        "error wrong_type entities/ACME.yaml:10",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        currency: EUR
        name: B
        connection: erp
        country: FR

        """,
      expected: [
        "error duplicate_key entities/ACME.yaml:5",
        "error duplicate_key entities/ACME.yaml:7",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        currency: EUR
        connection: erp
        chart: skr.csv

        """,
      expected: [
        "error missing_file entities/ACME.yaml:6"
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        code: ACME
        name: A
        country: DE
        currency: EUR

        """,
      expected: [
        "warning unused_connection connections/erp.yaml",
        "warning no_connection entities/ACME.yaml:1",
      ]),
    Broken(
      file: "entities/ACME.yaml",
      text: """
        - code

        """,
      expected: [
        "error wrong_type entities/ACME.yaml:1"
      ]),
    Broken(
      file: "postern.yaml",
      text: """
        defaultSource: biling
        store: { sqlight: x }
        groups: { EU: [AMCE], X: ACME }

        """,
      expected: [
        "error missing_key postern.yaml:1",
        "error unknown_source postern.yaml:1",
        "error unknown_key postern.yaml:2",
        "error wrong_type postern.yaml:3",
        "error unknown_entity postern.yaml:3",
      ]),
    Broken(
      file: "postern.yaml",
      text: """
        installation: x y
        limits: { lines: 0, depth: 4 }

        """,
      expected: [
        "error wrong_type postern.yaml:1",
        "error wrong_type postern.yaml:2",
        "error unknown_key postern.yaml:2",
      ]),
    Broken(
      file: "connections/erp.yaml",
      text: """
        adapter: generic-rst
        url: http://127.0.0.1

        """,
      expected: [
        "error unknown_adapter connections/erp.yaml:1"
      ]),
    Broken(
      file: "connections/erp.yaml",
      text: """
        adapter: generic-rest
        url: http://127.0.0.1
        compny: X
        timeouts:
          request: 30
          conect: 5s
        limits: { perSecond: many }

        """,
      expected: [
        "error missing_key connections/erp.yaml:1",
        "error unknown_key connections/erp.yaml:3",
        "error wrong_type connections/erp.yaml:5",
        "error unknown_key connections/erp.yaml:6",
        "error wrong_type connections/erp.yaml:7",
      ]),
    Broken(
      file: "connections/erp.yaml",
      text: """
        url: http://127.0.0.1

        """,
      expected: [
        "error missing_key connections/erp.yaml:1"
      ]),
    Broken(
      file: "connections/erp.yaml",
      text: """
        adapter: generic-rest
        url: http://x
        company: C
        readBack: ftp://x
        pollEvery: 0s

        """,
      expected: [
        "error wrong_type connections/erp.yaml:4",
        "error wrong_type connections/erp.yaml:5",
      ]),
    Broken(
      file: "sources/billing.yaml",
      text: """
        format: edifact
        entity: ACMY
        entityFrom: { feild: currency }
        approval: none

        """,
      expected: [
        "error unknown_value sources/billing.yaml:1",
        "error unknown_entity sources/billing.yaml:2",
        "error missing_key sources/billing.yaml:3",
        "error missing_key sources/billing.yaml:3",
        "error unknown_key sources/billing.yaml:3",
        "error unknown_value sources/billing.yaml:4",
      ]),
    Broken(
      file: "accounts/revenu.yaml",
      text: """
        - account: 1

        """,
      expected: [
        "error unknown_role accounts/revenu.yaml"
      ]),
    Broken(
      file: "accounts/revenue.yaml",
      text: """
        account: 4000

        """,
      expected: [
        "error wrong_type accounts/revenue.yaml:1"
      ]),
    Broken(
      file: "accounts/revenue.yaml",
      text: """
        - account: 4000
        - when: { prodct: A }
          account: 1
        - when: { kind: chrge }
          account: 2
        - when: { product: }
          account: 3
        - acount: 4

        """,
      expected: [
        "error unknown_key accounts/revenue.yaml:2",
        "error unknown_value accounts/revenue.yaml:4",
        "error wrong_type accounts/revenue.yaml:6",
        "error missing_key accounts/revenue.yaml:8",
        "error unknown_key accounts/revenue.yaml:8",
      ]),
    Broken(
      file: "accounts/revenue.yaml",
      text: """
        - account: 4000
        - from: 2026-02-30
          account: 1
        - from: 2026-03-01
          through: 2026-02-01
          account: 2

        """,
      expected: [
        "error wrong_type accounts/revenue.yaml:2",
        "error empty_range accounts/revenue.yaml:5",
      ]),
    Broken(
      file: "accounts/revenue.yaml",
      text: """
        - account: 4000
        - when: { entity: ACMEE }
          account: 1
        - when: { group: EU }
          account: 2
        - when: { source: bill }
          account: 3

        """,
      expected: [
        "error unknown_entity accounts/revenue.yaml:2",
        "error unknown_group accounts/revenue.yaml:4",
        "warning unknown_source accounts/revenue.yaml:6",
      ]),
    Broken(
      file: "taxes.yaml",
      text: """
        - { code: A, category: X }
        - { code: A }
        - { rate: 19 }

        """,
      expected: [
        "error unknown_value taxes.yaml:1",
        "error duplicate_code taxes.yaml:2",
        "error missing_key taxes.yaml:3",
      ]),
    Broken(
      file: "bank-accounts.yaml",
      text: """
        - { code: A, kind: cash }
        - { code: B, kind: bank, entity: X }
        - { code: B, kind: bank }

        """,
      expected: [
        "error unknown_value bank-accounts.yaml:1",
        "error unknown_entity bank-accounts.yaml:2",
        "error duplicate_code bank-accounts.yaml:3",
      ]),
    Broken(
      file: "tests/a.yaml",
      text: """
        - { name: a, document: { type: invoice } }
        - { name: b, document: x, stops: never }
        - { name: c, source: bill, document: {}, lines: [{ account: 1, side: left, amount: 1,50 }] }

        """,
      expected: [
        "error missing_key tests/a.yaml:1",
        "error wrong_type tests/a.yaml:2",
        "error unknown_value tests/a.yaml:2",
        "error unknown_value tests/a.yaml:3",
        "error unknown_key tests/a.yaml:3",
      ]),
    Broken(
      file: "rates/a.csv",
      text: """
        date,from,to,rate,type,source
        2026-02-30,EUR,USD,1.1,spot,ECB
        2026-01-01,EURO,USD,1.1,spot,ECB
        2026-01-01,EUR,USD,0,spot,ECB
        2026-01-01,EUR,USD,"1,1",spot,
        2026-01-01,EUR,EUR,1,spot,ECB
        2026-01-01,EUR

        """,
      expected: [
        "error invalid_date rates/a.csv:2",
        "error unknown_currency rates/a.csv:3",
        "error invalid_rate rates/a.csv:4",
        "error invalid_rate rates/a.csv:5",
        "error missing_value rates/a.csv:5",
        "error invalid_rate rates/a.csv:6",
        "error csv_fields rates/a.csv:7",
      ]),
    Broken(
      file: "rates/a.csv",
      text: """
        date,from,to,rte,source

        """,
      expected: [
        "error csv_header rates/a.csv:1",
        "error csv_header rates/a.csv:1",
      ]),
    Broken(
      file: "rates/a.csv",
      text: "",
      expected: [
        "error csv_empty rates/a.csv"
      ]),
    Broken(
      file: "charts/a.csv",
      text: """
        number,name
        1,A
        1,B
        ,C
        "2,D

        """,
      expected: [
        "error duplicate_account charts/a.csv:3",
        "error missing_value charts/a.csv:4",
        "error csv_quote charts/a.csv:5",
        "error csv_fields charts/a.csv:5",
      ]),
    Broken(
      file: "charts/a.csv",
      text: """
        konto;name

        """,
      expected: [
        "error csv_header charts/a.csv:1"
      ]),
  ]

  @Test(arguments: broken)
  func `each fault has its file and line`(broken: Broken) {
    #expect(SampleFolder([broken.file: broken.text]).findings == broken.expected)
  }

  struct Typo: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String
    let code: String
    let fix: String

    var testDescription: String { "\(file): \(fix)" }
  }

  static let typos: [Typo] = [
    Typo(
      file: "entities/ACME.yaml",
      text: "code: ACME\nname: A\ncountry: DE\nfunctionalCurrency: EUR\n",
      code: "unknown_key", fix: "Did you mean 'currency'?"),
    Typo(
      file: "entities/ACME.yaml",
      text: "code: ACME\nname: A\ncuontry: DE\ncurrency: EUR\n",
      code: "unknown_key", fix: "Did you mean 'country'?"),
    Typo(
      file: "connections/erp.yaml",
      text: "adapter: generic-rest\nurl: x\ncompany: C\nUrl: y\n",
      code: "unknown_key", fix: "Did you mean 'url'?"),
    Typo(
      file: "connections/erp.yaml",
      text: "adapter: generic_rest\n",
      code: "unknown_adapter", fix: "Did you mean 'generic-rest'?"),
    Typo(
      file: "accounts/reveneu.yaml",
      text: "",
      code: "unknown_role", fix: "Did you mean 'revenue'?"),
    Typo(
      file: "accounts/revenue.yaml",
      text: "- account: 1\n- when: { taxCatgory: S }\n  account: 2\n",
      code: "unknown_key", fix: "Did you mean 'taxCategory'?"),
    Typo(
      file: "accounts/revenue.yaml",
      text: "- account: 1\n- when: { entity: AMCE }\n  account: 2\n",
      code: "unknown_entity", fix: "Did you mean 'ACME'?"),
    Typo(
      file: "sources/billing.yaml",
      text: "approval: trust\n",
      code: "unknown_value", fix: "Known here: required, trusted"),
    Typo(
      file: "postern.yaml",
      text: "installation: 0123456789abcdef\nzzzzzz: 1\n",
      code: "unknown_key",
      fix: "Known here: installation, defaultSource, store, limits, groups, audit, activation"),
  ]

  @Test(arguments: typos)
  func `a typo gets a suggestion`(typo: Typo) {
    #expect(SampleFolder([typo.file: typo.text]).only(typo.code)?.fix == typo.fix)
  }

  @Test func `a message is short whatever stands in the file`() throws {
    let key = String(repeating: "k", count: 100_000)
    let problem = try #require(
      SampleFolder(["sources/billing.yaml": "? \(key)\n: 1\n"]).only("unknown_key"))
    #expect(problem.detail.count < 1_100)
    #expect(problem.fix.count < 1_100)
  }

  @Test func `faults of several files come at once, by file and line`() {
    let findings = SampleFolder([
      "sources/billing.yaml": "entity: [ACME]\n", "postern.yaml": "a: b: c\n",
      "connections/erp.yaml": "adapter: 1\n\tx: 2\n",
    ]).findings
    #expect(
      findings == [
        "error yaml_tab connections/erp.yaml:2", "error invalid_yaml postern.yaml:1",
        "error wrong_type sources/billing.yaml:1",
      ])
  }

  @Test(arguments: ["a.csv", "charts/a.csv"])
  func `a chart lies in charts or at the top`(file: String) {
    let entity =
      "code: ACME\nname: A\ncountry: DE\ncurrency: EUR\nconnection: erp\nchart: \(file)\n"
    let chart = "number,name\n0100,All\n"
    #expect(SampleFolder(["entities/ACME.yaml": entity, file: chart]).findings == [])
  }

  @Test func `names that look like those of the folder are pointed out`() throws {
    let folder = try TemporaryFolder()
    for (name, text) in SampleFolder().files { try folder.write(text, to: name) }
    try folder.write("", to: "entities/OTHER.yml")
    try folder.write("", to: "account/revenue.yaml")
    try folder.write("", to: "README.md")
    try folder.write("", to: "data/postern.sqlite")
    try folder.write("", to: ".hidden")
    let findings = SampleFolder.loader.check(folder.path).map(\.problem)
    #expect(findings.map(\.code) == ["file_not_read", "file_not_read"])
    #expect(findings.map(\.pointer) == ["account", "entities/OTHER.yml"])
    #expect(findings.first?.fix.contains("'accounts'") == true)
  }

  @Test func `a file that cannot be read is reported by name`() throws {
    let folder = try TemporaryFolder()
    for (name, text) in SampleFolder().files { try folder.write(text, to: name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "taxes.yaml"), withDestinationPath: "/nowhere/at/all")
    try folder.write("", to: "sources/folder.yaml/inside")
    let findings = SampleFolder.loader.check(folder.path).map(\.problem)
    #expect(
      findings.map { "\($0.code) \($0.pointer)" } == [
        "unreadable sources/folder.yaml", "unreadable taxes.yaml",
      ])
  }

  @Test func `a CSV file at the top is read only as the chart that an entity names`() throws {
    let folder = try TemporaryFolder()
    for (name, text) in SampleFolder().files { try folder.write(text, to: name) }
    try folder.write("Date,USD\n2026-10-01,1.17\n", to: "eurofxref-hist.csv")
    let findings = SampleFolder.loader.check(folder.path).map(\.problem)
    #expect(
      findings.map { "\($0.code) \($0.pointer)" } == ["file_not_read eurofxref-hist.csv"])
    #expect(findings.first?.fix.contains("rates/") == true)
  }

  @Test func `a folder without its main files says so`() {
    let folder = ConfigurationFolder(files: [:])
    #expect {
      try SampleFolder.loader.load(folder, at: "/x")
    } throws: { error in
      (error as? ConfigurationFaults)?.problems.map(\.code) == ["no_entities", "missing_file"]
    }
  }

  @Test func `a folder that does not exist says so`() {
    let findings = SampleFolder.loader.check("/nowhere/at/all")
    #expect(findings.map(\.problem.code) == ["no_configuration"])
  }
}
