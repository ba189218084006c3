import Ledger
import PostingEngine

/// The changes of ``PostingStore/write(_:)``.
///
/// After a change that the database refused, the transaction can only be undone: everything else
/// throws the same problem.
final class SQLTransaction: SQLQuerying, PostingTransaction {
  let writer: StoreWriter
  /// For ``StoreWriter``.
  let version: Int64?
  private let auditedBefore: Int64
  private var failure: (any Error)?
  /// What the transaction changed about states so far.
  var changes = StateChanges()
  /// The document inserted last, whose entries do not repeat its identity.
  var lastDocument: (number: DocumentNumber, identity: DocumentIdentity)?
  /// The hash of the evidence kept last.
  var lastEvidence: [UInt8]?
  /// The numbers of entries inserted in this transaction since the last document.
  var recentEntries: [PostingKey: (number: Int64, document: DocumentNumber)] = [:]

  init(writer: StoreWriter, auditedBefore: Int64, version: Int64?) {
    self.writer = writer
    self.auditedBefore = auditedBefore
    self.version = version
  }

  var connection: StoreConnection { writer.connection }
  var statements: WriteStatements { writer.statements }

  /// Runs one change, or repeats why an earlier one failed.
  func change<Value>(_ body: () throws -> Value) throws -> Value {
    if let failure { throw failure }
    do {
      return try body()
    } catch {
      failure = StoreFault.translated(error, file: connection.file)
      throw failure ?? error
    }
  }

  /// Completes the transaction before its commit.
  func finish() throws {
    if let failure { throw failure }
    try change { try tell() }
    guard writer.audit.number != auditedBefore else { return }
    try connection.run(Statements.setMeta) {
      $0.bind(AuditChain.metaName)
      $0.bind(writer.audit.head)
    }
  }

  /// Runs a statement that has to find exactly one row.
  func changeOne(
    _ sql: String, _ what: @autoclosure () -> String, bind: (PreparedStatement) -> Void
  ) throws {
    try change {
      let statement = try connection.prepare(sql)
      bind(statement)
      try statement.run()
      guard statement.changes == 1 else {
        throw StoreFault.missing(what(), file: connection.file)
      }
    }
  }

  func append(_ record: AuditRecord) throws {
    try change {
      changes.note(record.at)
      let statement = statements.audit
      let hash = writer.audit.append(record)
      statement.bind(writer.audit.number)
      statement.bind(record.at.milliseconds)
      statement.bind(record.actor)
      statement.bind(record.action)
      statement.bind(record.document?.value)
      statement.bind(record.posting?.value)
      statement.bind(record.detail)
      statement.bind(record.evidence)
      statement.bind(hash)
      try statement.run()
    }
  }
}

// MARK: - Exceptions, waits, refused intake, keys

extension SQLTransaction {
  func insert(_ exception: PostingException) throws {
    try change {
      try connection.run(Statements.insertException) {
        $0.bind(exception.id)
        $0.bind(exception.exceptionClass)
        $0.bind(exception.cause)
        $0.bind(exception.fingerprint)
        $0.bind(exception.document?.value)
        $0.bind(exception.posting?.value)
        $0.bind(exception.entity.code)
        $0.bind(exception.connection?.code)
        $0.bind(exception.amount.minorUnits)
        $0.bind(exception.amount.currency.code)
        $0.bind(exception.since.milliseconds)
        $0.bind(exception.owner)
        $0.bind(exception.fix)
        $0.bind(exception.state.rawValue)
        $0.bind(exception.heldUntil?.milliseconds)
        $0.bind(exception.storedTags)
      }
    }
  }

  func resolve(exception id: Int64, at now: Moment) throws {
    try changeOne(Statements.resolveException, "exception \(id)") {
      $0.bind(now.milliseconds)
      $0.bind(id)
    }
  }

  func insert(_ wait: DocumentWait) throws {
    try change {
      try connection.run(Statements.insertWait) {
        $0.bind(wait.document.value)
        $0.bind(wait.reason.rawValue)
        $0.bind(wait.detail)
        $0.bind(wait.until.milliseconds)
      }
      for (position, reference) in wait.references.enumerated() {
        try connection.run(Statements.insertAwaited) {
          $0.bind(reference)
          $0.bind(wait.document.value)
          $0.bind(position)
        }
      }
    }
  }

  func removeWait(of document: DocumentNumber) throws {
    try change {
      try connection.run(Statements.deleteAwaited) { $0.bind(document.value) }
      try connection.run(Statements.deleteWait) { $0.bind(document.value) }
    }
  }

  func insert(_ refused: RefusedIntake) throws {
    try change {
      try connection.run(Statements.insertRefused) {
        $0.bind(refused.id)
        $0.bind(refused.at.milliseconds)
        $0.bind(refused.source)
        $0.bind(refused.identity)
        $0.bind(StoredJSON.list(refused.problems.map { StoredJSON($0) }).json)
        $0.bind(Array(refused.content.prefix(RefusedIntake.maximumContent)))
      }
    }
  }

  func insert(_ key: StoredAPIKey) throws {
    try change {
      try connection.run(Statements.insertAPIKey) {
        $0.bind(key.id)
        $0.bind(key.name)
        $0.bind(key.hash)
        $0.bind(StoredJSON.texts(key.entities.map(\.code)).json)
        $0.bind(StoredJSON.texts(key.rights).json)
        $0.bind(key.createdAt.milliseconds)
        $0.bind(key.revokedAt?.milliseconds)
      }
    }
  }

  func revokeAPIKey(_ id: String, at now: Moment) throws -> Bool {
    try change {
      let statement = try connection.prepare(Statements.revokeAPIKey)
      statement.bind(now.milliseconds)
      statement.bind(id)
      try statement.run()
      return statement.changes == 1
    }
  }

  func pause(_ connection: ConnectionID, detail: String?) throws {
    try change {
      guard let detail else {
        return try self.connection.run(Statements.resumeConnection) { $0.bind(connection.code) }
      }
      try self.connection.run(Statements.pauseConnection) {
        $0.bind(connection.code)
        $0.bind(detail)
      }
    }
  }
}
