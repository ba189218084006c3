package import Foundation
import GRDB
import GRDBSQLite

/// The yardstick of intake: the rows that documents caused, inserted again by a bare loop over
/// prepared statements into a fresh store with the same schema, indexes, triggers and settings.
///
/// Everything is in memory before the clock starts. The target is not a store to go on with.
package struct BareInsert: Sendable {
  /// One value of a row.
  private struct Cell {
    enum Kind: UInt8 { case null, integer, text, bytes }

    var kind: Kind
    /// Bytes in `heap`, for text and bytes.
    var length: Int32
    /// The integer, or where the bytes begin.
    var payload: Int64
  }

  /// Rows of one table in the order of their documents.
  private struct Rows {
    var insert: String
    var width = 0
    /// The document of each row.
    var documents: [Int64] = []
    var cells: [Cell] = []
  }

  private var tables: [Rows] = []
  private var heap: [UInt8] = []
  /// Documents read.
  package private(set) var documents = 0

  /// Rows read, of all tables.
  package var rows: Int { tables.reduce(0) { $0 + $1.documents.count } }

  /// Reads the rows of the first `limit` documents of a store.
  ///
  /// - Throws: ``Problem``.
  package init(from store: SQLStore, limit: Int) throws {
    self = try store.queries { queries in
      var result = BareInsert()
      for table in BareInsert.contents {
        result.tables.append(try result.read(table, limit: limit, queries.connection))
      }
      result.documents =
        result.tables.first { $0.insert.hasPrefix("INSERT INTO documents ") }
        .map(\.documents.count) ?? 0
      return result
    }
  }

  private init() {}

  /// Inserts the rows into a store made at `target`.
  ///
  /// - Returns: how long the loop took, commits included and opening excluded.
  /// - Throws: ``Problem``.
  package func run(
    into target: URL, documentsPerCommit: Int, settings: SQLStoreSettings = SQLStoreSettings(),
    clock: ContinuousClock = ContinuousClock()
  ) throws -> Duration {
    precondition(documentsPerCommit > 0, "a commit holds a document")
    let store = try SQLStore(file: target, settings: settings)
    return try store.pool.writeWithoutTransaction { database in
      let statements = try tables.map { try database.makeStatement(sql: $0.insert) }
      return try heap.withUnsafeBytes { heap in
        try clock.measure {
          do {
            try insertAll(statements, heap, documentsPerCommit, database)
          } catch {
            throw StoreFault.translated(error, file: store.file)
          }
        }
      }
    }
  }

  private func insertAll(
    _ statements: [GRDB.Statement], _ heap: UnsafeRawBufferPointer, _ documentsPerCommit: Int,
    _ database: Database
  ) throws {
    let handles = statements.map(\.sqliteStatement)
    let last = Int64(tables.compactMap(\.documents.last).max() ?? 0)
    var next = Array(repeating: 0, count: tables.count)
    var document: Int64 = 0
    while document <= last {
      let end = document + Int64(documentsPerCommit)
      try database.inTransaction(.immediate) {
        while document < end, document <= last {
          for (index, table) in tables.enumerated() {
            while next[index] < table.documents.count, table.documents[next[index]] == document {
              try insert(next[index], of: table, handles[index], heap)
              next[index] += 1
            }
          }
          document += 1
        }
        return .commit
      }
    }
  }

  private func insert(
    _ row: Int, of table: Rows, _ handle: OpaquePointer, _ heap: UnsafeRawBufferPointer
  ) throws {
    let start = row * table.width
    for column in 0..<table.width {
      let cell = table.cells[start + column]
      let position = Int32(column + 1)
      switch cell.kind {
      case .null: sqlite3_bind_null(handle, position)
      case .integer: sqlite3_bind_int64(handle, position, cell.payload)
      case .text:
        let text = heap.baseAddress?.advanced(by: Int(cell.payload))
          .assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(handle, position, text, cell.length, nil)
      case .bytes:
        let bytes = heap.baseAddress?.advanced(by: Int(cell.payload))
        sqlite3_bind_blob(handle, position, bytes, cell.length, nil)
      }
    }
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE else {
      let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
      sqlite3_reset(handle)
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
    sqlite3_reset(handle)
  }

  // MARK: - Reading

  /// A table, what it is filled from, and the document that a row is inserted with.
  private typealias Table = (name: String, from: String, document: String)

  /// In an order that satisfies every reference. A row that refers to two documents goes with the
  /// later one; shared rows go before the first document, as 0.
  private static let contents: [Table] = [
    ("rules_versions", "rules_versions t", "0"),
    ("reasons", "reasons t", "0"),
    ("documents", "documents t", "t.number"),
    ("contents", "contents t", "t.document"),
    ("entry_lines", "entry_lines t JOIN entries e ON e.number = t.entry", "e.document"),
    ("entries", "entries t", "t.document"),
    ("postings", "postings t", "t.document"),
    (
      "posting_order",
      """
      posting_order t JOIN postings p ON p.number = t.posting
      JOIN postings q ON q.number = t.after
      """, "max(p.document, q.document)"
    ),
    ("open_item_changes", "open_item_changes t", "max(t.item, t.by_document)"),
    ("exceptions", "exceptions t", "t.document"),
    ("document_waits", "document_waits t", "t.document"),
    ("awaited", "awaited t", "t.document"),
    ("audit", "audit t", "t.document"),
    ("events", "events t", "t.document"),
  ]

  private mutating func read(
    _ table: Table, limit: Int, _ connection: StoreConnection
  ) throws -> Rows {
    let columns = try connection.all("SELECT name FROM pragma_table_info(?) ORDER BY cid") {
      $0.bind(table.name)
    } read: {
      $0.text(0)
    }
    let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    let names = columns.joined(separator: ", ")
    var rows = Rows(insert: "INSERT INTO \(table.name) (\(names)) VALUES (\(marks))")
    rows.width = columns.count
    let selected = columns.map { "t.\($0)" }.joined(separator: ", ")
    let statement = try connection.prepare(
      """
      SELECT \(table.document) AS unit, \(selected) FROM \(table.from)
      WHERE \(table.document) <= ? ORDER BY unit
      """)
    statement.bind(limit)
    while try statement.next() {
      rows.documents.append(statement.integer(0))
      for column in 1...Int32(columns.count) { rows.cells.append(keep(statement, column)) }
    }
    return rows
  }

  private mutating func keep(_ statement: PreparedStatement, _ column: Int32) -> Cell {
    switch statement.kind(column) {
    case SQLITE_NULL: return Cell(kind: .null, length: 0, payload: 0)
    case SQLITE_INTEGER:
      return Cell(kind: .integer, length: 0, payload: statement.integer(column))
    case let kind:
      let bytes = statement.bytes(column)
      let start = Int64(heap.count)
      heap.append(contentsOf: bytes)
      return Cell(
        kind: kind == SQLITE_TEXT ? .text : .bytes, length: Int32(bytes.count), payload: start)
    }
  }
}
