package import AdapterKit
package import Ledger

/// What an ERP last said of one of its periods.
package struct ERPPeriod: Hashable, Sendable {
  package var status: PeriodStatus
  package var readAt: Moment

  package init(status: PeriodStatus, readAt: Moment) {
    self.status = status
    self.readAt = readAt
  }
}

/// What the store remembers of connections.
package protocol ConnectionQueries {
  /// Since a slot, in the order of time; see ``UsageSlot``.
  func usage(_ connection: ConnectionID, since slot: Int64) throws -> [UsageSlot]
  func connectionReports() throws -> [ConnectionID: ConnectionReport]
  func erpPeriods(_ connection: ConnectionID) throws -> [FiscalPeriod: ERPPeriod]
  /// Postings that wait for a period of the connection's ERP to open.
  func heldByPeriod(_ connection: ConnectionID, limit: Int) throws -> [StoredPosting]
  /// The half of ``PostingQueries/claimable(_:at:limit:)`` that may go at once: sent for the first
  /// time, or again because a person said so.
  func claimableAtOnce(_ connection: ConnectionID, limit: Int) throws -> [StoredPosting]
  /// The other half: what time makes claimable, to be looked up or sent again; the earliest first.
  func claimableByTime(
    _ connection: ConnectionID, at now: Moment, limit: Int
  ) throws -> [StoredPosting]
}

/// What can be changed of it.
package protocol ConnectionTransaction {
  /// Adds to the counts of a slot.
  func add(_ usage: UsageSlot, to connection: ConnectionID) throws
  func set(_ report: ConnectionReport, of connection: ConnectionID) throws
  func set(_ period: ERPPeriod, of connection: ConnectionID, period name: FiscalPeriod) throws
  /// What waited for a posting waits for the one that takes its place.
  func replace(_ posting: PostingNumber, with next: PostingNumber) throws
}
