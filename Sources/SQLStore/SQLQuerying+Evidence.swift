import Ledger
import PostingEngine

extension SQLQuerying {
  func evidence(_ hash: [UInt8]) throws -> [UInt8]? {
    let found = try connection.first(EvidenceStatements.evidence) {
      $0.bind(hash)
    } read: {
      (size: $0.count(0), content: $0.bytes(1))
    }
    guard let found else { return nil }
    guard let content = Compression.expand(found.content, size: found.size) else {
      throw StoreFault.unreadable("evidence is not in its compressed form", file: connection.file)
    }
    return content
  }

  func auditRecords(after number: Int64, limit: Int) throws -> [ChainedRecord] {
    let statement = try connection.prepare(Queries.auditAfter)
    statement.bind(number)
    statement.bind(limit)
    var before = try hash(ofRecord: number)
    return try statement.all { row in
      let record = row.auditRecord()
      let hash = row.bytes(8)
      defer { before = hash }
      return ChainedRecord(
        number: row.integer(0), record: record, hash: hash,
        bytes: AuditChain.bytes(of: record, number: row.integer(0), after: before))
    }
  }

  func auditRange(of document: DocumentNumber) throws -> ClosedRange<Int64>? {
    let range = try connection.first(EvidenceStatements.range) {
      $0.bind(document.value)
    } read: {
      (first: $0.optionalInteger(0), last: $0.optionalInteger(1))
    }
    guard let first = range?.first, let last = range?.last else { return nil }
    return first...last
  }

  func lastAuditRecord() throws -> ChainedRecord? {
    let last = try connection.first(EvidenceStatements.lastRecord) { $0.integer(0) }
    guard let last, last > 0 else { return nil }
    return try auditRecords(after: last - 1, limit: 1).first
  }

  /// The start of the chain for a record that is not there.
  private func hash(ofRecord number: Int64) throws -> [UInt8] {
    try connection.first(EvidenceStatements.hash) {
      $0.bind(number)
    } read: {
      $0.bytes(0)
    } ?? AuditChain.start
  }

  func checkpoints() throws -> [SignedCheckpoint] {
    try connection.all(EvidenceStatements.checkpoints) { try $0.checkpoint() }
  }

  func lastCheckpoint() throws -> SignedCheckpoint? {
    try connection.first(EvidenceStatements.lastCheckpoint) { try $0.checkpoint() }
  }

  func note(_ name: String) throws -> String? { try meta(EvidenceStatements.notePrefix + name) }
}

extension SQLTransaction {
  func keep(evidence: [UInt8], hash: [UInt8]) throws {
    try change {
      // All entries of a batch share the evidence of its call: made small once.
      guard hash != lastEvidence else { return }
      lastEvidence = hash
      try connection.run(EvidenceStatements.insert) {
        $0.bind(hash)
        $0.bind(evidence.count)
        $0.bind(Compression.compress(evidence))
      }
    }
  }

  func insert(_ checkpoint: SignedCheckpoint) throws {
    try change {
      try connection.run(EvidenceStatements.insertCheckpoint) {
        $0.bind(checkpoint.checkpoint.number)
        $0.bind(checkpoint.checkpoint.statement)
        $0.bind(checkpoint.signature)
      }
    }
  }

  func setNote(_ name: String, to value: String) throws {
    try change {
      try connection.run(Statements.setMeta) {
        $0.bind(EvidenceStatements.notePrefix + name)
        $0.bind(value)
      }
    }
  }
}

extension PreparedStatement {
  fileprivate func checkpoint() throws -> SignedCheckpoint {
    guard let checkpoint = AuditCheckpoint(statement: text(0)) else {
      throw unreadable(0, "a checkpoint")
    }
    return SignedCheckpoint(checkpoint: checkpoint, signature: bytes(1))
  }
}

/// The statements of evidence, checkpoints and notes.
private enum EvidenceStatements {
  static let notePrefix = "note:"
  static let evidence = "SELECT size, content FROM evidence WHERE hash = ?"
  static let insert = """
    INSERT INTO evidence (hash, size, content) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING
    """
  static let range = "SELECT min(number), max(number) FROM audit WHERE document = ?"
  static let lastRecord = "SELECT max(number) FROM audit"
  static let hash = "SELECT hash FROM audit WHERE number = ?"
  static let checkpoints = "SELECT statement, signature FROM checkpoints ORDER BY number"
  static let lastCheckpoint = """
    SELECT statement, signature FROM checkpoints ORDER BY number DESC LIMIT 1
    """
  static let insertCheckpoint = """
    INSERT INTO checkpoints (number, statement, signature) VALUES (?, ?, ?)
    ON CONFLICT (number) DO NOTHING
    """
}
