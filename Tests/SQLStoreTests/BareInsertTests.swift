import Foundation
import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct BareInsertTests {
  @Test(arguments: [1, 3, 500])
  func `the yardstick writes the same rows`(documentsPerCommit: Int) throws {
    let fixture = try StoreFixture()
    var earlier: [PostingNumber] = []
    for index in 0..<10 {
      let accepted = try fixture.accept(
        Sample("\(index)"), state: earlier.isEmpty ? .due : .waiting,
        reason: earlier.isEmpty ? nil : .order, after: earlier)
      earlier = [accepted.posting]
      try fixture.store.write { transaction in
        try transaction.insert(
          StoredOpenItemChange(
            item: DocumentNumber(1), part: .receivable, by: accepted.document,
            amount: Sample.euros(-1)))
        try transaction.insert(
          DocumentWait(
            document: accepted.document, reason: .reference, references: [Sample("z").identity],
            detail: "", until: Moment(milliseconds: 1)))
      }
    }
    let bare = try BareInsert(from: fixture.store, limit: 8)
    #expect(bare.documents == 8)
    let target = fixture.folder.url.appendingPathComponent("bare.sqlite")
    #expect(try bare.run(into: target, documentsPerCommit: documentsPerCommit) > .zero)
    let copy = try DatabaseQueue(path: target.path)
    for (table, document) in [
      ("documents", "number"), ("contents", "document"), ("entries", "document"),
      ("entry_lines", "entry"), ("postings", "document"), ("posting_order", "posting"),
      ("open_item_changes", "by_document"), ("document_waits", "document"),
      ("awaited", "document"), ("audit", "document"), ("reasons", "1"), ("rules_versions", "1"),
    ] {
      let sql = "SELECT * FROM \(table) WHERE \(document) <= 8"
      let expected = try fixture.outside().read { try Row.fetchAll($0, sql: sql) }
      #expect(try copy.read { try Row.fetchAll($0, sql: sql) } == expected, "\(table)")
      #expect(!expected.isEmpty)
    }
    #expect(try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM documents") } == 8)
  }
}
