internal import AdapterKit
internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// The ways into the ERPs.
struct Connections: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "State of each ERP connection; pause and resume.",
    subcommands: [ListConnections.self, CheckConnections.self, Pause.self, Resume.self],
    defaultSubcommand: ListConnections.self)

  struct ListConnections: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List connections: state, circuit, what is left of their quotas, backlog.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let installation = try Installation(options)
      let store = try installation.openStore()
      let now = installation.clock.now
      let states = try store.read { queries in
        try ConnectionState.all(of: installation, at: now, in: queries)
      }
      var listing = Listing(
        options, "connections",
        [
          ("Connection", .left), ("Adapter", .left), ("At once", .right), ("Circuit", .left),
          ("Left", .left), ("Open", .right), ("Posted", .right), ("State", .left),
        ])
      for state in states { listing.add(state.cells) { $0.write(state) } }
      listing.finish()
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start nothing new on a connection; calls under way end.")

    @Argument(help: "The connection's code.")
    var connection: String
    @Option(help: "Why; shown in lists and kept in the audit trail.")
    var reason = "by an operator"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await Connections.set(connection, pause: reason, options)
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a paused connection go on.")

    @Argument(help: "The connection's code.")
    var connection: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await Connections.set(connection, pause: nil, options)
    }
  }

  private static func set(
    _ code: String, pause reason: String?, _ options: GlobalOptions
  ) async throws {
    let installation = try Installation(options)
    let id = ConnectionID(code)
    guard installation.configuration.connection(id) != nil else {
      throw Problem(
        code: "unknown_connection", pointer: code, detail: "No connection '\(code)' is configured",
        fix: "See 'postern connections list'")
    }
    let now = installation.clock.now
    try await GroupCommit(store: try installation.openStore()).write { transaction in
      try transaction.pause(id, detail: reason)
      try transaction.append(
        AuditRecord(
          at: now, actor: "operator",
          action: reason == nil ? "connection.resumed" : "connection.paused",
          detail: "\(id) \(reason ?? "")"))
    }
    Console.print(
      options.isJSON
        ? #"{"paused":\#(reason != nil)}"# : "\(code) is \(reason == nil ? "active" : "paused").")
  }
}
