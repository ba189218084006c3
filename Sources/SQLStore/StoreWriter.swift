import GRDB
import Ledger
import PostingEngine

/// What the one writing connection remembers between transactions: prepared statements, the last row
/// numbers, the audit chain and the ids of shared texts.
///
/// Used on the writing connection's queue alone.
final class StoreWriter {
  let connection: StoreConnection
  let statements: WriteStatements
  let ids: SharedTextIDs
  private let database: Database
  private let dataVersion: PreparedStatement
  private let beginning: PreparedStatement
  private let commit: PreparedStatement
  private let rollback: PreparedStatement

  private(set) var audit = AuditChain()
  var lastDocument: Int64 = 0
  var lastEntry: Int64 = 0
  /// What the last transaction said it was, for one that says nothing.
  var lastMoment = Moment(milliseconds: 0)
  /// What the memory was true for: changes when another connection commits. nil: not to be trusted.
  private var knownVersion: Int64?

  init(_ database: Database, file: String) throws {
    self.database = database
    connection = StoreConnection(database, file: file)
    statements = try WriteStatements(connection)
    ids = try SharedTextIDs(connection)
    dataVersion = try connection.prepareOnce(Queries.dataVersion)
    beginning = try connection.prepare("BEGIN IMMEDIATE")
    commit = try connection.prepare("COMMIT")
    rollback = try connection.prepare("ROLLBACK")
  }

  /// Runs `body` in a transaction that is durable when this returns, and undone when it throws.
  func transact<Result>(
    _ body: (any PostingTransaction) throws -> Result
  ) throws -> Result {
    try beginning.run()
    do {
      let transaction = try begin()
      let result = try body(transaction)
      try transaction.finish()
      try commit.run()
      knownVersion = transaction.version
      return result
    } catch {
      // SQLite has undone it itself after some errors.
      if database.isInsideTransaction { try? rollback.run() }
      throw error
    }
  }

  /// What a transaction leaves in memory counts only once it is committed.
  private func begin() throws -> SQLTransaction {
    let version = try dataVersion.first { $0.integer(0) }
    if version == nil || version != knownVersion { try load() }
    knownVersion = nil
    return SQLTransaction(writer: self, auditedBefore: audit.number, version: version)
  }

  /// What is remembered is not to be trusted.
  func forget() {
    knownVersion = nil
    lastMoment = Moment(milliseconds: 0)
  }

  private func load() throws {
    let queries = SQLQueries(connection)
    audit = try AuditChain.loaded(from: queries)
    lastDocument = try connection.first(Queries.lastDocument) { $0.integer(0) } ?? 0
    let entry = try connection.first(Queries.lastEntry) { $0.integer(0) } ?? 0
    let line = try connection.first(Queries.lastLine) { $0.integer(0) } ?? 0
    lastEntry = max(entry, line)
    lastMoment = try connection.first(Queries.lastAuditMoment) { $0.moment(0) } ?? lastMoment
    ids.forget()
  }
}

/// The statements of the busy path, prepared once.
final class WriteStatements {
  let document: PreparedStatement
  let content: PreparedStatement
  let line: PreparedStatement
  let entry: PreparedStatement
  let posting: PreparedStatement
  let audit: PreparedStatement
  let updatePosting: PreparedStatement
  let documentState: PreparedStatement
  let stateOfDocument: PreparedStatement
  let postingState: PreparedStatement
  let event: PreparedStatement
  let attempt: PreparedStatement
  let completeAttempt: PreparedStatement
  let documentOfIdentity: PreparedStatement
  let anyWait: PreparedStatement
  let openItemChange: PreparedStatement

  init(_ connection: StoreConnection) throws {
    document = try connection.prepareOnce(Statements.insertDocument)
    content = try connection.prepareOnce(Statements.insertContent)
    line = try connection.prepareOnce(Statements.insertLine)
    entry = try connection.prepareOnce(Statements.insertEntry)
    posting = try connection.prepareOnce(Statements.insertPosting)
    audit = try connection.prepareOnce(Statements.insertAudit)
    updatePosting = try connection.prepareOnce(Statements.updatePosting)
    documentState = try connection.prepareOnce(Statements.setDocumentState)
    stateOfDocument = try connection.prepareOnce(Queries.stateOfDocument)
    postingState = try connection.prepareOnce(Queries.stateOfPosting)
    event = try connection.prepareOnce(Statements.insertEvent)
    attempt = try connection.prepareOnce(Statements.insertAttempt)
    completeAttempt = try connection.prepareOnce(Statements.completeAttempt)
    documentOfIdentity = try connection.prepareOnce(Queries.document)
    anyWait = try connection.prepareOnce(Queries.anyWait)
    openItemChange = try connection.prepareOnce(Statements.insertOpenItemChange)
  }
}

/// The row ids of texts that many rows share: why a line has its account, and the rules' version.
final class SharedTextIDs {
  private let connection: StoreConnection
  /// By object first: the lines that one row of the configuration decided share one.
  private var reasonObjects: [ObjectIdentifier: (reason: AccountReason, id: Int64)] = [:]
  private var reasons: [AccountReason: Int64] = [:]
  private var rulesVersions: [String: Int64] = [:]

  /// More rows than this are looked up in the database again.
  private static let maximumRemembered = 50_000

  init(_ connection: StoreConnection) throws { self.connection = connection }

  func forget() {
    reasonObjects.removeAll()
    reasons.removeAll()
    rulesVersions.removeAll()
  }

  func id(of reason: AccountReason) throws -> Int64 {
    if let known = reasonObjects[ObjectIdentifier(reason)] { return known.id }
    if reasonObjects.count >= SharedTextIDs.maximumRemembered { forget() }
    let id = try reasons[reason] ?? store(reason)
    reasons[reason] = id
    reasonObjects[ObjectIdentifier(reason)] = (reason, id)
    return id
  }

  func id(ofRulesVersion version: String) throws -> Int64 {
    if let known = rulesVersions[version] { return known }
    try connection.run(Statements.insertRulesVersion) { $0.bind(version) }
    let id = try found(
      connection.first(Queries.rulesVersion) {
        $0.bind(version)
      } read: {
        $0.integer(0)
      })
    rulesVersions[version] = id
    return id
  }

  private func store(_ reason: AccountReason) throws -> Int64 {
    func bind(_ statement: PreparedStatement) {
      statement.bind(reason.table)
      statement.bind(reason.row)
      statement.bind(reason.because)
    }
    try connection.run(Statements.insertReason, bind)
    return try found(connection.first(Queries.reasonID, bind) { $0.integer(0) })
  }

  private func found(_ id: Int64?) throws -> Int64 {
    guard let id else { throw StoreFault.missing("text just stored", file: connection.file) }
    return id
  }
}
