package import Ledger

/// The durable memory of documents, entries and postings.
///
/// Synchronous, so that a simulator can drive everything on one thread; a thin asynchronous shell
/// (``GroupCommit``) calls it from one place.
package protocol PostingStore: AnyObject, Sendable {
  /// Runs `body` in one transaction that is durable when this returns, and undone when it throws.
  func write<Result>(_ body: (any PostingTransaction) throws -> Result) throws -> Result

  /// Runs `body` on one consistent state, beside the writer.
  func read<Result>(_ body: (any PostingQueries) throws -> Result) throws -> Result

  /// Takes the right to run the engine on this store, until the process ends.
  ///
  /// - Throws: ``Problem`` `engine_running` when another process has it.
  func lockForEngine() throws
}

/// What can be asked.
package protocol PostingQueries: ConnectionQueries, CorrectionQueries,
  DocumentsWithoutEntriesQueries, EventQueries,
  EvidenceQueries, ExceptionQueries, HistoryQueries, IntercompanyQueries, NoticeQueries,
  OpenItemQueries,
  SagaQueries, ScheduleQueries, TrialQueries, SummaryQueries, ActivationQueries, ReceivableQueries,
  UsageQueries
{
  /// The latest revision of a document.
  func document(_ identity: DocumentIdentity) throws -> StoredDocument?
  func document(_ number: DocumentNumber) throws -> StoredDocument?
  /// Every revision, the latest last.
  func revisions(of identity: DocumentIdentity) throws -> [StoredDocument]
  /// The canonical JSON of a document.
  func content(of document: DocumentNumber) throws -> [UInt8]
  func entries(of document: DocumentNumber) throws -> [EntryRecord]
  func entry(_ key: PostingKey) throws -> EntryRecord?
  func entries(_ keys: [PostingKey]) throws -> [PostingKey: EntryRecord]
  func postings(of document: DocumentNumber) throws -> [StoredPosting]
  func posting(_ number: PostingNumber) throws -> StoredPosting?
  func attempts(of posting: PostingNumber) throws -> [Attempt]
  func openExceptions(of document: DocumentNumber) throws -> [PostingException]
  func openExceptions(of posting: PostingNumber) throws -> [PostingException]
  func wait(of document: DocumentNumber) throws -> DocumentWait?

  /// Whether any document waits at all: spares the look-ups below on the busy path.
  func anyDocumentWaits() throws -> Bool
  func documentsWaiting(for identity: DocumentIdentity) throws -> [DocumentNumber]
  func documentsWaiting(for reason: WaitingReason) throws -> [DocumentNumber]
  /// Documents whose time limit is over.
  func waitsEnded(by now: Moment) throws -> [DocumentWait]
  /// Postings that wait for this one, whatever else they wait for.
  func postingsWaiting(for posting: PostingNumber) throws -> [PostingNumber]
  /// Of those that `posting` waits for, the ones not posted yet.
  func unpostedPredecessors(of posting: PostingNumber) throws -> [PostingNumber]

  /// Claimable postings of a connection in the order of acceptance: `due`, `waiting` for backoff
  /// or quota whose time has come, and `unknown` whose quiet period is over.
  func claimable(_ connection: ConnectionID, at now: Moment, limit: Int) throws -> [StoredPosting]
  /// `submitted` postings of a connection whose next poll is due.
  func pollable(_ connection: ConnectionID, at now: Moment, limit: Int) throws -> [StoredPosting]
  /// Postings in hand, to be sent, looked up or polled, whose lease lapsed before `now`, of all
  /// connections.
  func lapsed(at now: Moment, limit: Int) throws -> [StoredPosting]
  /// The earliest moment at which a posting of the connection becomes claimable or pollable; nil
  /// when none will by time alone.
  func nextDue(_ connection: ConnectionID) throws -> Moment?
  /// Whether time alone makes a posting that is not posted yet claimable or pollable by `moment`.
  func isOpenWorkDue(_ connection: ConnectionID, by moment: Moment) throws -> Bool
  func pausedConnections() throws -> [ConnectionID: String]

  // Lists, newest last, in pages: rows after `cursor`, at most `limit`.
  func documents(_ filter: ListFilter) throws -> [StoredDocument]
  func entries(_ filter: ListFilter) throws -> [ListedEntry]
  func postings(_ filter: ListFilter) throws -> [StoredPosting]
  func exceptions(_ filter: ListFilter) throws -> [PostingException]
  func refused(_ filter: ListFilter) throws -> [RefusedIntake]
  func audit(of document: DocumentNumber) throws -> [AuditRecord]
  /// Documents, entries, postings and open exceptions by entity and state.
  func counts() throws -> [StoreCount]
  /// Debits and credits by entity and connection in functional currency, of entries posted.
  func totals() throws -> [EntityTotal]
  func apiKeys() throws -> [StoredAPIKey]
  func apiKey(hash: [UInt8]) throws -> StoredAPIKey?
}

/// What can be changed, in one transaction.
package protocol PostingTransaction: PostingQueries, ConnectionTransaction, CorrectionTransaction,
  DocumentsWithoutEntriesTransaction,
  EvidenceChanges, ExceptionChanges, NoticeChanges, SagaTransaction, ScheduleTransaction,
  SummaryTransaction, ActivationTransaction, UsageTransaction
{
  /// Also adds the ``DocumentEvent`` that tells of it.
  func insert(_ document: NewDocument) throws -> DocumentNumber
  /// Stores an entry with its lines; the database refuses one that does not balance.
  func insert(_ record: EntryRecord, of document: DocumentNumber) throws
  func insert(_ posting: NewPosting) throws -> PostingNumber
  func insert(_ exception: PostingException) throws
  func insert(_ wait: DocumentWait) throws
  func insert(_ change: StoredOpenItemChange) throws
  func insert(_ refused: RefusedIntake) throws
  func insert(_ attempt: Attempt) throws
  func insert(_ key: StoredAPIKey) throws
  /// Appends to the hash chain.
  func append(_ record: AuditRecord) throws

  /// Also adds the ``DocumentEvent`` that tells of it.
  func setState(_ state: DocumentState, of document: DocumentNumber) throws
  /// After a document that had stopped or waited was converted.
  func setConversion(
    receivable: Carrying?, rate: ExchangeRate?, of document: DocumentNumber) throws
  /// Replaces every changeable field of the posting.
  func update(_ posting: StoredPosting) throws
  /// Completes an attempt that was inserted before.
  func complete(_ attempt: Attempt) throws
  func removeWait(of document: DocumentNumber) throws
  func resolve(exception id: Int64, at now: Moment) throws
  /// `detail` says by whom and why; nil resumes.
  func pause(_ connection: ConnectionID, detail: String?) throws
  func revokeAPIKey(_ id: String, at now: Moment) throws -> Bool
}
