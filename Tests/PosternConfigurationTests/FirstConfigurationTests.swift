import Intake
import Ledger
import PosternConfiguration
import PostingRules
import TestSupport
import Testing

/// What `init` writes, put to work with the rules.
@Suite struct FirstConfigurationTests {
  private static func configuration() throws -> LoadedConfiguration {
    var generator = SeededGenerator(1)
    let template = try ConfigurationTemplate(using: &generator)
    return try SampleFolder.loader.load(ConfigurationFolder(files: template.files), at: "/x")
  }

  private static func conversion(
    of bytes: [UInt8], under configuration: LoadedConfiguration
  ) -> (identity: String, conversion: Conversion)? {
    let reader = IntakeReader(
      sources: configuration.sources.map(\.source),
      defaultSource: configuration.installation.defaultSource,
      limits: configuration.installation.limits)
    guard case .document(let document) = reader.read(bytes) else { return nil }
    var converter = Converter(configuration.rules)
    return ("\(document.identity)", converter.explain(document).conversion)
  }

  @Test func `its rule test passes`() throws {
    let configuration = try Self.configuration()
    let test = try #require(configuration.ruleTests.first)
    let result = try #require(
      Self.conversion(of: [UInt8](test.document.utf8), under: configuration))
    guard case .entries(let entries, _) = result.conversion,
      case .lines(let expected) = test.expectation
    else {
      Issue.record("no entries: \(result.conversion)")
      return
    }
    let lines = entries.flatMap(\.lines).map {
      "\($0.role) \($0.account) \($0.side) \($0.amount.text)"
    }
    #expect(
      lines.sorted()
        == expected.map { line in
          "\(line.role.map { "\($0)" } ?? "") \(line.account) \(line.side) \(line.amount)"
        }.sorted())
  }

  @Test(
    .enabled(if: SharedData.isPresent),
    arguments: ["en16931", "peppol"].flatMap { SharedData.files(in: $0, withExtensions: ["xml"]) })
  func `it converts a document of any seller and currency`(file: String) throws {
    let configuration = try Self.configuration()
    let result = try #require(
      Self.conversion(of: try SharedData.read(file), under: configuration), "\(file) is read")
    guard case .entries(let entries, _) = result.conversion else {
      Issue.record("\(result.identity) gives no entries: \(result.conversion)")
      return
    }
    #expect(!entries.isEmpty)
    let chart = try #require(configuration.entities.first?.chart)
    #expect(entries.flatMap(\.lines).allSatisfy { chart.contains($0.account) })
  }
}
