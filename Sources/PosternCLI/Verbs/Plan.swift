internal import AdapterKit
internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// When the backlog will be done.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "With this backlog and these quotas: when is it done?",
    discussion: """
      Asks for each connection what the engine asks before every call: calls at once, quotas and \
      what of them is used, blackouts, and what holds the connection up now. Supposes that calls \
      take as long as they took of late and that none fails.
      """)

  @Option(help: "Only this connection; may be repeated.")
  var connection: [String] = []

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let now = installation.clock.now
    for code in connection
    where installation.configuration.connection(ConnectionID(code)) == nil {
      throw Problem(
        code: "unknown_connection", pointer: code, detail: "No connection '\(code)' is configured",
        fix: "See 'postern connections list'")
    }
    let states = try store.read { queries in
      try ConnectionState.all(of: installation, at: now, in: queries)
    }
    var listing = Listing(
      options, "plan",
      [
        ("Connection", .left), ("To send", .right), ("Calls", .right), ("Done at", .left),
        ("Held by", .left), ("Held for", .right),
      ])
    for state in states
    where connection.isEmpty || connection.contains(state.connection.id.code) {
      let descriptor = try installation.adapter(of: state.connection).descriptor
      let plan = DeliveryPlan(
        postings: state.toDo, batchSize: descriptor.maximumBatchSize,
        limits: installation.engineLimits(of: state.connection), usage: state.usage,
        hold: state.hold, callTime: state.report.callTime, at: now)
      listing.add(cells(state, plan)) { $0.write(state, plan) }
    }
    listing.finish()
  }

  private func cells(_ state: ConnectionState, _ plan: DeliveryPlan) -> [String] {
    let done =
      plan.calls == 0
      ? "nothing to do"
      : plan.doneAt?.text ?? (plan.bottleneck == .paused ? "paused" : "beyond a year")
    return [
      state.connection.id.code, String(state.toDo), String(plan.calls), done,
      plan.bottleneck?.rawValue ?? "", "\(plan.heldFor.components.seconds) s",
    ]
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ state: ConnectionState, _ plan: DeliveryPlan) {
    object { writer in
      writer.key("connection")
      writer.string(state.connection.id.code)
      writer.key("postings")
      writer.number(state.toDo)
      writer.key("calls")
      writer.number(plan.calls)
      if let doneAt = plan.doneAt {
        writer.key("doneAt")
        writer.string(doneAt.text)
      }
      if let bottleneck = plan.bottleneck {
        writer.key("heldBy")
        writer.string(bottleneck.rawValue)
      }
      writer.key("heldSeconds")
      writer.number(plan.heldFor.components.seconds)
      writer.key("callsLeft")
      writer.number(plan.left)
    }
  }
}
