import AdapterKit
import Ledger
import PostingEngine

extension SQLQuerying {
  func usage(_ connection: ConnectionID, since slot: Int64) throws -> [UsageSlot] {
    try self.connection.all(ConnectionSQL.usage) {
      $0.bind(connection.code)
      $0.bind(slot)
    } read: {
      UsageSlot(slot: $0.integer(0), calls: $0.count(1), refusals: $0.count(2))
    }
  }

  func connectionReports() throws -> [ConnectionID: ConnectionReport] {
    let reports = try connection.all(ConnectionSQL.reports) {
      (ConnectionID($0.text(0)), ConnectionReport(at: $0.moment(1), try $0.json(2)))
    }
    return Dictionary(uniqueKeysWithValues: reports)
  }

  func erpPeriods(_ connection: ConnectionID) throws -> [FiscalPeriod: ERPPeriod] {
    let periods = try self.connection.all(ConnectionSQL.periods) {
      $0.bind(connection.code)
    } read: { row -> (FiscalPeriod, ERPPeriod) in
      guard let period = FiscalPeriod(row.text(0)) else { throw row.unreadable(0, "a period") }
      return (period, ERPPeriod(status: try row.word(1), readAt: row.moment(2)))
    }
    return Dictionary(uniqueKeysWithValues: periods)
  }

  func heldByPeriod(_ connection: ConnectionID, limit: Int) throws -> [StoredPosting] {
    try self.connection.all(ConnectionSQL.heldByPeriod) {
      $0.bind(connection.code)
      $0.bind(limit)
    } read: {
      try $0.posting()
    }
  }
}

extension SQLTransaction {
  func add(_ usage: UsageSlot, to connection: ConnectionID) throws {
    try change {
      try self.connection.run(ConnectionSQL.addUsage) {
        $0.bind(connection.code)
        $0.bind(usage.slot)
        $0.bind(usage.calls)
        $0.bind(usage.refusals)
      }
    }
  }

  func set(_ report: ConnectionReport, of connection: ConnectionID) throws {
    try change {
      try self.connection.run(ConnectionSQL.setReport) {
        $0.bind(connection.code)
        $0.bind(report.at.milliseconds)
        $0.bind(report.stored.json)
      }
    }
  }

  func set(_ period: ERPPeriod, of connection: ConnectionID, period name: FiscalPeriod) throws {
    try change {
      try self.connection.run(ConnectionSQL.setPeriod) {
        $0.bind(connection.code)
        $0.bind(name.text)
        $0.bind(period.status.rawValue)
        $0.bind(period.readAt.milliseconds)
      }
    }
  }
}

extension SQLTransaction {
  func replace(_ posting: PostingNumber, with next: PostingNumber) throws {
    try change {
      try connection.run(ConnectionSQL.replaceInOrder) {
        $0.bind(next.value)
        $0.bind(posting.value)
        $0.bind(next.value)
      }
    }
  }
}

private enum ConnectionSQL {
  static let replaceInOrder = """
    UPDATE posting_order SET after = ? WHERE after = ? AND posting <> ?
    """
  static let usage = """
    SELECT slot, calls, refusals FROM connection_usage WHERE connection = ? AND slot >= ?
    ORDER BY slot
    """
  static let addUsage = """
    INSERT INTO connection_usage (connection, slot, calls, refusals) VALUES (?, ?, ?, ?)
    ON CONFLICT (connection, slot) DO UPDATE
      SET calls = calls + excluded.calls, refusals = refusals + excluded.refusals
    """
  static let reports = "SELECT connection, at, report FROM connection_reports"
  static let setReport = """
    INSERT INTO connection_reports (connection, at, report) VALUES (?, ?, ?)
    ON CONFLICT (connection) DO UPDATE SET at = excluded.at, report = excluded.report
    """
  static let periods = "SELECT period, status, read_at FROM erp_periods WHERE connection = ?"
  static let setPeriod = """
    INSERT INTO erp_periods (connection, period, status, read_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (connection, period) DO UPDATE
      SET status = excluded.status, read_at = excluded.read_at
    """
  static let heldByPeriod = """
    SELECT \(Queries.postingColumns) FROM \(Queries.postingTables)
    WHERE p.connection = ? AND p.reason = 'period' AND p.state = 'waiting'
    ORDER BY p.number LIMIT ?
    """
}

extension ConnectionReport {
  fileprivate var stored: StoredJSON {
    .table([
      "cause": hold?.cause.rawValue, "until": hold?.until.map { String($0.milliseconds) },
      "circuit": circuit.rawValue, "concurrency": String(concurrency),
      "callTime": callTime.map { String($0.wholeMilliseconds) },
    ])
  }

  /// What cannot be read counts as absent: the engine says it again.
  fileprivate init(at: Moment, _ json: StoredJSON) {
    let until = json["until"].flatMap { Int64($0) }.map { Moment(milliseconds: $0) }
    self.init(
      at: at,
      hold: json["cause"].flatMap { ConnectionHold.Cause(rawValue: $0) }
        .map { ConnectionHold($0, until: until) },
      circuit: json["circuit"].flatMap { Circuit(rawValue: $0) } ?? .closed,
      concurrency: json["concurrency"].flatMap { Int($0) } ?? 1,
      callTime: json["callTime"].flatMap { Int64($0) }.map { .milliseconds($0) })
  }
}
