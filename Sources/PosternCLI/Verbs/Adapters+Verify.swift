internal import AdapterConformance
internal import AdapterKit
internal import ArgumentParser
internal import DeclarativeAdapter
internal import Foundation
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration

/// Proves an adapter: by its recorded exchanges, and against an ERP that may be filled with samples.
struct VerifyAdapter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Certify an adapter: bronze, silver or gold.",
    discussion: """
      Recorded exchanges are always played. With --mock the adapter also posts samples into the \
      bundled mock ERP; with --against or --connection into that ERP: never name one that keeps \
      real books.
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable { case markdown, table, json }

  @Argument(help: "The adapter.")
  var name: String
  @Option(help: "The folder with the configuration.")
  var config: String?
  @Option(help: "A connection of the configuration; by default the first with this adapter.")
  var connection: String?
  @Option(help: "Another address than the connection's, as that of a mock ERP.")
  var against: String?
  @Flag(help: "Against the bundled mock ERP, which is started for it.")
  var mock = false
  @Option(help: "The program of the mock ERP; by default the one beside this program.")
  var mockERP: String?
  @Option(help: "How far: bronze, silver or gold.")
  var level: String = "bronze"
  @Option(help: "The functional currency of the ERP's books.")
  var currency = "EUR"
  @Option(help: "Entries posted with faults at random, for gold.")
  var faultRuns = 10_000
  @Option(help: "The seed of the faults.")
  var seed: UInt64 = 1
  @Option(help: "An account that the ERP does not have, to be refused.")
  var unknownAccount: String?
  @Option(help: "A customer whom the ERP does not have, to be refused.")
  var unknownParty: String?
  @Option(help: "A period that is closed in the ERP, to be refused: YYYY-MM.")
  var closedPeriod: String?
  @Option(help: "A folder that gets certificate.json and certificate.md besides.")
  var write: String?
  @Option(help: "markdown (or table, which is the same) or json.")
  var output = Output.markdown

  func validate() throws {
    guard CertificateLevel(rawValue: level) != nil, Currency(currency) != nil else {
      throw ValidationError("--level is bronze, silver or gold; --currency a code of ISO 4217")
    }
    guard !mock || against == nil else {
      throw ValidationError("--mock starts an ERP of its own: --against names another")
    }
  }

  func run() async throws {
    guard let level = CertificateLevel(rawValue: level), let currency = Currency(currency) else {
      return
    }
    let options = try GlobalOptions.parse(config.map { ["--config", $0] } ?? [])
    let kind = AdapterCatalog.standard.kinds.first { $0.name == name }
    // An adapter of the catalogue needs no configuration to meet the mock ERP.
    let installation = mock && kind != nil ? nil : try Installation(options)
    let folder = installation?.configuration.adapter(name)
    var entries = try await recorded(folder, currency)
    if level == .gold {
      let facts = try DescribeAdapter.facts(of: name, in: options.folder)
      entries.append(
        facts.entry(comparedWith: try DescribeAdapter.release(of: name, in: options.folder)))
    }
    let configured = try installation.flatMap { try connection(in: $0) }
    let certificate: Certificate
    if mock {
      let erp = try VerifiedMock(kind: kind, connection: configured, program: mockERP)
      defer { erp.stop() }
      certificate = try await examine(
        erp.connection, folder, level, currency, entries, mock: erp.desk)
    } else if let configured {
      certificate = try await examine(configured, folder, level, currency, entries)
    } else {
      certificate = try withoutERP(level, entries)
    }
    try say(certificate)
    guard certificate.level == level else { throw ExitStatus.doneWithTrouble.code }
  }

  private func examine(
    _ connection: ConnectionConfiguration, _ folder: AdapterFolder?, _ level: CertificateLevel,
    _ currency: Currency, _ entries: [Certificate.Entry], mock: MockDesk? = nil
  ) async throws -> Certificate {
    let refusals =
      mock.map { _ in MockDesk.refusals }
      ?? SampleEntry.Refusals(
        account: unknownAccount, party: unknownParty,
        period: closedPeriod.flatMap { FiscalPeriod($0) })
    // An ERP that keeps its books is never shown the same keys twice.
    var run = seed &* 0x9E37_79B9_7F4A_7C15 ^ (mock == nil ? SystemRandomNumberGenerator.any : 0)
    var gateway: FaultyGateway?
    if folder?.kind == "process" {
      gateway = try await FaultyGateway.start(
        before: try connection.settings.text("url"),
        CurlHTTPClient(try HTTPConnectionSettings(connection).client))
    }
    return try await Certificate.examine(
      name, level: level, faultRuns: FaultRuns(count: faultRuns, seed: seed), more: entries
    ) {
      run &+= 1
      try await mock?.prepare(currency: currency)
      return try SandboxBench(
        connection, in: folder, currency: currency, run: run, refusals: refusals,
        gateway: gateway, mock: mock)
    }
  }

  /// Recorded exchanges alone.
  private func withoutERP(
    _ level: CertificateLevel, _ entries: [Certificate.Entry]
  ) throws -> Certificate {
    guard !entries.isEmpty else {
      throw Problem(
        code: "nothing_to_verify", pointer: "adapters/\(name)",
        detail: "Adapter \(name) has no recorded exchange and no connection",
        fix: "Record one under adapters/\(name)/exchanges, name a connection, or say --mock")
    }
    let skipped = ConformanceCheck.all.filter { $0.level <= level }.map {
      Certificate.Entry($0.level, $0.name, .notApplicable("No ERP was named: --against URL"))
    }
    return Certificate(adapter: name, asked: level, entries: entries + skipped)
  }

  private func connection(in installation: Installation) throws -> ConnectionConfiguration? {
    let all = installation.configuration.connections.filter { $0.adapter == name }
    guard let connection else {
      return against.map { url in all.first.map { $0.pointed(at: url) } } ?? all.first
    }
    guard let named = all.first(where: { $0.id.code == connection }) else {
      throw ValidationError("There is no connection \(connection) with the adapter \(name)")
    }
    return against.map { named.pointed(at: $0) } ?? named
  }

  /// The exchanges under `exchanges/`, played.
  private func recorded(
    _ folder: AdapterFolder?, _ currency: Currency
  ) async throws -> [Certificate.Entry] {
    guard let folder, folder.kind == "declarative" else { return [] }
    let definition = try FolderAdapter(folder).declaration()
    var entries: [Certificate.Entry] = []
    for (_, value) in folder.exchanges {
      for exchange in try RecordedExchange.read(value, of: folder.settings) {
        let faults = await exchange.faults(
          in: definition, settings: folder.settings, samples: SampleEntry.named(currency))
        entries.append(
          Certificate.Entry(
            .bronze, "recorded: \(exchange.name)", faults.isEmpty ? .passed : .failed(faults)))
      }
    }
    return entries
  }

  private func say(_ certificate: Certificate) throws {
    let json = CertificateJSON(certificate).bytes
    if let write {
      let folder = URL(fileURLWithPath: write, isDirectory: true)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(json + [UInt8(ascii: "\n")]).write(
        to: folder.appendingPathComponent("certificate.json"))
      try Data(certificate.markdown.utf8).write(to: folder.appendingPathComponent("certificate.md"))
    }
    switch output {
    case .json: Console.print(bytes: json)
    case .markdown, .table: Console.print(certificate.markdown)
    }
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static var any: UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
