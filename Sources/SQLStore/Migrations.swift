import GRDB
import Ledger

/// One step from one version of the schema to the next. A released step never changes.
struct Migration {
  /// `0001-…`: what makes a step known.
  let name: String
  let sql: String
  /// What SQL cannot work out, done after it; nil for nothing.
  var fill: (@Sendable (Database) throws -> Void)?

  static let all = [
    Migration(
      name: "0001-documents-entries-postings", sql: Schema0001.tables + "\n" + Schema0001.triggers),
    Migration(
      name: "0002-functional-open-items", sql: Schema0002.columns, fill: Schema0002.fill),
    Migration(name: "0003-corrections-intercompany", sql: Schema0003.sql),
    Migration(name: "0004-schedules", sql: Schema0004.sql),
    Migration(name: "0005-activations-summaries", sql: Schema0005.sql),
    Migration(name: "0006-events-connections-periods", sql: Schema0006.sql),
    Migration(
      name: "0007-exceptions-alerts-evidence",
      sql: Schema0007.tables + "\n" + Schema0007.triggers),
    Migration(
      name: "0008-usage", sql: Schema0008.tables + "\n" + Schema0008.triggers,
      fill: Schema0008.fill),
    Migration(name: "0009-attempts-sagas", sql: Schema0009.sql),
    Migration(name: "0010-ledger-items", sql: Schema0010.sql),
    Migration(name: "0011-dues", sql: Schema0011.sql),
  ]
}

extension Migration {
  /// Brings a store to the last of `migrations`, in one transaction.
  ///
  /// - Throws: ``Problem`` `store_newer_version` when the store has a step that is not in the list,
  ///   before anything is changed; `store_not_a_database` when it holds other tables.
  static func bring(
    _ database: Database, upTo migrations: [Migration] = Migration.all, file: String
  ) throws {
    try database.inTransaction(.immediate) {
      let done = try applied(in: database, file: file)
      try refuseNewer(done, than: migrations, file: file)
      if done.isEmpty {
        try database.execute(
          sql: "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY NOT NULL) STRICT")
      }
      for migration in migrations where !done.contains(migration.name) {
        try database.execute(sql: migration.sql)
        try migration.fill?(database)
        try database.execute(
          sql: "INSERT INTO migrations (name) VALUES (?)", arguments: [migration.name])
      }
      return .commit
    }
  }

  /// The names of the steps that a store has; empty for an empty file.
  ///
  /// - Throws: ``Problem`` `store_not_a_database` when it holds tables of something else.
  static func applied(in database: Database, file: String) throws -> [String] {
    if try database.tableExists("migrations") {
      return try String.fetchAll(database, sql: "SELECT name FROM migrations ORDER BY name")
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard tables == 0 else { throw StoreFault.notAStore(file: file) }
    return []
  }

  static func refuseNewer(
    _ applied: [String], than migrations: [Migration] = Migration.all, file: String
  ) throws(Problem) {
    let known = Set(migrations.map(\.name))
    guard let unknown = applied.first(where: { !known.contains($0) }) else { return }
    throw Problem(
      code: "store_newer_version", pointer: file,
      detail: "The store was written by a newer version of Postern (it has '\(unknown)')",
      fix: "Run that version or a later one, or restore a backup made before the upgrade")
  }
}
