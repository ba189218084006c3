internal import ArgumentParser
internal import Foundation
internal import Intake
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore

/// One missing mapping that blocks many documents, corrected: how long until all are released.
struct BenchExceptions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exceptions",
    abstract: "Many documents of one cause: a dry run, and a retry after the mapping is there.")

  @Option(help: "How many invoices.")
  var documents = 10_000
  @Option(help: "The seed they are made from.")
  var seed: UInt64 = 1

  func run() async throws {
    let folder = try BenchFolder()
    defer { folder.remove() }
    let table = URL(fileURLWithPath: folder.path + "/accounts/revenue.yaml")
    let rows = try Data(contentsOf: table)
    try Data("[]\n".utf8).write(to: table)
    let broken = try Installation(folder.options())
    let store = try broken.openStore()
    let source = BenchDocuments(seed: seed)
    var next = 0
    try await broken.desk(commit: GroupCommit(store: store)).take(
      {
        guard next < documents else { return nil }
        defer { next += 1 }
        return DocumentPiece(
          index: next, line: next + 1, content: .success(source.invoice(next)))
      }, onVerdicts: { _ in })
    let groups = try store.read { try $0.openCauses(at: .never) }
    try rows.write(to: table)
    let desk = try Installation(folder.options()).exceptionDesk(store)
    for isDryRun in [true, false] {
      var done = 0
      let watch = Stopwatch()
      for group in groups {
        let selection = ExceptionSelection(fingerprint: group.fingerprint)
        done += try await desk.run(as: "bench").run(.retry, selection, isDryRun: isDryRun)
          .rows.count { $0.result == .done }
      }
      Console.print(
        "\(isDryRun ? "dry run" : "retry"): \(done) exceptions of \(documents) documents in "
          + "\(watch.seconds.text(2)) s, entries derived and compared (goal: 10,000 in 10 s)")
    }
    let open = try store.read { try $0.openCauses(at: .never) }
    guard open.isEmpty else {
      throw Problem(
        code: "bench_refused", detail: "\(open.count) causes are still open",
        fix: "Run 'postern bench exceptions' from a clean build")
    }
  }
}
