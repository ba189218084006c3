internal import AdapterKit
package import Ledger

/// What time alone makes necessary: leases that lapsed, waits whose limit is over.
package struct Housekeeping: Sendable {
  let store: any PostingStore
  let commit: GroupCommit
  let clock: any EngineClock
  let switchboard: Switchboard
  let quietPeriods: QuietPeriods

  /// Rows in one transaction.
  package static let batch = 500
  private static let interval: Duration = .seconds(10)

  /// Works until it is cancelled.
  ///
  /// - Throws: what the store throws.
  func run() async throws {
    while !Task.isCancelled {
      try await look()
      do { try await clock.sleep(until: clock.now + Housekeeping.interval) } catch { return }
    }
  }

  private func look() async throws {
    let now = clock.now
    let (isLapsed, isOverdue, hasWaited) = try store.read { queries in
      (
        try !queries.lapsed(at: now, limit: 1).isEmpty,
        try !EntrySet.overdue(at: now, limit: Housekeeping.batch, in: queries).isEmpty,
        try !queries.waitsEnded(by: now).isEmpty
      )
    }
    if isLapsed {
      try await recover(isEverybodyGone: false)
      switchboard.wakeAll()
    }
    if isOverdue {
      try await commit.write(weight: Housekeeping.batch) { transaction in
        try EntrySet.raiseOverdue(at: now, limit: Housekeeping.batch, in: transaction)
      }
    }
    guard hasWaited else { return }
    while try store.read({ try !$0.waitsEnded(by: now).isEmpty }) {
      try await commit.write(weight: Housekeeping.batch) { transaction in
        try Housekeeping.endWaits(at: now, in: transaction)
      }
    }
  }

  /// Turns claims without a holder into doubt.
  ///
  /// - Parameter isEverybodyGone: also claims whose lease still runs: the process that held them
  ///   has ended.
  func recover(isEverybodyGone: Bool) async throws {
    let now = clock.now
    var count = 0
    repeat {
      count = try await commit.write(weight: Housekeeping.batch) { [quietPeriods] transaction in
        try Delivery.recoverLapsed(
          at: now, everyone: isEverybodyGone, limit: Housekeeping.batch,
          quietPeriod: { quietPeriods[$0] }, in: transaction)
      }
    } while count == Housekeeping.batch
  }

  /// Documents that waited past their limit become exceptions, so many at a time.
  package static func endWaits(at now: Moment, in transaction: any PostingTransaction) throws {
    for wait in try transaction.waitsEnded(by: now).prefix(batch) {
      try transaction.removeWait(of: wait.document)
      guard let document = try transaction.document(wait.document), document.state == .accepted
      else { continue }
      let exceptionClass = wait.reason == .period ? "period_closed" : "reference_missing"
      try transaction.insert(
        PostingException(
          exceptionClass: exceptionClass, cause: wait.detail,
          fingerprint: Fingerprint.text(
            [exceptionClass, document.entity.code]
              + wait.references.map(\.description).sorted()),
          document: wait.document, entity: document.entity,
          amount: document.receivable ?? .zero(document.currency), since: now,
          fix: "Hand over what it refers to, then retry the exception, or discard the document"))
      try transaction.setState(.exception, of: wait.document)
      try transaction.append(
        AuditRecord(
          at: now, actor: "engine", action: "document.\(exceptionClass)",
          document: wait.document, detail: wait.detail))
    }
  }
}

/// How long each ERP may still be working on what nobody waits for any more.
struct QuietPeriods: Sendable {
  private let byConnection: [ConnectionID: Duration]

  /// For a connection that is not configured at the moment.
  static let unknown: Duration = .seconds(900)

  init(_ connections: [EngineConnection]) {
    var periods: [ConnectionID: Duration] = [:]
    for connection in connections {
      periods[connection.id] = connection.adapter.descriptor.quietPeriod
    }
    byConnection = periods
  }

  subscript(connection: ConnectionID) -> Duration {
    byConnection[connection] ?? QuietPeriods.unknown
  }
}
