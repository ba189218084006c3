import Ledger
import PostingEngine

extension SQLQuerying {
  func entries(of document: DocumentNumber) throws -> [EntryRecord] {
    let reader = EntryReader(connection)
    return try reader.records(
      connection.all(Queries.entriesOfDocument) {
        $0.bind(document.value)
      } read: {
        try $0.entryHead()
      })
  }

  func entry(_ key: PostingKey) throws -> EntryRecord? {
    try entries([key])[key]
  }

  func entries(_ keys: [PostingKey]) throws -> [PostingKey: EntryRecord] {
    let reader = EntryReader(connection)
    var records: [PostingKey: EntryRecord] = [:]
    records.reserveCapacity(keys.count)
    for key in keys {
      let head = try connection.first(Queries.entry) {
        $0.bind(key.text)
      } read: {
        try $0.entryHead()
      }
      if let head { records[key] = try reader.record(head) }
    }
    return records
  }
}

/// An entry without its lines.
struct StoredEntryHead {
  var number: Int64
  var key: PostingKey
  var set: PostingKey
  var head: EntryHead
}

/// Adds lines to entries; lines of one read share the objects that say why.
final class EntryReader {
  private let connection: StoreConnection
  private var reasons: [Int64: AccountReason] = [:]

  init(_ connection: StoreConnection) { self.connection = connection }

  func records(_ heads: [StoredEntryHead]) throws -> [EntryRecord] { try heads.map(record) }

  func record(_ head: StoredEntryHead) throws -> EntryRecord {
    let lines = try connection.all(Queries.lines) {
      $0.bind(head.number)
    } read: {
      try line($0, of: head.head)
    }
    do throws(UnbalancedEntry) {
      let entry = try JournalEntry(head.head, lines: lines)
      return EntryRecord(key: head.key, set: head.set, entry: entry)
    } catch {
      throw StoreFault.unreadable(
        "entry \(head.key) is out of balance by \(error.transaction) and \(error.functional)",
        file: connection.file)
    }
  }

  private func line(_ row: PreparedStatement, of head: EntryHead) throws -> JournalLine {
    let hasTax = row.optionalText(6) != nil
    let hasDimensions = row.optionalText(7) != nil
    return JournalLine(
      role: try row.word(0), account: AccountCode(row.text(1)),
      side: row.integer(2) > 0 ? .debit : .credit,
      amount: Money(minorUnits: row.integer(3), head.currency),
      functionalAmount: Money(minorUnits: row.integer(4), head.functionalCurrency),
      party: row.optionalText(5), partner: row.optionalText(10).map { LegalEntityID($0) },
      tax: hasTax ? try row.tax(6) : nil,
      dimensions: hasDimensions ? try row.json(7).dimensions : [:],
      description: row.optionalText(8) ?? head.description, reason: try reason(row.integer(9)))
  }

  private func reason(_ id: Int64) throws -> AccountReason {
    if let known = reasons[id] { return known }
    let stored = try connection.first(Queries.reason) {
      $0.bind(id)
    } read: {
      AccountReason(table: $0.text(0), row: $0.count(1), because: $0.text(2))
    }
    guard let stored else { throw StoreFault.missing("reason \(id)", file: connection.file) }
    reasons[id] = stored
    return stored
  }
}

extension PreparedStatement {
  /// The columns of ``Queries/entryColumns``.
  func entryHead() throws -> StoredEntryHead {
    let identity = DocumentIdentity(source: text(13), type: try word(14), id: text(15))
    let head = EntryHead(
      legalEntity: LegalEntityID(text(3)), ledger: text(4), kind: try word(5),
      postingDate: try date(6), documentDate: try date(7), currency: try currency(8),
      functionalCurrency: try currency(9), rate: try optionalRate(10), reference: text(11),
      description: text(12),
      source: EntrySource(document: identity, revision: count(16), sequence: count(17)),
      reverses: optionalText(18), rulesVersion: text(19), movedFrom: try optionalDate(20))
    return StoredEntryHead(number: integer(0), key: try key(1), set: try key(2), head: head)
  }

  func tax(_ column: Int32) throws -> JournalLine.Tax {
    guard let tax = try json(column).tax else { throw unreadable(column, "a tax") }
    return tax
  }
}
