import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct RefusalTests {
  let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  @Test(arguments: [
    "UPDATE entries SET posting_date = '2026-01-01'",
    "UPDATE entries SET functional_total = 1",
    "DELETE FROM entries",
    "INSERT OR REPLACE INTO entries SELECT * FROM entries",
    "UPDATE entry_lines SET amount = 1",
    "UPDATE entry_lines SET account = '9999' WHERE number = 1",
    "DELETE FROM entry_lines WHERE number = 1",
    """
    INSERT INTO entry_lines (entry, number, role, account, side, amount, functional_amount, reason)
    VALUES (1, 4, 'revenue', '1', 1, 0, 0, 1)
    """,
    """
    INSERT OR REPLACE INTO entry_lines (entry, number, role, account, side, amount,
      functional_amount, reason)
    VALUES (1, 1, 'revenue', '1', 1, 0, 0, 1)
    """,
    "UPDATE documents SET content_hash = x'00'",
    "UPDATE documents SET reference = 'x'",
    "DELETE FROM documents",
    "UPDATE contents SET content = x'00'",
    "INSERT OR REPLACE INTO contents (document, content) VALUES (1, x'00')",
    "DELETE FROM contents",
    "UPDATE audit SET detail = 'x'",
    "DELETE FROM audit",
    "INSERT OR REPLACE INTO audit SELECT * FROM audit",
    "UPDATE open_item_changes SET amount = 1",
    "DELETE FROM open_item_changes",
    "UPDATE reasons SET because = 'x'",
    "DELETE FROM reasons",
    "UPDATE rules_versions SET version = 'x'",
    "DELETE FROM rules_versions",
    "DELETE FROM postings",
  ])
  func `the database refuses to change or delete what is stored`(sql: String) throws {
    let (document, _) = try fixture.accept(Sample("A"))
    try fixture.store.write {
      try $0.insert(
        StoredOpenItemChange(
          item: document, part: .receivable, by: document, amount: Sample.euros(-1)))
    }
    let outside = try fixture.outside()
    // As a tool does that does not care for references.
    try outside.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF") }
    let error = #expect(throws: DatabaseError.self) {
      try outside.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
    #expect(error?.message?.contains("_immutable") == true || error?.message == "entry_exists")
    #expect(try fixture.store.integrityCheck() == [])
  }

  @Test(arguments: [
    ("an account too much on one side", "(2, 1, 'bank', '1', 1, 100, 100, 1)", 1, 100),
    (
      "transaction currency out of balance",
      "(2, 1, 'bank', '1', 1, 100, 100, 1), (2, 2, 'bank', '2', -1, 99, 100, 1)", 2, 100
    ),
    (
      "functional currency out of balance",
      "(2, 1, 'bank', '1', 1, 100, 100, 1), (2, 2, 'bank', '2', -1, 100, 99, 1)", 2, 100
    ),
    (
      "fewer lines than announced",
      "(2, 1, 'bank', '1', 1, 100, 100, 1), (2, 2, 'bank', '2', -1, 100, 100, 1)", 3, 100
    ),
    (
      "another total than announced",
      "(2, 1, 'bank', '1', 1, 100, 100, 1), (2, 2, 'bank', '2', -1, 100, 100, 1)", 2, 101
    ),
  ])
  func `the database refuses an entry that does not balance`(
    fault: String, lines: String, count: Int, total: Int
  ) throws {
    try fixture.accept(Sample("A"))
    let outside = try fixture.outside()
    let error = #expect(throws: DatabaseError.self, "\(fault)") {
      try outside.write { database in
        try database.execute(sql: RefusalTests.insertLines + lines)
        try database.execute(sql: RefusalTests.copyEntry(count: count, total: total))
      }
    }
    #expect(error?.message == "entry_unbalanced")
  }

  @Test func `the database takes an entry that balances`() throws {
    try fixture.accept(Sample("A"))
    try fixture.outside().write { database in
      try database.execute(
        sql: RefusalTests.insertLines
          + "(2, 1, 'bank', '1', 1, 100, 90, 1), (2, 2, 'bank', '2', -1, 100, 90, 1)")
      try database.execute(sql: RefusalTests.copyEntry(count: 2, total: 90))
    }
    #expect(try fixture.store.integrityCheck() == [])
  }

  @Test(arguments: [0, 1]) func `the database refuses an entry without lines`(count: Int) throws {
    try fixture.accept(Sample("A"))
    #expect(throws: DatabaseError.self) {
      try fixture.runOutside(RefusalTests.copyEntry(count: count, total: 0))
    }
  }

  @Test(arguments: [
    "(2, 1, 'bank', '1', 2, 100, 100, 1)", "(2, 1, 'bank', '1', 1, -1, 100, 1)",
    "(2, 1, 'bank', '1', 1, 1, -1, 1)", "(2, 1, 'bank', '1', 1, 'much', 1, 1)",
  ])
  func `the database refuses a line that is no line`(values: String) throws {
    #expect(throws: DatabaseError.self) {
      try fixture.runOutside(RefusalTests.insertLines + values)
    }
  }

  private static let insertLines = """
    INSERT INTO entry_lines (entry, number, role, account, side, amount, functional_amount, reason)
    VALUES
    """

  /// Entry 2, like entry 1 but for its key and what it announces.
  private static func copyEntry(count: Int, total: Int) -> String {
    """
    INSERT INTO entries SELECT 2, 'AAAAAAAAAAAAAAAA', entry_set, document, entity, ledger, kind,
      posting_date, document_date, currency, functional_currency, rate, reference, description,
      source, source_type, source_id, source_revision, sequence, reverses, rules_version,
      \(count), \(total), moved_from FROM entries
    """
  }

  @Test func `lines left by somebody else do not get into the next entry`() throws {
    try fixture.accept(Sample("A"))
    try fixture.runOutside(
      RefusalTests.insertLines
        + "(2, 8, 'bank', '1', 1, 5, 5, 1), (2, 9, 'bank', '2', -1, 5, 5, 1)")
    try fixture.accept(Sample("B"))
    let record = try Sample("B").record()
    #expect(try fixture.store.read { try $0.entry(record.key) } == record)
    let problems = try fixture.store.integrityCheck()
    #expect(problems.map(\.code) == ["store_corrupt"])
    #expect(problems.first?.detail.contains("2 lines belong to no entry") == true)
  }

  @Test func `the store refuses a second document of one identity and revision`() throws {
    try fixture.accept(Sample("A"))
    let problem = #expect(throws: Problem.self) {
      try fixture.store.write { try $0.insert(Sample("A").document) }
    }
    #expect(problem?.code == "document_exists")
  }

  @Test func `the store refuses a second entry of one key`() throws {
    let (document, _) = try fixture.accept(Sample("A"))
    let record = try Sample("A").record()
    let problem = #expect(throws: Problem.self) {
      try fixture.store.write { try $0.insert(record, of: document) }
    }
    #expect(problem?.code == "entry_exists")
  }

  @Test func `the store refuses an entry without lines`() throws {
    let sample = Sample("A")
    let head = try sample.record().entry.head
    let empty = EntryRecord(
      key: sample.key, set: sample.key, entry: try JournalEntry(head, lines: []))
    let problem = #expect(throws: Problem.self) {
      try fixture.store.write { transaction throws in
        let number = try transaction.insert(sample.document)
        try transaction.insert(empty, of: number)
      }
    }
    #expect(problem?.code == "entry_without_lines")
    #expect(try fixture.store.read { try $0.document(sample.identity) } == nil)
  }

  @Test func `the store refuses a second posting of an entry and one of no entry`() throws {
    let (document, _) = try fixture.accept(Sample("A"))
    for id in ["A", "none"] {
      #expect(throws: Problem.self) {
        try fixture.store.write {
          try $0.insert(
            NewPosting(
              entry: Sample(id).key, document: document, entity: Sample("A").entity,
              connection: Sample.erp))
        }
      }
    }
  }

  @Test func `after a refused change the transaction can only be undone`() throws {
    try fixture.accept(Sample("A"))
    let problem = #expect(throws: Problem.self) {
      try fixture.store.write { transaction throws in
        _ = try Sample("B").accept(in: transaction)
        _ = try? transaction.insert(Sample("A").document)
        _ = try? Sample("C").accept(in: transaction)
      }
    }
    #expect(problem?.code == "document_exists")
    #expect(try fixture.store.read { try $0.documents(ListFilter()) }.count == 1)
    try fixture.accept(Sample("B"))
    #expect(try fixture.store.integrityCheck() == [])
  }

  @Test func `a transaction that throws leaves nothing and the numbers go on`() throws {
    struct Stop: Error {}
    try fixture.accept(Sample("A"))
    #expect(throws: Stop.self) {
      try fixture.store.write { transaction throws in
        _ = try Sample("B").accept(in: transaction)
        throw Stop()
      }
    }
    let (document, posting) = try fixture.accept(Sample("C"))
    #expect(document == DocumentNumber(2))
    #expect(posting == PostingNumber(2))
    #expect(try fixture.store.verifyAuditChain() == nil)
    let record = try Sample("C").record()
    #expect(try fixture.store.read { try $0.entry(record.key) } == record)
  }

  @Test(arguments: [PostingState.posted, .cancelled, .reversed])
  func `a posting that is done does not start again`(state: PostingState) throws {
    let (_, number) = try fixture.accept(Sample("A"))
    try fixture.update(number) { $0.state = state }
    let problem = #expect(throws: Problem.self) {
      try fixture.update(number) { $0.state = .due }
    }
    #expect(problem?.code == "posting_final")
  }

  @Test func `a posted posting may be reversed and keeps taking receipts`() throws {
    let (_, number) = try fixture.accept(Sample("A"))
    try fixture.update(number) { $0.state = .posted }
    try fixture.update(number) { $0.attemptCount = 2 }
    try fixture.update(number) { $0.state = .reversed }
    #expect(try fixture.store.read { try $0.posting(number) }?.state == .reversed)
  }
}
