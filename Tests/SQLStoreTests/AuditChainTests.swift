import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct AuditChainTests {
  let fixture: StoreFixture

  init() throws {
    fixture = try StoreFixture()
    try fixture.store.write { transaction in
      for number in 1...5 { try transaction.append(AuditChainTests.record(number)) }
    }
  }

  private static func record(_ number: Int) -> AuditRecord {
    AuditRecord(
      at: Moment(milliseconds: Int64(number)), actor: "engine", action: "posting.posted",
      document: DocumentNumber(7), posting: number == 3 ? nil : PostingNumber(4),
      detail: "\(number)", evidence: number == 2 ? Array(repeating: 7, count: 32) : nil)
  }

  /// What somebody could do who is not stopped by triggers.
  private func tamper(_ sql: String) throws {
    try fixture.runOutside(
      """
      DROP TRIGGER audit_once; DROP TRIGGER audit_kept; DROP TRIGGER audit_unchanged;
      \(sql)
      """)
  }

  @Test func `a chain that nobody touched is whole`() throws {
    #expect(try fixture.store.verifyAuditChain() == nil)
    let empty = try StoreFixture()
    #expect(try empty.store.verifyAuditChain() == nil)
  }

  @Test func `more records than one page are verified`() throws {
    try fixture.store.write { transaction in
      for number in 6...2_100 { try transaction.append(AuditChainTests.record(number)) }
    }
    #expect(try fixture.store.verifyAuditChain() == nil)
    try tamper("UPDATE audit SET detail = 'x' WHERE number = 2050;")
    #expect(try fixture.store.verifyAuditChain()?.detail.contains("Record 2050 ") == true)
  }

  @Test(arguments: [
    ("UPDATE audit SET detail = 'x' WHERE number = 3;", 3),
    ("UPDATE audit SET actor = 'engin', action = 'eposting.posted' WHERE number = 3;", 3),
    ("UPDATE audit SET at = 9 WHERE number = 1;", 1),
    ("UPDATE audit SET document = posting, posting = document WHERE number = 2;", 2),
    ("UPDATE audit SET document = NULL WHERE number = 4;", 4),
    ("UPDATE audit SET evidence = zeroblob(32) WHERE number = 2;", 2),
    ("UPDATE audit SET evidence = NULL WHERE number = 2;", 2),
    ("UPDATE audit SET evidence = zeroblob(32) WHERE number = 4;", 4),
    ("UPDATE audit SET hash = zeroblob(32) WHERE number = 5;", 5),
    ("DELETE FROM audit WHERE number = 3;", 3),
    ("DELETE FROM audit WHERE number = 1;", 1),
    ("DELETE FROM audit WHERE number = 5;", 5),
    ("DELETE FROM audit;", 1),
    (
      "DELETE FROM audit WHERE number = 3; UPDATE audit SET number = number - 1 WHERE number > 3;",
      3
    ),
    (
      """
      UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;
      UPDATE audit SET number = 3 WHERE number = 99;
      """, 2
    ),
    (
      """
      INSERT INTO audit SELECT 6, at, actor, action, document, posting, detail, hash, evidence FROM
      audit WHERE number = 5;
      """, 6
    ),
    (
      """
      UPDATE audit SET number = 6 WHERE number = 5; INSERT INTO audit SELECT 5, at, actor, action,
      document, posting, detail, hash, evidence FROM audit WHERE number = 4;
      """, 5
    ),
  ])
  func `a change, removal, insertion or move is named`(sql: String, first: Int) throws {
    try tamper(sql)
    let problem = try fixture.store.verifyAuditChain()
    #expect(problem?.code == "audit_chain_broken")
    #expect(problem?.detail.contains("Record \(first) ") == true, "\(problem?.detail ?? "")")
  }

  @Test func `nothing is written behind a broken end, but reading goes on`() throws {
    try tamper("DELETE FROM audit WHERE number = 5;")
    for store in [fixture.store, try SQLStore(file: fixture.file)] {
      let problem = #expect(throws: Problem.self) {
        try store.write { try $0.append(AuditChainTests.record(6)) }
      }
      #expect(problem?.code == "audit_chain_broken")
      #expect(try store.read { try $0.audit(of: DocumentNumber(7)) }.count == 4)
    }
  }

  @Test func `a document's records include those that name only its posting`() throws {
    let (document, posting) = try fixture.accept(Sample("A"))
    let unrelated = AuditRecord(at: Moment(milliseconds: 1), actor: "a", action: "b")
    let attempt = AuditRecord(
      at: Moment(milliseconds: 2), actor: "engine", action: "posting.sent", posting: posting)
    try fixture.store.write { transaction in
      try transaction.append(unrelated)
      try transaction.append(attempt)
    }
    let records = try fixture.store.read { try $0.audit(of: document) }
    #expect(records.map(\.action) == ["document.accepted", "posting.sent"])
    #expect(records.last == attempt)
  }

  @Test func `every change of state is in the chain, in one record for a transaction`() throws {
    let fixture = try StoreFixture()
    let first = try fixture.accept(Sample("A"))
    let second = try fixture.accept(Sample("B"))
    try fixture.store.write { transaction throws in
      for (document, number) in [first, second] {
        var posting = try #require(try transaction.posting(number))
        posting.state = .sending
        try transaction.update(posting)
        // Written again without a change of state.
        posting.attemptCount += 1
        try transaction.update(posting)
        try transaction.setState(.posting, of: document)
      }
    }
    let details = try fixture.outside().read {
      try String.fetchAll($0, sql: "SELECT detail FROM audit WHERE action = 'states.changed'")
    }
    #expect(details == ["postings sending 1 2; documents posting 1 2"])
    #expect(try fixture.store.integrityCheck() == [])
  }
}
