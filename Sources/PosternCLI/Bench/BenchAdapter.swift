internal import AdapterConformance
internal import AdapterKit
internal import ArgumentParser
internal import Glibc
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration
internal import Synchronization

/// What an adapter itself costs, without any network.
struct BenchAdapter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "An adapter's own cost: entries of 4 lines to requests and answers, in memory.")

  @Argument(help: "The adapter: one of the catalogue, or of the configuration folder.")
  var name: String
  @OptionGroup var place: PlaceOptions
  @Option(help: "How many entries.")
  var entries = 5_000
  @Option(help: "Entries of the bulk request.")
  var bulk = 1_000

  func run() async throws {
    let http = SilentERP()
    guard let euro = Currency("EUR") else { preconditionFailure("a currency that exists") }
    let samples = (0..<max(entries, bulk)).map { SampleEntry.fourLines($0, euro) }
    let single = try adapter(http, batchSize: 1)
    let clock = ProcessorTime()
    for sample in samples.prefix(entries) { _ = await single.submit([sample]) }
    let cost = clock.seconds / Double(entries)
    Console.print(
      "\(name): \((cost * 1e6).text(1)) µs of CPU an entry of 4 lines (goal: under 150)")
    let many = try adapter(http, batchSize: bulk)
    guard many.descriptor.maximumBatchSize >= bulk else {
      Console.print("\(name): it sends no \(bulk) entries in one request")
      return
    }
    var best = Double.infinity
    for _ in 0..<5 {
      let clock = ProcessorTime()
      _ = await many.submit(Array(samples.prefix(bulk)))
      best = min(best, clock.seconds)
    }
    Console.print(
      "\(name): \((best * 1e3).text(1)) ms of CPU for a request of \(bulk) entries, "
        + "\(http.bytes) bytes (goal: under 20)")
  }

  private func adapter(_ http: any HTTPClient, batchSize: Int) throws -> any ERPAdapter {
    if let kind = AdapterCatalog.standard.kinds.first(where: { $0.name == name }) {
      let changes = kind.keys.contains("batchSize") ? ["batchSize": "\(batchSize)"] : [:]
      do {
        return try ExampleConnection(kind, changes: changes).adapter(http: http)
      } catch is SettingsFault {
        return try ExampleConnection(kind).adapter(http: http)
      }
    }
    let options = try GlobalOptions.parse(["--config", place.folder])
    let installation = try Installation(options)
    guard let folder = installation.configuration.adapter(name),
      let connection = installation.configuration.connections.first(where: { $0.adapter == name })
    else {
      throw Problem(
        code: "unknown_adapter", pointer: place.folder,
        detail: "There is no adapter '\(name)' with a connection",
        fix: "Name one of: " + AdapterCatalog.standard.kinds.map(\.name).joined(separator: ", "))
    }
    return try AdapterCatalog.standard.adapter(for: connection, in: folder, http: http)
  }
}

/// Takes requests and answers each the same.
private final class SilentERP: HTTPClient {
  private let sent = Mutex(0)

  /// Of the last request.
  var bytes: Int { sent.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    sent.withLock { $0 = request.body.count }
    return HTTPResponse(status: 503, headers: ["Retry-After": "1"])
  }
}

/// The processor time of this process since it was made.
private struct ProcessorTime {
  private let start = ProcessorTime.now

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  var seconds: Double { ProcessorTime.now - start }
}
