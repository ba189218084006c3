import Digest
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct CheckpointTests {
  let fixture: StoreFixture
  let notary: Notary

  /// RFC 8032, section 7.1, test 2.
  static let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
    -----END PRIVATE KEY-----
    """

  init() throws {
    fixture = try StoreFixture()
    let key = try #require(SigningKey(pem: CheckpointTests.pem))
    notary = Notary(installation: "test-installation", key: key, every: 3)
  }

  private func append(_ numbers: ClosedRange<Int>) throws {
    try fixture.store.write { transaction in
      for number in numbers {
        try transaction.append(
          AuditRecord(
            at: Moment(milliseconds: Int64(number)), actor: "engine", action: "test",
            detail: "\(number)"))
      }
    }
  }

  private func sign() throws -> SignedCheckpoint? {
    let signed = try fixture.store.write {
      try notary.sign(at: Moment(milliseconds: 1_000), in: $0)
    }
    if let signed { try CheckpointFile(of: fixture.store).add([signed]) }
    return signed
  }

  private func problem() throws -> Problem? {
    try fixture.store.verifyAudit(with: CheckpointCheck(key: notary.publicKey)).1
  }

  private func tamper(_ sql: String) throws {
    try fixture.runOutside(
      """
      DROP TRIGGER audit_once; DROP TRIGGER audit_kept; DROP TRIGGER audit_unchanged;
      DROP TRIGGER checkpoint_kept; DROP TRIGGER checkpoint_unchanged;
      \(sql)
      """)
  }

  @Test func `a checkpoint is due after so many records, and signs each head once`() throws {
    #expect(try fixture.store.read { try !notary.isDue(in: $0) })
    #expect(try sign() == nil)
    try append(1...2)
    #expect(try fixture.store.read { try !notary.isDue(in: $0) })
    try append(3...3)
    #expect(try fixture.store.read { try notary.isDue(in: $0) })
    #expect(try sign()?.checkpoint.number == 3)
    #expect(try sign() == nil)
    #expect(try fixture.store.read { try !notary.isDue(in: $0) })
    try append(4...9)
    #expect(try sign()?.checkpoint.number == 9)
    #expect(try problem() == nil)
    #expect(try fixture.store.verifyAudit(with: CheckpointCheck(key: nil)).checkpoints == 2)
    #expect(
      CheckpointFile(of: fixture.store).read()
        == (try fixture.store.read {
          try $0.checkpoints()
        }))
  }

  @Test func `a tail that was cut off with care is missed by the file`() throws {
    try append(1...6)
    _ = try sign()
    // Somebody removes the last records, their checkpoint, and corrects what knows the end.
    let hash = try fixture.store.read { try $0.auditRecords(after: 3, limit: 1)[0].hash }
    try tamper(
      """
      DELETE FROM audit WHERE number > 4; DELETE FROM checkpoints;
      UPDATE meta SET value = '4 \(Hex.encode(hash))' WHERE name = 'audit_head';
      """)
    #expect(try fixture.store.verifyAuditChain() == nil)
    let found = try problem()
    #expect(found?.code == "audit_truncated")
    #expect(found?.detail.contains("ends with record 4, and record 6 ") == true)
  }

  @Test func `a chain that was written anew does not fit its checkpoint`() throws {
    try append(1...3)
    _ = try sign()
    try append(4...5)
    // Another history of the same length, whole in itself.
    let forged = try StoreFixture()
    try forged.store.write { transaction in
      for number in 1...5 {
        try transaction.append(
          AuditRecord(
            at: Moment(milliseconds: Int64(number)), actor: "engine", action: "test",
            detail: number == 2 ? "forged" : "\(number)"))
      }
    }
    try CheckpointFile(of: forged.store).add(CheckpointFile(of: fixture.store).read())
    #expect(try forged.store.verifyAuditChain() == nil)
    let found = try forged.store.verifyAudit(with: CheckpointCheck(key: notary.publicKey)).1
    #expect(found?.code == "audit_chain_broken")
    #expect(found?.detail.contains("Record 3 is not what was signed") == true)
  }

  @Test func `a checkpoint of somebody else's key is told from ours`() throws {
    try append(1...3)
    let other = try #require(
      SigningKey(pem: CheckpointTests.pem.replacing("EzNCJso", with: "EzNCJsp")))
    let foreign = Notary(installation: "test-installation", key: other, every: 1)
    _ = try fixture.store.write { try foreign.sign(at: Moment(milliseconds: 1), in: $0) }
    #expect(try problem()?.detail.contains("is not signed by this installation's key") == true)
  }

  @Test func `evidence is kept once, compressed, and comes back as it was`() throws {
    let text = Array(String(repeating: "<entry>1.00</entry>", count: 500).utf8)
    let hash = SHA256.hash(text).bytes
    try fixture.store.write { transaction in
      try transaction.keep(evidence: text, hash: hash)
      try transaction.keep(evidence: text, hash: hash)
      try transaction.keep(evidence: [], hash: SHA256.hash([]).bytes)
    }
    #expect(try fixture.store.read { try $0.evidence(hash) } == text)
    #expect(try fixture.store.read { try $0.evidence(SHA256.hash([]).bytes) } == [])
    #expect(try fixture.store.read { try $0.evidence(SHA256.hash([1]).bytes) } == nil)
    let problem = #expect(throws: (any Error).self) {
      try fixture.runOutside("DELETE FROM evidence")
    }
    #expect(problem != nil)
  }

  @Test func `records come with the bytes that their hashes are taken of`() throws {
    try append(1...3)
    let records = try fixture.store.read { try $0.auditRecords(after: 1, limit: 9) }
    #expect(records.map(\.number) == [2, 3])
    for record in records { #expect(SHA256.hash(record.bytes).bytes == record.hash) }
    #expect(Array(records[1].bytes.prefix(32)) == records[0].hash)
  }
}
