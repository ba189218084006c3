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
    abstract: "Deliver to a mock ERP of 1 s latency, against the ceiling that it sets.")

  @Option(help: "How many invoices.")
  var documents = 450
  @Option(help: "Calls at once.")
  var concurrency = 15
  @Option(help: "What each call takes in the mock ERP, in milliseconds.")
  var latency = 1_000
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
      batchSize: 1
      limits:
        concurrency: \(concurrency)

      """)
    let installation = try Installation(folder.options())
    let store = try installation.openStore()
    let commit = GroupCommit(store: store)
    let desk = installation.desk(commit: commit)
    let source = BenchDocuments(seed: 1)
    var next = 0
    try await desk.take(
      {
        guard next < documents else { return nil }
        defer { next += 1 }
        return .init(index: next, line: next + 1, content: .success(source.invoice(next)))
      }, onVerdicts: { _ in })
    let engine = try installation.engine(store: store, commit: commit)
    let watch = Stopwatch()
    try await engine.run(until: .idle)
    let seconds = watch.seconds
    let posted = try store.read { try $0.counts() }
      .filter { $0.kind == .posting && $0.state == PostingState.posted.rawValue }
      .reduce(0) { $0 + $1.count }
    let ceiling = Double(concurrency) / (Double(latency) / 1_000)
    let rate = Double(posted) / seconds
    Console.print(
      "post: \(posted) of \(documents) postings in \(seconds.text(2)) s: \(rate.text(2))/s, "
        + "\((rate / ceiling * 100).text(1)) % of the ceiling of \(ceiling.text(1))/s (goal: 95 %)")
    let statistics = try await CurlHTTPClient().send(
      HTTPRequest(.get, mock.address + "/_admin/statistics"))
    Console.print("mock ERP: " + String(decoding: statistics.body, as: UTF8.self))
    if posted != documents { throw ExitStatus.doneWithTrouble.code }
  }
}
