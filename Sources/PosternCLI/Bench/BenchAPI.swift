internal import ArgumentParser
internal import HTTPTransport
internal import Ledger
internal import Logging
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import ServiceLifecycle
internal import Synchronization

/// One document a request over many connections, against a bare echo of the same server.
struct BenchAPI: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api",
    abstract: "One document a request, durable, against a bare echo of the same server.")

  @Option(help: "How many requests.")
  var documents = 20_000
  @Option(help: "Connections at once.")
  var connections = 64
  @Option(help: "The seed the documents are made from.")
  var seed: UInt64 = 1

  func run() async throws {
    let folder = try BenchFolder()
    defer { folder.remove() }
    let installation = try Installation(folder.options())
    let store = try installation.openStore()
    let commit = GroupCommit(store: store)
    // The run ends by cancellation, which the server would log as an error for each connection.
    var logger = folder.options().logger()
    logger.logLevel = .critical
    let server = try PosternServer(
      settings: PosternServer.Settings(host: "127.0.0.1", port: 0),
      desk: installation.desk(commit: commit), explainer: installation.explainer,
      exceptions: installation.exceptionDesk(store, commit: commit), clock: installation.clock,
      limits: installation.configuration.installation.limits, metrics: ServiceMetrics(),
      readiness: Readiness(), logger: logger)
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    let application = server.application(hasEcho: true) { continuation.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      var iterator = addresses.makeAsyncIterator()
      guard let address = await iterator.next() else { return }
      let echo = try await rate(of: address + "/echo", expecting: 200)
      let intake = try await rate(of: address + "/v1/documents", expecting: 202)
      let echoAgain = try await rate(of: address + "/echo", expecting: 200)
      let yardstick = (echo.perSecond + echoAgain.perSecond) / 2
      Console.print("echo: \(echo.text), over \(connections) connections")
      Console.print("documents: \(intake.text), one document each, durable")
      Console.print("echo again: \(echoAgain.text)")
      Console.print(
        "ratio documents / echo: \((intake.perSecond / yardstick).text(2)) (goal: at least 0.50)")
      group.cancelAll()
    }
  }

  /// Numbers the requests over all connections.
  private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
      value.withLock { value in
        defer { value += 1 }
        return value
      }
    }
  }

  private struct Rate {
    let perSecond: Double
    /// Microseconds of processor time for a request, server and client together.
    let processor: Double

    var text: String {
      "\(perSecond.text()) requests/s, \(processor.text()) us of processor time each"
    }
  }

  private func rate(of url: String, expecting status: Int) async throws -> Rate {
    var settings = HTTPClientSettings()
    settings.maximumConnections = connections
    let client = CurlHTTPClient(settings)
    let source = BenchDocuments(seed: seed)
    let bodies = (0..<documents).map { source.invoice($0) }
    let counter = Counter()
    let watch = Stopwatch()
    let processorBefore = Stopwatch.processorSeconds
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<connections {
        group.addTask {
          while true {
            let number = counter.next()
            guard number < bodies.count else { return }
            let response = try await client.send(
              HTTPRequest(
                .post, url, headers: ["Content-Type": "application/json"],
                body: bodies[number]))
            guard response.status == status else {
              throw Problem(
                code: "bench_refused", detail: "\(url) answered \(response.status)",
                fix: "Run 'postern bench api' from a clean build")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let processor = Stopwatch.processorSeconds - processorBefore
    return Rate(
      perSecond: Double(documents) / watch.seconds,
      processor: processor * 1_000_000 / Double(documents))
  }
}
