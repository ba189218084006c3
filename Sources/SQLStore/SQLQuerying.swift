import Ledger
import PostingEngine

/// The questions, answered on one connection.
protocol SQLQuerying: PostingQueries {
  var connection: StoreConnection { get }
}

/// The questions of ``PostingStore/read(_:)``.
final class SQLQueries: SQLQuerying {
  let connection: StoreConnection

  init(_ connection: StoreConnection) { self.connection = connection }
}

// MARK: - Waits, connections and keys

extension SQLQuerying {
  func anyDocumentWaits() throws -> Bool {
    try connection.first(Queries.anyWait) { _ in true } ?? false
  }

  func wait(of document: DocumentNumber) throws -> DocumentWait? {
    try connection.first(Queries.wait, { $0.bind(document.value) }, read: readWait)
      .map(withReferences)
  }

  func waitsEnded(by now: Moment) throws -> [DocumentWait] {
    try connection.all(Queries.waitsEnded, { $0.bind(now.milliseconds) }, read: readWait)
      .map(withReferences)
  }

  func documentsWaiting(for identity: DocumentIdentity) throws -> [DocumentNumber] {
    try connection.all(Queries.waitingForIdentity) {
      $0.bind(identity.source)
      $0.bind(identity.type.rawValue)
      $0.bind(identity.id)
    } read: {
      DocumentNumber($0.integer(0))
    }
  }

  func documentsWaiting(for reason: WaitingReason) throws -> [DocumentNumber] {
    try connection.all(Queries.waitingForReason) {
      $0.bind(reason.rawValue)
    } read: {
      DocumentNumber($0.integer(0))
    }
  }

  private func readWait(_ row: PreparedStatement) throws -> DocumentWait {
    DocumentWait(
      document: DocumentNumber(row.integer(0)), reason: try row.word(1), references: [],
      detail: row.text(2), until: row.moment(3))
  }

  private func withReferences(_ wait: DocumentWait) throws -> DocumentWait {
    var wait = wait
    wait.references = try connection.all(Queries.awaited) {
      $0.bind(wait.document.value)
    } read: {
      DocumentIdentity(source: $0.text(0), type: try $0.word(1), id: $0.text(2))
    }
    return wait
  }

  func pausedConnections() throws -> [ConnectionID: String] {
    let pauses = try connection.all(Queries.pauses) { (ConnectionID($0.text(0)), $0.text(1)) }
    return Dictionary(uniqueKeysWithValues: pauses)
  }

  func apiKeys() throws -> [StoredAPIKey] {
    try connection.all(Queries.apiKeys, read: readAPIKey)
  }

  func apiKey(hash: [UInt8]) throws -> StoredAPIKey? {
    try connection.first(Queries.apiKey, { $0.bind(hash) }, read: readAPIKey)
  }

  private func readAPIKey(_ row: PreparedStatement) throws -> StoredAPIKey {
    StoredAPIKey(
      id: row.text(0), name: row.text(1), hash: row.bytes(2),
      entities: try row.json(3).list.compactMap(\.text).map { LegalEntityID($0) },
      rights: try row.json(4).list.compactMap(\.text), createdAt: row.moment(5),
      revokedAt: row.optionalMoment(6))
  }

  func audit(of document: DocumentNumber) throws -> [AuditRecord] {
    try connection.all(Queries.auditOfDocument) {
      $0.bind(document.value)
      $0.bind(document.value)
    } read: {
      $0.auditRecord()
    }
  }

  func meta(_ name: String) throws -> String? {
    try connection.first(Queries.meta) {
      $0.bind(name)
    } read: {
      $0.text(0)
    }
  }
}

extension PreparedStatement {
  func json(_ column: Int32) throws(Problem) -> StoredJSON {
    guard let json = StoredJSON(text(column)) else { throw unreadable(column, "JSON") }
    return json
  }

  func optionalRate(_ column: Int32) throws(Problem) -> ExchangeRate? {
    guard optionalText(column) != nil else { return nil }
    guard let rate = try json(column).exchangeRate else { throw unreadable(column, "a rate") }
    return rate
  }

  /// The columns of ``Queries/auditColumns``.
  func auditRecord() -> AuditRecord {
    AuditRecord(
      at: moment(1), actor: text(2), action: text(3),
      document: optionalInteger(4).map { DocumentNumber($0) },
      posting: optionalInteger(5).map { PostingNumber($0) }, detail: text(6),
      evidence: optionalBytes(7))
  }
}
