internal import AdapterKit
internal import Digest
internal import Foundation
internal import Intake
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore

/// One installation: its configuration, and everything made from it.
struct Installation: Sendable {
  let folder: String
  let configuration: LoadedConfiguration
  let clock = WallClock()

  /// - Throws: `ConfigurationFaults`, or ``Problem`` `no_configuration`.
  init(_ options: GlobalOptions) throws {
    folder = options.folder
    guard FileManager.default.fileExists(atPath: folder + "/postern.yaml") else {
      throw Problem(
        code: "no_configuration", pointer: folder,
        detail: "There is no configuration folder here",
        fix: "Make one with 'postern init \(folder)', or name another with --config")
    }
    configuration = try Installation.loader.load(folder)
  }

  static var loader: ConfigurationLoader {
    ConfigurationLoader(
      adapters: AdapterCatalog.standard.keys, adapterKinds: AdapterCatalog.folderKinds,
      exceptionClasses: ExceptionClasses.all,
      environment: ProcessInfo.processInfo.environment)
  }

  var storeFile: URL {
    switch configuration.installation.store {
    case .sqlite(let path): URL(fileURLWithPath: path)
    }
  }

  var hasStore: Bool { FileManager.default.fileExists(atPath: storeFile.path) }

  /// Opens the store, and makes it where there is none.
  func openStore() throws -> SQLStore {
    let file = storeFile
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    return try SQLStore(file: file)
  }

  /// Opens the store for work by the rules.
  ///
  /// - Throws: also ``Problem`` `rules_not_activated` where the configuration demands that rules are
  ///   put in force first.
  func openBooks() throws -> SQLStore {
    let store = try openStore()
    try store.read { try rulesInForce.check(in: $0) }
    return store
  }

  /// Whether the folder's rules may be used.
  var rulesInForce: RulesInForce {
    let folder = ConfigurationFolder(readingFrom: folder, into: FindingList())
    return RulesInForce(
      RulesInForce.Demand(rawValue: configuration.installation.activation.rawValue) ?? .none,
      version: configuration.rules.version, files: folder.digests)
  }

  var reader: IntakeReader {
    IntakeReader(
      sources: configuration.sources.map(\.source),
      defaultSource: configuration.installation.defaultSource,
      entities: Set(configuration.rules.entities.keys),
      limits: configuration.installation.limits)
  }

  var acceptance: Acceptance {
    Acceptance(
      ruleBook: configuration.rules, installation: configuration.installation.id,
      waitLimits: Dictionary(
        configuration.sources.compactMap { source in
          source.waitLimit.map { (source.source.code, $0) }
        }, uniquingKeysWith: { first, _ in first }))
  }

  func desk(
    commit: GroupCommit, onCommit: @escaping @Sendable ([Verdict]) -> Void = { _ in }
  ) -> IntakeDesk {
    IntakeDesk(
      reader: reader, acceptance: acceptance, commit: commit, clock: clock, onCommit: onCommit)
  }

  func exceptionDesk(_ store: SQLStore, commit: GroupCommit? = nil) -> ExceptionDesk {
    ExceptionDesk(
      store: store, commit: commit ?? GroupCommit(store: store), acceptance: acceptance,
      policy: ExceptionPolicy(configuration.exceptions), clock: clock)
  }

  var explainer: Explainer { Explainer(reader: reader, acceptance: acceptance) }

  /// The rules of the legal entities with these codes, or of all where there are none, by code.
  ///
  /// - Throws: ``Problem`` `unknown_entity`.
  func entities(_ codes: [String]) throws(Problem) -> [EntityRules] {
    let known = configuration.rules.entities
    for code in codes where known[LegalEntityID(code)] == nil {
      throw Problem(
        code: "unknown_entity", pointer: "--entity",
        detail: "No legal entity '\(code)' is configured",
        fix: "Use one of: " + known.keys.sorted().map(\.code).joined(separator: ", "))
    }
    return known.values.filter { codes.isEmpty || codes.contains($0.entity.id.code) }
      .sorted { $0.entity.id < $1.entity.id }
  }

  func adapter(of connection: ConnectionConfiguration) throws -> any ERPAdapter {
    try AdapterCatalog.standard.adapter(
      for: connection, in: configuration.adapter(connection.adapter))
  }

  /// Every connection that an entity uses.
  ///
  /// - Throws: ``ConnectionFaults`` with everything that is wrong in their files.
  func engineConnections() throws -> [EngineConnection] {
    try engineConnections(of: configuration.connections.filter { isUsed($0) })
  }

  /// Whether an entity posts through it.
  func isUsed(_ connection: ConnectionConfiguration) -> Bool {
    configuration.rules.entities.values.contains { $0.connections.values.contains(connection.id) }
  }

  /// - Throws: ``ConnectionFaults`` with everything that the adapters find wrong.
  func engineConnections(
    of connections: [ConnectionConfiguration]
  ) throws -> [EngineConnection] {
    var problems: [Problem] = []
    var result: [EngineConnection] = []
    for connection in connections {
      do {
        result.append(
          EngineConnection(
            id: connection.id, adapter: try adapter(of: connection),
            limits: engineLimits(of: connection), policy: connection.retryPolicy,
            callTimeout: connection.timeouts.request * Installation.requestsInACall,
            closedPeriods: ClosedPeriodPolicies(configuration.rules),
            createsCustomers: connection.createsCustomers,
            redaction: SecretRedaction(everyFormOf: connection.settings.secretsInUse)))
      } catch let fault as SettingsFault {
        problems += fault.problems
      } catch let problem as Problem {
        problems.append(problem)
      }
    }
    guard problems.isEmpty else { throw ConnectionFaults(problems: problems) }
    return result
  }

  /// One call may take several requests, each with a time limit of its own: a refused batch is taken
  /// apart, a file is written in steps. The engine's limit only ends what hangs.
  private static let requestsInACall = 20

  func engine(store: SQLStore, commit: GroupCommit) throws -> PostingEngine {
    PostingEngine(
      store: store, commit: commit, connections: try engineConnections(), clock: clock,
      setCourse: setCourse, seed: SystemRandomNumberGenerator.seed)
  }

  private var setCourse: EntrySetCourse {
    let settings = configuration.halfPosted
    let kind: EntrySetCourse.Kind =
      switch settings.course {
      case .wait: .wait
      case .ask: .ask
      case .compensate: .compensate(acceptance.compensation)
      }
    return EntrySetCourse(kind, after: settings.after ?? EntrySetCourse.patience)
  }
}

/// What is wrong with connections when their adapters are made.
struct ConnectionFaults: Error {
  let problems: [Problem]
}

extension SystemRandomNumberGenerator {
  fileprivate static var seed: UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}

extension ConnectionConfiguration {
  fileprivate var retryPolicy: RetryPolicy {
    var policy = RetryPolicy()
    if let pollEvery { policy.pollEvery = pollEvery }
    if let acknowledgeWithin { policy.acknowledgeWithin = acknowledgeWithin }
    return policy
  }
}
