internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// How one connection does: what its engine last said, its quotas, and its backlog.
struct ConnectionState {
  let connection: ConnectionConfiguration
  let report: ConnectionReport
  /// Why it is paused; nil when it is not.
  let pause: String?
  let usage: [UsageSlot]
  let allowances: [ConnectionGovernor.Allowance]
  let posted: Int
  /// Neither posted nor given up.
  let open: Int
  /// Still to be sent, or to be looked up.
  let toDo: Int

  /// What keeps it from starting calls now.
  var hold: ConnectionHold? {
    pause == nil ? report.hold : ConnectionHold(.paused, until: nil)
  }

  static func all(
    of installation: Installation, at now: Moment, in queries: any PostingQueries
  ) throws -> [ConnectionState] {
    let paused = try queries.pausedConnections()
    let reports = try queries.connectionReports()
    let counts = try queries.counts().filter { $0.kind == .posting }
    let since = SlotCounter.slot(
      of: now + (.zero - ConnectionGovernor.usageSpan), length: ConnectionGovernor.slotLength)
    return try installation.configuration.connections.map { connection in
      let limits = installation.engineLimits(of: connection)
      let usage = try queries.usage(connection.id, since: since)
      func count(_ states: (PostingState) -> Bool) -> Int {
        counts.filter {
          $0.connection == connection.id && PostingState(rawValue: $0.state).map(states) == true
        }
        .reduce(0) { $0 + $1.count }
      }
      let silent = ConnectionReport(
        at: now, hold: nil, circuit: .closed, concurrency: limits.concurrency)
      return ConnectionState(
        connection: connection, report: (reports[connection.id] ?? silent).read(at: now),
        pause: paused[connection.id], usage: usage,
        allowances: ConnectionGovernor(limits: limits, usage: usage).allowances(at: now),
        posted: count { $0 == .posted || $0 == .reversed }, open: count { !$0.isFinal },
        toDo: count { [.due, .waiting, .sending, .unknown].contains($0) })
    }
  }

  var cells: [String] {
    let left = allowances.map { "\($0.left) of \($0.limit) \($0.per.rawValue)" }
    return [
      connection.id.code, connection.adapter,
      "\(min(report.concurrency, connection.limits.concurrency)) of "
        + "\(connection.limits.concurrency)",
      report.circuit.rawValue, left.joined(separator: ", "), String(open), String(posted),
      pause.map { "paused: \($0)" } ?? hold?.text ?? "active",
    ]
  }
}

extension JSONWriter {
  mutating func write(_ state: ConnectionState) {
    object { writer in
      writer.key("connection")
      writer.string(state.connection.id.code)
      writer.key("adapter")
      writer.string(state.connection.adapter)
      writer.key("concurrency")
      writer.number(state.connection.limits.concurrency)
      writer.key("concurrencyNow")
      writer.number(min(state.report.concurrency, state.connection.limits.concurrency))
      writer.key("circuit")
      writer.string(state.report.circuit.rawValue)
      writer.key("allowances")
      writer.array { writer in
        for allowance in state.allowances {
          writer.object { writer in
            writer.key("per")
            writer.string(allowance.per.rawValue)
            writer.key("limit")
            writer.number(allowance.limit)
            writer.key("left")
            writer.number(allowance.left)
          }
        }
      }
      if let hold = state.hold { writer.write(hold) }
      writer.key("open")
      writer.number(state.open)
      writer.key("posted")
      writer.number(state.posted)
      writer.key("paused")
      writer.bool(state.pause != nil)
    }
  }

  /// The member `hold`.
  private mutating func write(_ hold: ConnectionHold) {
    key("hold")
    object { writer in
      writer.key("cause")
      writer.string(hold.cause.rawValue)
      writer.key("reason")
      writer.string(hold.waitingReason.rawValue)
      if let until = hold.until {
        writer.key("until")
        writer.string(until.text)
      }
    }
  }
}
