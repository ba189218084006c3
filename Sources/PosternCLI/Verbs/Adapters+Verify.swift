internal import AdapterConformance
internal import AdapterKit
internal import ArgumentParser
internal import DeclarativeAdapter
internal import Ledger
internal import PosternConfiguration
internal import StrictJSON

/// Proves an adapter: by its recorded exchanges, and against an ERP that may be filled with samples.
struct VerifyAdapter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Certify an adapter: bronze, silver or gold.",
    discussion: """
      Recorded exchanges are always played. With --against or --connection the adapter also posts \
      samples into that ERP: never name one that keeps real books.
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable { case markdown, json }

  @Argument(help: "The adapter.")
  var name: String
  @Option(help: "The folder with the configuration.")
  var config: String?
  @Option(help: "A connection of the configuration; by default the first with this adapter.")
  var connection: String?
  @Option(help: "Another address than the connection's, as that of a mock ERP.")
  var against: String?
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
  @Option(help: "markdown or json.")
  var output = Output.markdown

  func run() async throws {
    guard let level = CertificateLevel(rawValue: level), let currency = Currency(currency) else {
      throw ValidationError("--level is bronze, silver or gold; --currency a code of ISO 4217")
    }
    let options = try GlobalOptions.parse(config.map { ["--config", $0] } ?? [])
    let installation = try Installation(options)
    let folder = installation.configuration.adapter(name)
    var entries = try await recorded(folder, currency)
    let connection = try connection(in: installation)
    if connection == nil, entries.isEmpty {
      throw Problem(
        code: "nothing_to_verify", pointer: "adapters/\(name)",
        detail: "Adapter \(name) has no recorded exchange and no connection",
        fix: "Record one under adapters/\(name)/exchanges, or name a connection or --against")
    }
    if level == .gold {
      let facts = try DescribeAdapter.facts(of: name, in: options.folder)
      entries.append(
        facts.entry(comparedWith: try DescribeAdapter.release(of: name, in: options.folder)))
    }
    let refusals = SampleEntry.Refusals(
      account: unknownAccount, party: unknownParty,
      period: closedPeriod.flatMap { FiscalPeriod($0) })
    let certificate: Certificate
    if let connection {
      var run = self.seed &* 0x9E37_79B9_7F4A_7C15 ^ SystemRandomNumberGenerator.any
      certificate = try await Certificate.examine(
        name, level: level, faultRuns: FaultRuns(count: faultRuns, seed: seed), more: entries
      ) {
        run &+= 1
        return try SandboxBench(
          connection, in: folder, currency: currency, run: run, refusals: refusals)
      }
    } else {
      entries += ConformanceCheck.all.filter { $0.level <= level }.map {
        Certificate.Entry($0.level, $0.name, .notApplicable("No ERP was named: --against URL"))
      }
      certificate = Certificate(adapter: name, asked: level, entries: entries)
    }
    print(certificate)
    guard certificate.level == level else { throw ExitStatus.doneWithTrouble.code }
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

  private func print(_ certificate: Certificate) {
    guard output == .json else {
      Console.print(certificate.markdown)
      return
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("adapter")
      writer.string(certificate.adapter)
      writer.key("level")
      if let level = certificate.level { writer.string(level.rawValue) } else { writer.null() }
      writer.key("checks")
      writer.array { writer in
        for entry in certificate.entries {
          writer.object { writer in
            writer.key("level")
            writer.string(entry.level.rawValue)
            writer.key("name")
            writer.string(entry.name)
            writer.key("result")
            switch entry.result {
            case .passed: writer.string("passed")
            case .failed: writer.string("failed")
            case .notApplicable(let reason):
              writer.string("skipped")
              writer.key("reason")
              writer.string(reason)
            }
            writer.key("faults")
            writer.array { writer in for fault in entry.result.faults { writer.string(fault) } }
          }
        }
      }
    }
    Console.print(bytes: writer.bytes)
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static var any: UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
