internal import AdapterKit
package import Ledger

/// What time alone makes necessary: leases that lapsed, waits whose limit is over.
package struct Housekeeping: Sendable {
  let store: any PostingStore
  let commit: GroupCommit
  let clock: any EngineClock
  let switchboard: Switchboard
  let waits: ConnectionWaits
  let watch: DoubtWatch
  let setCourse: EntrySetCourse

  /// Rows in one transaction.
  package static let batch = 500
  private static let interval: Duration = .seconds(10)

  /// Works until it is cancelled.
  ///
  /// - Throws: what the store throws.
  func run() async throws {
    while !Task.isCancelled {
      do { try await clock.sleep(until: clock.now + Housekeeping.interval) } catch { return }
      try await look()
    }
  }

  func look() async throws {
    let now = clock.now
    let (isLapsed, isOverdue, hasWaited) = try store.read { queries in
      (
        try !queries.lapsed(at: now, limit: 1).isEmpty,
        try EntrySet.isOverdue(at: now, setCourse, in: queries),
        try !queries.waitsEnded(by: now).isEmpty
      )
    }
    if isLapsed {
      try await recover(isEverybodyGone: false)
      switchboard.wakeAll()
    }
    if isOverdue {
      try await commit.write(weight: Housekeeping.batch) { [setCourse] transaction in
        try EntrySet.end(at: now, setCourse, limit: Housekeeping.batch, in: transaction)
      }
      switchboard.wakeAll()
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
      count = try await commit.write(weight: Housekeeping.batch) { [waits, watch] transaction in
        try Delivery.recoverLapsed(
          at: now, everyone: isEverybodyGone, limit: Housekeeping.batch,
          quietPeriod: { waits[$0].quietPeriod }, lease: { waits[$0].lease }, watch: watch,
          in: transaction)
      }
    } while count == Housekeeping.batch
  }

  /// Documents that an older version left accepted though they have nothing to post are posted.
  func settleWithoutEntries() async throws {
    while try store.read({ try !$0.documentsWithoutEntries(limit: 1).isEmpty }) {
      try await commit.write(weight: Housekeeping.batch) { transaction in
        for number in try transaction.documentsWithoutEntries(limit: Housekeeping.batch) {
          try transaction.settleWithoutEntries(number)
          guard try transaction.document(number)?.state == .accepted,
            try transaction.entries(of: number).isEmpty, try transaction.wait(of: number) == nil
          else { continue }
          try transaction.setState(.posted, of: number)
        }
      }
    }
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

/// How long each ERP may still be working on what nobody waits for any more, and each claim holds.
struct ConnectionWaits: Sendable {
  struct Waits: Sendable {
    var quietPeriod: Duration
    var lease: Duration
  }

  private let byConnection: [ConnectionID: Waits]

  /// For a connection that is not configured at the moment.
  private static let unknown = Waits(quietPeriod: .seconds(900), lease: .seconds(3_600))

  init(_ connections: [EngineConnection]) {
    byConnection = Dictionary(
      connections.map { connection in
        let delivery = connection.delivery
        return (
          connection.id,
          Waits(quietPeriod: delivery.capabilities.quietPeriod, lease: delivery.lease)
        )
      }
    ) { first, _ in first }
  }

  subscript(connection: ConnectionID) -> Waits {
    byConnection[connection] ?? ConnectionWaits.unknown
  }
}
