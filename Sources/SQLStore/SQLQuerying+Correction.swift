import Ledger
import PostingEngine

extension SQLQuerying {
  func entries(from source: DocumentIdentity) throws -> [EntryRecord] {
    try EntryReader(connection).records(
      connection.all(CorrectionStatements.entriesFrom) {
        $0.bind(source)
        $0.bind(source)
      } read: {
        try $0.entryHead()
      })
  }

  func posting(of entry: PostingKey) throws -> StoredPosting? {
    try connection.first(CorrectionStatements.postingOfEntry) {
      $0.bind(entry.text)
    } read: {
      try $0.posting()
    }
  }

  func reversals(of entry: PostingKey) throws -> [PostingKey] {
    try connection.all(CorrectionStatements.reversals) {
      $0.bind(entry.text)
    } read: {
      try $0.key(0)
    }
  }

  func openItemChanges(on item: DocumentNumber) throws -> [StoredOpenItemChange] {
    try connection.all(CorrectionStatements.openItemChangesOn) {
      $0.bind(item.value)
    } read: {
      try $0.openItemChange()
    }
  }

  func users(of item: DocumentNumber) throws -> [DocumentNumber] {
    try connection.all(CorrectionStatements.users) {
      $0.bind(item.value)
    } read: {
      DocumentNumber($0.integer(0))
    }
  }
}

extension SQLTransaction {
  func insertUse(of item: DocumentNumber, by document: DocumentNumber) throws {
    try change {
      try connection.run(CorrectionStatements.insertUse) {
        $0.bind(item.value)
        $0.bind(document.value)
      }
    }
  }
}

private enum CorrectionStatements {
  /// An entry repeats its source only where it is not that of the document inserted with it.
  static let entriesFrom = """
    SELECT \(Queries.entryColumns) FROM \(Queries.entryTables)
    WHERE e.source IS NULL AND e.document IN (
      SELECT number FROM documents WHERE source = ? AND type = ? AND id = ?)
    UNION ALL
    SELECT \(Queries.entryColumns) FROM \(Queries.entryTables)
    WHERE e.source = ? AND e.source_type = ? AND e.source_id = ?
    ORDER BY 1
    """
  static let postingOfEntry = """
    SELECT \(Queries.postingColumns) FROM entries k JOIN postings p ON p.number = k.number
    WHERE k.key = ?
    """
  static let reversals = """
    SELECT key FROM entries WHERE reverses = ? AND kind = 'reversal' ORDER BY number
    """
  static let openItemChangesOn = """
    SELECT item, part, by_document, amount, currency, functional, functional_currency, ledger,
      posting_date, entity, partner
    FROM open_item_changes WHERE item = ? ORDER BY number
    """
  static let users = "SELECT by_document FROM document_uses WHERE item = ? ORDER BY by_document"
  static let insertUse = """
    INSERT INTO document_uses (item, by_document) VALUES (?, ?)
    ON CONFLICT (item, by_document) DO NOTHING
    """
}
