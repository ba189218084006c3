import GRDB
import Ledger

/// One connection inside a read or a write, as the queries see it.
final class StoreConnection {
  private let database: Database
  let file: String

  init(_ database: Database, file: String) {
    self.database = database
    self.file = file
  }

  /// A statement that the connection keeps prepared.
  func prepare(_ sql: String) throws -> PreparedStatement {
    try PreparedStatement(database.cachedStatement(sql: sql), file: file)
  }

  /// A statement for the caller to keep, which spares the look-up by its text.
  func prepareOnce(_ sql: String) throws -> PreparedStatement {
    try PreparedStatement(database.makeStatement(sql: sql), file: file, isBusy: true)
  }

  func run(_ sql: String, _ bind: (PreparedStatement) -> Void = { _ in }) throws {
    let statement = try prepare(sql)
    bind(statement)
    try statement.run()
  }

  func all<Row>(
    _ sql: String, _ bind: (PreparedStatement) -> Void = { _ in },
    read: (PreparedStatement) throws -> Row
  ) throws -> [Row] {
    let statement = try prepare(sql)
    bind(statement)
    return try statement.all(read)
  }

  func first<Row>(
    _ sql: String, _ bind: (PreparedStatement) -> Void = { _ in },
    read: (PreparedStatement) throws -> Row
  ) throws -> Row? {
    let statement = try prepare(sql)
    bind(statement)
    return try statement.first(read)
  }
}
