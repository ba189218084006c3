internal import ArgumentParser
internal import Foundation
internal import Intake
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore

/// Invoices of four lines, durable, through the rules into the outbox.
struct BenchIntake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake",
    abstract:
      "Canonical invoices, durable, through rules into the outbox, against a bare insert loop.")

  @Option(help: "How many invoices.")
  var documents = 50_000
  @Option(help: "Lines in each.")
  var lines = 4
  @Option(help: "The seed they are made from.")
  var seed: UInt64 = 1

  /// Documents whose rows the bare loop inserts; more would only take memory.
  private static let yardstick = 50_000
  /// Documents whose cost is compared at the start and at the end.
  private static let window = 10_000

  func run() async throws {
    let folder = try BenchFolder()
    defer { folder.remove() }
    let installation = try Installation(folder.options())
    let store = try installation.openStore()
    let desk = installation.desk(commit: GroupCommit(store: store))
    let source = BenchDocuments(seed: seed, lineCount: lines)
    var next = 0
    var taken = 0
    var windowStart = Stopwatch()
    var windows: [Double] = []
    var progress = Progress("documents")
    let watch = Stopwatch()
    try await desk.take(
      {
        guard next < documents else { return nil }
        defer { next += 1 }
        return DocumentPiece(
          index: next, line: next + 1, content: .success(source.invoice(next)))
      },
      onVerdicts: { verdicts in
        guard verdicts.allSatisfy({ $0.kind == .accepted }) else {
          throw Problem(
            code: "bench_refused", detail: "The benchmark's own documents were not accepted",
            fix: "Run 'postern bench intake' from a clean build")
        }
        taken += verdicts.count
        progress.show(taken)
        if taken / BenchIntake.window > windows.count {
          windows.append(windowStart.seconds)
          windowStart = Stopwatch()
        }
      })
    let seconds = watch.seconds
    progress.finish()
    let rate = Double(documents) / seconds
    Console.print(
      "intake: \(documents) invoices of \(lines) lines in \(seconds.text(2)) s: "
        + "\(rate.text()) documents/s, durable (synchronous=FULL)")
    if let first = windows.first, let last = windows.last, windows.count > 1 {
      Console.print(
        "cost of a document: \((first / 10_000 * 1e6).text(1)) µs in the first 10,000, "
          + "\((last / 10_000 * 1e6).text(1)) µs in the last: ratio \((last / first).text(2))")
    }
    if let peak = ProcessFigures.peakResidentMiB {
      Console.print("resident memory at most: \(peak) MiB")
    }
    let bare = try BareInsert(from: store, limit: min(documents, BenchIntake.yardstick))
    let bareSeconds =
      try bare.run(
        into: URL(fileURLWithPath: folder.path + "/bare.sqlite"),
        documentsPerCommit: IntakeDesk.batchCount) / .seconds(1)
    let bareRate = Double(bare.documents) / bareSeconds
    Console.print(
      "bare loop: the same \(bare.rows) rows of \(bare.documents) documents, "
        + "\(IntakeDesk.batchCount) documents a commit: \(bareRate.text()) documents/s")
    Console.print("ratio intake / bare loop: \((rate / bareRate).text(2)) (goal: at least 0.50)")
  }
}
