internal import ArgumentParser
internal import Hummingbird
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import ServiceLifecycle
internal import UnixSignals

/// Runs the API, and the engine beside it.
struct Serve: AsyncParsableCommand {
  enum Role: String, ExpressibleByArgument, CaseIterable { case all, api, worker }

  static let configuration = CommandConfiguration(
    abstract: "Run the HTTP API and the engine in one process.",
    discussion: """
      Prints 'postern listening on http://HOST:PORT' when it is ready. Listens on this machine \
      only, unless API keys exist. SIGTERM lets requests and calls under way end.
      """)

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port; 0 picks a free one.")
  var port = 8080

  @Option(
    help: "What to run: all, api (takes documents, delivers nothing) or worker (the reverse).")
  var role: Role = .all

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let logger = options.logger()
    let store = try installation.openBooks()
    let commit = GroupCommit(store: store)
    let readiness = Readiness()
    let metrics = ServiceMetrics()
    let engine = try installation.engine(store: store, commit: commit)
    if role != .api {
      try store.lockForEngine()
      try await installation.retryHeldDocuments(store: store, commit: commit)
    }
    let engineService = EngineService(engine: engine, readiness: readiness, logger: logger)
    let chores = try installation.chores(
      store: store, commit: commit, onChange: { engine.wake() })
    let choresService = ChoresService(chores.each, last: chores.last, logger: logger)
    guard role != .worker else {
      let group = ServiceGroup(
        services: [choresService, engineService], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger)
      return try await group.run()
    }
    let server = try PosternServer(
      settings: PosternServer.Settings(host: host, port: port),
      desk: installation.desk(
        commit: commit,
        onCommit: { verdicts in
          metrics.count(verdicts)
          engine.wake()
        }), explainer: installation.explainer,
      exceptions: installation.exceptionDesk(store, commit: commit),
      onChange: { engine.wake() }, clock: installation.clock,
      limits: installation.configuration.installation.limits, metrics: metrics,
      readiness: readiness, logger: logger)
    let application = server.application(
      services: role == .all ? [choresService, engineService] : [],
      onListening: { Console.print("postern listening on \($0)") })
    try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
  }
}
