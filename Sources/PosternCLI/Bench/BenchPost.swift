internal import ArgumentParser
internal import Foundation
internal import HTTPTransport
internal import Intake
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Delivery to a slow ERP: how near to its ceiling, and never over its limit.
struct BenchPost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "post",
    abstract: "Deliver to a mock ERP of 1 s latency, against the ceiling that it sets.",
    discussion: """
      With --latency 0 there is no ceiling, and the processor time of a posting against that of \
      taking its document in is what it tells: 'postern bench post --latency 0 --batch 100 \
      --documents 20000'.
      """)

  @Option(help: "How many invoices.")
  var documents = 450
  @Option(help: "Calls at once.")
  var concurrency = 15
  @Option(help: "What each call takes in the mock ERP, in milliseconds.")
  var latency = 1_000
  @Option(help: "Entries in a call.")
  var batch = 1
  @Option(help: "The mock-erp program; default: beside this one.")
  var mockERP: String?

  func run() async throws {
    let mock = try MockERPProcess(program: mockERP, arguments: ["--latency", String(latency)])
    defer { mock.stop() }
    let folder = try BenchFolder()
    defer { folder.remove() }
    try folder.writeConnection(
      """
      adapter: generic-rest
      url: \(mock.address)/generic/rest
      company: DEMO
      batchSize: \(batch)
      limits:
        concurrency: \(concurrency)

      """)
    let installation = try Installation(folder.options())
    let store = try installation.openStore()
    let commit = GroupCommit(store: store)
    let desk = installation.desk(commit: commit)
    let source = BenchDocuments(seed: 1)
    var next = 0
    let intakeBegan = Stopwatch.processorSeconds
    try await desk.take(
      {
        guard next < documents else { return nil }
        defer { next += 1 }
        return .init(index: next, line: next + 1, content: .success(source.invoice(next)))
      }, onVerdicts: { _ in })
    let engine = try installation.engine(store: store, commit: commit)
    let watch = Stopwatch()
    let deliveryBegan = Stopwatch.processorSeconds
    try await engine.run(until: .idle)
    let seconds = watch.seconds
    let delivery = Stopwatch.processorSeconds - deliveryBegan
    let posted = try store.read { try $0.counts() }
      .filter { $0.kind == .posting && $0.state == PostingState.posted.rawValue }
      .reduce(0) { $0 + $1.count }
    let rate = Double(posted) / seconds
    var line = "post: \(posted) of \(documents) postings in \(seconds.text(2)) s: \(rate.text(2))/s"
    if latency > 0 {
      let ceiling = Double(concurrency * batch) / (Double(latency) / 1_000)
      line += ", \((rate / ceiling * 100).text(1)) % of the ceiling of \(ceiling.text(1))/s"
      line += " (goal: 95 %)"
    }
    Console.print(line)
    let intake = deliveryBegan - intakeBegan
    let each = 1_000_000 / Double(documents)
    Console.print(
      "processor time: \((delivery * each).text(0)) us a posting, \((intake * each).text(0)) us to take "
        + "its document in: ratio \((delivery / intake).text(2))")
    let statistics = try await CurlHTTPClient().send(
      HTTPRequest(.get, mock.address + "/_admin/statistics"))
    Console.print("mock ERP: " + String(decoding: statistics.body, as: UTF8.self))
    if posted != documents { throw ExitStatus.doneWithTrouble.code }
  }
}
