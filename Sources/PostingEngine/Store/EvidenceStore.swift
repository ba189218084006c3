/// What can be asked about the evidence behind the audit trail.
package protocol EvidenceQueries {
  /// What has this SHA-256; nil when it is not kept here.
  func evidence(_ hash: [UInt8]) throws -> [UInt8]?
  /// Records after a number with their hashes, in order.
  func auditRecords(after number: Int64, limit: Int) throws -> [ChainedRecord]
  /// The first and the last record that name a document; nil when none does.
  func auditRange(of document: DocumentNumber) throws -> ClosedRange<Int64>?
  /// The last record; nil when there is none.
  func lastAuditRecord() throws -> ChainedRecord?
  /// In the order of their records.
  func checkpoints() throws -> [SignedCheckpoint]
  func lastCheckpoint() throws -> SignedCheckpoint?
  /// A value that the installation remembers about itself.
  func note(_ name: String) throws -> String?
}

package protocol EvidenceChanges {
  /// Keeps evidence under its SHA-256; once, however often it is given.
  func keep(evidence: [UInt8], hash: [UInt8]) throws
  func insert(_ checkpoint: SignedCheckpoint) throws
  func setNote(_ name: String, to value: String) throws
}

/// A record of the audit trail in its place.
package struct ChainedRecord: Hashable, Sendable {
  /// From 1, without gaps.
  package var number: Int64
  package var record: AuditRecord
  /// SHA-256 of ``bytes``.
  package var hash: [UInt8]
  /// The hash before it and the record: what its own hash is taken of.
  package var bytes: [UInt8]

  package init(number: Int64, record: AuditRecord, hash: [UInt8], bytes: [UInt8]) {
    self.number = number
    self.record = record
    self.hash = hash
    self.bytes = bytes
  }
}
