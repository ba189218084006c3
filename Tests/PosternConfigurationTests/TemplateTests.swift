import AdapterKit
import Foundation
import Intake
import Ledger
import PosternConfiguration
import PostingRules
import TestSupport
import Testing

@Suite struct TemplateTests {
  private func template(
    chart: ConfigurationTemplate.ImportedChart? = nil, seed: Seed = 1
  ) throws -> ConfigurationTemplate {
    var generator = SeededGenerator(seed)
    return try ConfigurationTemplate(chart: chart, using: &generator)
  }

  @Test func `what init writes loads and checks clean, notices apart`() throws {
    let folder = try TemporaryFolder()
    let result = try template().write(to: folder.path(of: "postern"))
    #expect(result.unmappedRoles == [])
    #expect(result.files.contains("accounts/receivable.yaml"))
    let findings = SampleFolder.loader.check(folder.path(of: "postern"))
    #expect(
      findings.map { "\($0.severity) \($0.problem.code) \($0.problem.pointer)" } == [
        "notice sample_rates rates/sample.csv"
      ])
  }

  @Test func `what init writes is what the contract says`() throws {
    let folder = try TemporaryFolder()
    _ = try template().write(to: folder.path)
    let configuration = try SampleFolder.loader.load(folder.path)
    let demo = try #require(configuration.entity(LegalEntityID("DEMO")))
    #expect(demo.rules.entity.functionalCurrency.code == "EUR")
    #expect(demo.rules.entity.country == "DE")
    #expect(demo.rules.policies == EntityPolicies())
    #expect(demo.rules.closedPeriods == [])
    #expect(demo.rules.connections == ["primary": ConnectionID("erp")])
    let source = try #require(configuration.defaultSource?.source)
    #expect(source.code == "demo")
    #expect(source.format == .auto)
    #expect(source.entity == LegalEntityID("DEMO"))
    #expect(source.approval == .trusted)
    #expect(source.identity == .sellerAndNumber)
    #expect(source.selfBilled == .refuse)
    let connection = try #require(configuration.connection(ConnectionID("erp")))
    #expect(connection.adapter == "generic-rest")
    #expect(try connection.settings.text("url") == "http://127.0.0.1:8081/generic/rest")
    #expect(try connection.settings.text("company") == "DEMO")
    #expect(configuration.rules.moneyAccounts["BANK"]?.kind == .bank)
    #expect(configuration.rules.moneyAccounts["PROCESSOR"]?.kind == .processor)
    #expect(configuration.rules.taxCodes == [:])
    #expect(configuration.ruleTests.count == 1)
    #expect(configuration.hasSampleRates)
    #expect(configuration.installation.store == .sqlite(path: folder.path + "/data/postern.sqlite"))
  }

  @Test func `every role has an account for every line, in the chart`() throws {
    let folder = try TemporaryFolder()
    _ = try template().write(to: folder.path)
    let configuration = try SampleFolder.loader.load(folder.path)
    let chart = try #require(configuration.entity(LegalEntityID("DEMO"))?.chart)
    for role in AccountRole.allCases {
      let table = try #require(configuration.rules.accounts.tables[role], "\(role) has a table")
      #expect(table.rows.contains { $0.conditions.isEmpty && $0.from == nil && $0.through == nil })
      #expect(table.rows.allSatisfy { chart.contains($0.account) })
    }
    let used = configuration.rules.accounts.tables.values.flatMap { $0.rows.map(\.account) }
    #expect(Set(chart.accounts.map(\.number)) == Set(used), "no account without a use")
  }

  @Test(arguments: ["1950-01-01", "2026-10-31", "2099-12-31"])
  func `every currency has a sample rate to EUR on every date`(day: String) throws {
    let folder = try TemporaryFolder()
    _ = try template().write(to: folder.path)
    let configuration = try SampleFolder.loader.load(folder.path)
    let euro = try #require(Currency("EUR"))
    let date = try #require(CalendarDate(day))
    for currency in Currency.all where currency != euro {
      let rate = configuration.rules.rates.rate(from: currency, to: euro, on: date)
      #expect(rate?.source == LoadedConfiguration.sampleRateSource, "\(currency)")
    }
  }

  @Test func `refuses a folder that is not empty and leaves it alone`() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", to: ".hidden")
    #expect {
      try template().write(to: folder.path)
    } throws: { error in
      (error as? Problem)?.code == "folder_not_empty"
    }
    #expect(try folder.names() == [".hidden"])
  }

  @Test func `refuses a path that is a file, and one that cannot be written`() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", to: "file")
    for path in ["file", "file/below"] {
      #expect {
        try template().write(to: folder.path(of: path))
      } throws: { error in
        (error as? Problem)?.code == "not_writable"
      }
    }
  }

  @Test func `a folder with nothing but a repository is empty enough`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: ".git/HEAD")
    _ = try template().write(to: folder.path)
    #expect(try folder.names().contains("postern.yaml"))
    #expect(try folder.read(".gitignore") == [UInt8]("data/\n".utf8))
  }

  @Test(arguments: Seed.forThisRun)
  func `every installation has an id of its own`(seed: Seed) throws {
    func id(_ seed: Seed) throws -> String {
      let folder = ConfigurationFolder(files: try template(seed: seed).files)
      return try SampleFolder.loader.load(folder, at: "/x").installation.id
    }
    #expect(try id(seed).count == 32)
    #expect(try id(seed) == id(seed))
    #expect(try id(seed) != id(Seed(seed.value &+ 1)))
  }

  @Test func `a chart of one's own is attached, and nothing is guessed`() throws {
    let chart = """
      number,name,type
      1200,Bank,bank
      1400,Receivables,Receivable
      8400,Sales 19,revenue
      8300,Sales 7,revenue
      """
    let template = try template(
      chart: .init(name: "../my chart.csv", bytes: [UInt8](chart.utf8)))
    #expect(template.files["charts/mychart.csv"] == [UInt8](chart.utf8))
    #expect(template.unmappedRoles.contains(.revenue), "two accounts are of this type")
    #expect(!template.unmappedRoles.contains(.bank))
    let configuration = try SampleFolder.loader.load(
      ConfigurationFolder(files: template.files), at: "/x")
    func account(_ role: AccountRole) -> String? {
      configuration.rules.accounts.tables[role]?.rows.last?.account.code
    }
    #expect(account(.bank) == "1200")
    #expect(account(.receivable) == "1400")
    #expect(account(.revenue) == "UNMAPPED-REVENUE")
    let reported = configuration.findings.map(\.problem).filter { $0.code == "unknown_account" }
    #expect(
      reported.map(\.pointer)
        == template.unmappedRoles.map { "accounts/\($0.rawValue).yaml:" }.sorted().map { file in
          reported.first { $0.pointer.hasPrefix(file) }?.pointer ?? file
        })
    #expect(reported.count == AccountRole.allCases.count - 2)
  }

  @Test func `a chart that is none is refused with its line`() {
    #expect {
      try template(chart: .init(name: "a.csv", bytes: [UInt8]("konto;name\n".utf8)))
    } throws: { error in
      (error as? ConfigurationFaults)?.problems.map(\.pointer) == ["a.csv:1"]
    }
  }
}
