import AdapterKit
import Foundation
import Ledger
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// A store in a folder of its own, rules, a simulated clock, and ERPs to post into.
final class EngineFixture: Sendable {
  let folder: TemporaryFolder
  let store: any PostingStore
  let clock: Simulation

  init(clock: Simulation = Simulation()) throws {
    self.clock = clock
    folder = try TemporaryFolder("engine")
    store = try SQLStore(file: folder.url.appendingPathComponent("postern.sqlite"))
  }

  func acceptance(_ book: RuleBook = Sample.book()) -> Acceptance {
    Acceptance(ruleBook: book, installation: "test")
  }

  @discardableResult
  func accept(
    _ document: Document, _ book: RuleBook = Sample.book()
  ) throws -> Verdict {
    let acceptance = acceptance(book)
    var converter = acceptance.makeConverter()
    let prepared = try acceptance.prepare(document, using: &converter)
    return try store.write {
      try acceptance.accept(prepared, at: clock.now, using: &converter, in: $0)
    }
  }

  func reconvert(_ identity: DocumentIdentity, _ book: RuleBook) throws -> Verdict? {
    let acceptance = acceptance(book)
    var converter = acceptance.makeConverter()
    return try store.write { transaction throws in
      let stored = try #require(try transaction.document(identity))
      return try acceptance.reconvert(
        stored.number, at: clock.now, actor: "test", using: &converter, in: transaction)
    }
  }

  func germany(
    _ erp: FakeERP, limits: ConnectionLimits = ConnectionLimits(),
    policy: RetryPolicy = RetryPolicy(), descriptor: AdapterDescriptor = .fake(),
    id: ConnectionID = Sample.germanERP
  ) -> EngineConnection {
    EngineConnection(
      id: id, adapter: FindingAdapter(erp: erp, descriptor: descriptor),
      limits: limits, policy: policy, callTimeout: .seconds(30))
  }

  func engine(
    _ connections: [EngineConnection], seed: UInt64 = 1, store: (any PostingStore)? = nil
  ) -> PostingEngine {
    let store = store ?? self.store
    return PostingEngine(
      store: store, commit: GroupCommit(store: store, schedule: clock.schedule),
      connections: connections, clock: clock, seed: seed)
  }

  /// Runs until nothing is due.
  func run(_ connections: EngineConnection..., seed: UInt64 = 1) async throws {
    let engine = engine(connections, seed: seed)
    try await clock.run { try await engine.run(until: .idle) }
  }

  // MARK: What is there

  func document(_ identity: DocumentIdentity) throws -> StoredDocument {
    try store.read { try #require(try $0.document(identity)) }
  }

  func state(_ type: DocumentType, _ id: String) throws -> DocumentState {
    try document(Sample.identity(type, id)).state
  }

  func revision(_ type: DocumentType, _ id: String, _ revision: Int) throws -> StoredDocument {
    try store.read { queries in
      try #require(
        try queries.revisions(of: Sample.identity(type, id)).first { $0.revision == revision })
    }
  }

  func postings(_ type: DocumentType, _ id: String) throws -> [StoredPosting] {
    let document = try document(Sample.identity(type, id))
    return try store.read { try $0.postings(of: document.number) }
  }

  func posting(_ type: DocumentType, _ id: String) throws -> StoredPosting {
    try #require(try postings(type, id).first)
  }

  func entries(_ document: StoredDocument) throws -> [EntryRecord] {
    try store.read { try $0.entries(of: document.number) }
  }

  func attempts(_ posting: StoredPosting) throws -> [Attempt] {
    try store.read { try $0.attempts(of: posting.number) }
  }

  func open(
    _ type: DocumentType, _ id: String, _ part: StoredOpenItemChange.Part = .receivable
  ) throws -> String {
    let document = try document(Sample.identity(type, id))
    return try store.read { try $0.openAmount(of: document.number, part: part) }.text
  }

  func exceptions(_ state: ExceptionState? = .open) throws -> [PostingException] {
    var filter = ListFilter()
    filter.state = state?.rawValue
    filter.limit = ListFilter.maximumLimit
    return try store.read { try $0.exceptions(filter) }
  }

  var classes: [String] { get throws { try exceptions().map(\.exceptionClass) } }

  func actions(_ type: DocumentType, _ id: String) throws -> [String] {
    let document = try document(Sample.identity(type, id))
    return try store.read { try $0.audit(of: document.number) }.map(\.action)
  }

  /// Sets a posting to what an earlier run left behind.
  func set(
    _ posting: StoredPosting, _ change: (inout StoredPosting) -> Void
  ) throws {
    try store.write { transaction throws in
      var stored = try #require(try transaction.posting(posting.number))
      change(&stored)
      try transaction.update(stored)
    }
  }

  func decide(
    _ body: (ExceptionDecision, PostingException, any PostingTransaction) throws -> Void
  ) throws {
    let exception = try #require(try exceptions().first)
    try store.write { try body(ExceptionDecision(actor: "anna"), exception, $0) }
  }

  @discardableResult
  func retryAll(
    _ book: RuleBook = Sample.book(), _ selection: ExceptionSelection = ExceptionSelection(),
    isDryRun: Bool = false
  ) async throws -> [ExceptionActionRun.Row] {
    try await act(.retry, selection, book, isDryRun: isDryRun)
  }

  func actions(
    by actor: String = "anna", _ book: RuleBook = Sample.book(),
    policy: ExceptionPolicy = .standard
  ) -> ExceptionActionRun {
    ExceptionActionRun(
      store: store, commit: GroupCommit(store: store), acceptance: acceptance(book),
      policy: policy, clock: clock, actor: actor)
  }

  @discardableResult
  func act(
    _ action: ExceptionAction, _ selection: ExceptionSelection = ExceptionSelection(),
    _ book: RuleBook = Sample.book(), isDryRun: Bool = false
  ) async throws -> [ExceptionActionRun.Row] {
    try await actions(book).run(action, selection, isDryRun: isDryRun).rows
  }
}
