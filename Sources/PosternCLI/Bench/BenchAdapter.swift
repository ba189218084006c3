internal import AdapterConformance
internal import AdapterKit
internal import ArgumentParser
internal import Glibc
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration
internal import StrictJSON
internal import Synchronization

/// What an adapter itself costs, without any network.
struct BenchAdapter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "An adapter's own cost: entries of 4 lines to requests and answers, in memory.",
    discussion: """
      The bundled mock ERP answers the first batches; its answers are then given again from memory \
      to all others, so that neither the network nor the ERP counts.
      """)

  @Argument(help: "The adapter: one of the catalogue, or of the configuration folder.")
  var name: String
  @OptionGroup var options: GlobalOptions
  @Option(help: "How many entries.")
  var entries = 5_000
  @Option(help: "Entries of the bulk request.")
  var bulk = 1_000
  @Option(help: "The program of the mock ERP; by default the one beside this program.")
  var mockERP: String?

  func run() async throws {
    guard let euro = Currency("EUR") else { preconditionFailure("a currency that exists") }
    let target = try target()
    let erp = try VerifiedMock(
      kind: target.kind, connection: target.connection, program: mockERP)
    defer { erp.stop() }
    try await erp.desk.prepare(currency: euro)
    let http = ReplayedERP(CurlHTTPClient())
    let usual = try target.adapter(erp.connection, http).descriptor.maximumBatchSize
    var costs: [Cost] = []
    for size in Set([1, usual]).sorted() where size == 1 || erp.desk.dialect.path != nil {
      costs.append(try await cost(of: target, erp, http, batches: size, euro))
    }
    if erp.desk.dialect.path == nil {
      costs = [try await cost(of: target, erp, http, batches: usual, euro)]
    }
    say(costs, try await bulkRequest(of: target, erp, euro))
  }

  /// What a batch of a size costs, an entry.
  private struct Cost {
    let batchSize: Int
    /// Microseconds of CPU.
    let perEntry: Double
  }

  private struct Bulk {
    /// Milliseconds of CPU.
    let time: Double
    let bytes: Int
  }

  private func cost(
    of target: Target, _ erp: VerifiedMock, _ http: ReplayedERP, batches size: Int,
    _ currency: Currency
  ) async throws -> Cost {
    let adapter = try target.adapter(erp.connection.batching(size), http)
    let count = max(1, entries / size)
    let samples = (0..<(count + BenchAdapter.recorded) * size).map {
      SampleEntry.inRun(UInt64(size) << 32, SampleEntry.fourLines($0, currency))
    }
    let batches = stride(from: 0, to: samples.count, by: size).map {
      Array(samples[$0..<$0 + size])
    }
    // The first batches also sign in and look accounts up.
    for batch in batches.prefix(BenchAdapter.recorded) {
      http.record(batch)
      try check(await adapter.submit(batch), batch)
    }
    var spent = 0.0
    for batch in batches.dropFirst(BenchAdapter.recorded) {
      http.replay(batch)
      let clock = ProcessorTime()
      let outcomes = await adapter.submit(batch)
      spent += clock.seconds
      try check(outcomes, batch)
    }
    return Cost(batchSize: size, perEntry: spent / Double(count * size) * 1e6)
  }

  private static let recorded = 3

  /// What was not taken was not measured either.
  private func check(
    _ outcomes: [PostingKey: PostingOutcome], _ batch: [Submission]
  ) throws {
    for submission in batch {
      switch outcomes[submission.key] {
      case .posted?, .alreadyPosted?, .submitted?: continue
      case let outcome:
        throw Problem(
          code: "bench_refused", pointer: name, detail: "An entry was not taken: \(outcome as Any)",
          fix: "Certify the adapter first: 'postern adapters verify \(name) --mock'")
      }
    }
  }

  /// One request of many entries, which nobody answers; nil where the adapter sends no so large one.
  private func bulkRequest(
    of target: Target, _ erp: VerifiedMock, _ currency: Currency
  ) async throws -> Bulk? {
    let http = SilentERP()
    let connection = erp.connection.batching(bulk)
    guard erp.desk.dialect.path != nil, let adapter = try? target.adapter(connection, http),
      adapter.descriptor.maximumBatchSize >= bulk
    else { return nil }
    let samples = (0..<bulk).map { SampleEntry.fourLines($0, currency) }
    var best = Double.infinity
    for _ in 0..<5 {
      let clock = ProcessorTime()
      _ = await adapter.submit(samples)
      best = min(best, clock.seconds)
    }
    return Bulk(time: best * 1e3, bytes: http.bytes)
  }

  private func say(_ costs: [Cost], _ bulkRequest: Bulk?) {
    guard options.isJSON else {
      for cost in costs {
        Console.print(
          "\(name): \(cost.perEntry.text(1)) µs of CPU an entry of 4 lines in batches of "
            + "\(cost.batchSize) (goal: under 150)")
      }
      Console.print(
        bulkRequest.map {
          "\(name): \($0.time.text(1)) ms of CPU for a request of \(bulk) entries, "
            + "\($0.bytes) bytes (goal: under 20)"
        } ?? "\(name): it sends no \(bulk) entries in one request")
      return
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("adapter")
      writer.string(name)
      writer.key("costs")
      writer.array { writer in
        for cost in costs {
          writer.object { writer in
            writer.key("batchSize")
            writer.number(cost.batchSize)
            writer.key("microsecondsPerEntry")
            writer.string(cost.perEntry.text(1))
          }
        }
      }
      if let bulkRequest {
        writer.key("bulk")
        writer.object { writer in
          writer.key("entries")
          writer.number(bulk)
          writer.key("milliseconds")
          writer.string(bulkRequest.time.text(1))
          writer.key("bytes")
          writer.number(bulkRequest.bytes)
        }
      }
    }
    Console.print(bytes: writer.bytes)
  }

  /// The adapter, of the catalogue or of a folder.
  private struct Target {
    let kind: AdapterCatalog.Kind?
    let folder: AdapterFolder?
    /// nil for an adapter of the catalogue.
    let connection: ConnectionConfiguration?

    func adapter(
      _ connection: ConnectionConfiguration, _ http: any HTTPClient
    ) throws -> any ERPAdapter {
      try AdapterCatalog.standard.adapter(
        for: connection, in: folder, between: AdapterCatalog.Between(http: http))
    }
  }

  private func target() throws -> Target {
    if let kind = AdapterCatalog.standard.kinds.first(where: { $0.name == name }) {
      return Target(kind: kind, folder: nil, connection: nil)
    }
    let installation = try Installation(options)
    guard let folder = installation.configuration.adapter(name), folder.kind != "process",
      let connection = installation.configuration.connections.first(where: { $0.adapter == name })
    else {
      throw Problem(
        code: "unknown_adapter", pointer: options.folder,
        detail: "There is no adapter '\(name)' with a connection whose cost is Postern's own",
        fix: "Name one of: " + AdapterCatalog.standard.kinds.map(\.name).joined(separator: ", "))
    }
    return Target(kind: nil, folder: folder, connection: connection)
  }
}

extension ConnectionConfiguration {
  /// The same with batches of a size, where the adapter has them.
  fileprivate func batching(_ size: Int) -> ConnectionConfiguration {
    guard
      AdapterCatalog.standard.kinds.first(where: { $0.name == adapter })?.keys
        .contains("batchSize") ?? true
    else { return self }
    let changed = settings.with(
      ["batchSize": SettingValue(.integer(size), place: place)], at: place)
    return ConnectionConfiguration(
      id: id, adapter: adapter, settings: changed.over(settings), place: place)
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
