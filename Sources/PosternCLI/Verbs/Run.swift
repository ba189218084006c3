internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore

/// Delivers in the foreground.
struct Run: AsyncParsableCommand {
  enum End: String, ExpressibleByArgument, CaseIterable { case idle, stopped }

  static let configuration = CommandConfiguration(
    abstract: "Run the engine in the foreground until nothing is due.")

  @Option(help: "When to end: 'idle' when nothing is due, 'stopped' by SIGINT or SIGTERM.")
  var until: End = .idle

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let store = try installation.openBooks()
    let commit = GroupCommit(store: store)
    let engine = try installation.engine(store: store, commit: commit)
    let signals = StopSignals { engine.stop() }
    defer { signals.end() }
    try await installation.retryHeldDocuments(store: store, commit: commit)
    _ = try await installation.summaryRound(store: store, commit: commit).run()
    try await engine.run(until: until == .idle ? .idle : .stopped)
    let counts = try store.read { try $0.counts() }
    let status = StatusReport(counts)
    if options.isJSON {
      Console.print(bytes: status.json)
    } else {
      Console.print(status.text)
    }
    if status.openExceptions > 0 { throw ExitStatus.doneWithTrouble.code }
  }
}
