import Ledger
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// Stores of the last version open, and mean the same.
@Suite struct MigrationTests {
  private let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  /// A document with one entry of what one entity owes another.
  @discardableResult
  private func accept(
    _ id: String, _ side: Side, _ amount: Int64, isCancelled: Bool = false
  ) throws -> DocumentNumber {
    let sample = Sample(id)
    let record = try sample.record()
    func line(_ role: AccountRole, _ side: Side) -> JournalLine {
      let line = sample.line(role, side, amount)
      return JournalLine(
        role: role, account: line.account, side: side, amount: line.amount,
        functionalAmount: line.amount,
        partner: role == .dueTo ? LegalEntityID("ACME-US") : nil,
        description: line.description, reason: line.reason)
    }
    let entry = try JournalEntry(
      record.entry.head,
      lines: [line(.dueTo, side), line(.revenue, side == .credit ? .debit : .credit)])
    return try fixture.store.write { transaction throws in
      let number = try transaction.insert(sample.document)
      try transaction.insert(
        EntryRecord(key: record.key, set: record.set, entry: entry), of: number)
      _ = try transaction.insert(
        NewPosting(
          entry: record.key, document: number, entity: sample.entity, connection: Sample.erp,
          state: isCancelled ? .cancelled : .due, reason: nil, after: []))
      return number
    }
  }

  /// Takes the store back to before its last step.
  private func forgetLastStep() throws {
    try fixture.runOutside(
      """
      DROP INDEX open_item_changes_of_dues;
      DROP TABLE documents_without_entries;
      ALTER TABLE open_item_changes DROP COLUMN entity;
      ALTER TABLE open_item_changes DROP COLUMN partner;
      DELETE FROM migrations WHERE name = '0011-dues';
      """)
  }

  @Test func `what entities owed each other is open by document, as the journal has it`() throws {
    try accept("A", .credit, 10_000)
    try accept("B", .debit, 2_500)
    try accept("C", .credit, 700, isCancelled: true)
    try forgetLastStep()
    let store = try SQLStore(file: fixture.file)
    let parties = DueParties(LegalEntityID("ACME-DE"), LegalEntityID("ACME-US"))
    let dues = try store.read {
      try $0.openDues(DueFilter(between: parties, through: Sample.day("2026-10-31")))
    }
    #expect(
      dues.map { "\($0.document.id) \($0.part.rawValue) \($0.item.open.amount.text)" } == [
        "A dueTo 100.00", "B dueTo -25.00",
      ])
    #expect(dues.allSatisfy { $0.parties == parties && $0.item.open.functional.minorUnits != 0 })
    let earlier = try store.read {
      try $0.openDues(DueFilter(through: Sample.day("2026-10-30")))
    }
    #expect(earlier.isEmpty)
  }

  @Test func `a document that has nothing to post is posted when the engine starts`() async throws {
    let empty = try fixture.store.write { try $0.insert(Sample("EMPTY").document) }
    let (full, _) = try fixture.accept(Sample("FULL"))
    try forgetLastStep()
    let store = try SQLStore(file: fixture.file)
    let engine = PostingEngine(
      store: store, commit: GroupCommit(store: store), connections: [], clock: WallClock(),
      seed: 1)
    try await engine.run(until: .idle)
    try store.read { queries throws in
      #expect(try queries.document(empty)?.state == .posted)
      #expect(try queries.document(full)?.state == .accepted)
      #expect(try queries.documentsWithoutEntries(limit: 10).isEmpty)
    }
  }
}
