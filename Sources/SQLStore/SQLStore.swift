package import Foundation
import GRDB
package import Ledger
package import PostingEngine
import SQLiteShim
import Synchronization

/// The store in one SQLite file: one writer, readers beside it on consistent states.
///
/// A commit is on the disk before it is answered (`synchronous=FULL` in write-ahead mode). Other
/// processes may read and write the same file; only one may run the engine.
package final class SQLStore: PostingStore {
  /// Absolute path, links resolved; ``MemoryDisk/storeName`` for one in memory.
  package let file: String
  let pool: any DatabaseWriter
  /// Made with the first transaction.
  private let writer = Confined<StoreWriter>()
  private let engineLock = Mutex<EngineLock?>(nil)

  /// Opens a store, and makes it or brings it to this version's schema first.
  ///
  /// - Throws: ``Problem``: `store_newer_version`, `store_not_a_database`, `store_not_writable`,
  ///   `store_corrupt`, `store_full`, `store_not_durable`. The file is then as it was.
  package init(file: URL, settings: SQLStoreSettings = SQLStoreSettings()) throws(Problem) {
    let path = file.path
    _ = SQLStore.withoutMemoryStatistics
    do {
      try StoreFile.prepare(path, settings: settings)
      let resolved = file.resolvingSymlinksInPath().path
      self.file = resolved
      let pool = try DatabasePool(path: resolved, configuration: SQLStore.configuration(settings))
      self.pool = pool
      try pool.writeWithoutTransaction { database in
        try SQLStore.makeDurable(database, file: resolved)
        try Migration.bring(database, file: resolved)
      }
    } catch let error {
      throw SQLStore.problem(error, file: path)
    }
  }

  /// Opens the store on a disk in memory.
  ///
  /// - Throws: ``Problem`` when SQLite refuses, for want of memory.
  package init(on disk: MemoryDisk) throws(Problem) {
    file = MemoryDisk.storeName
    do { pool = try disk.open() } catch { throw SQLStore.problem(error, file: file) }
  }

  package func write<Result>(
    _ body: (any PostingTransaction) throws -> Result
  ) throws -> Result {
    do {
      return try pool.writeWithoutTransaction { database in
        let writer = try writer.value ?? StoreWriter(database, file: file)
        self.writer.value = writer
        return try writer.transact(body)
      }
    } catch {
      throw StoreFault.translated(error, file: file)
    }
  }

  package func read<Result>(_ body: (any PostingQueries) throws -> Result) throws -> Result {
    try queries { try body($0) }
  }

  /// Runs `body` on one consistent state.
  func queries<Result>(_ body: (SQLQueries) throws -> Result) throws -> Result {
    do {
      return try reading { try body(SQLQueries(StoreConnection($0, file: file))) }
    } catch {
      throw StoreFault.translated(error, file: file)
    }
  }

  func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
    // On a connection that writes too, a read that is announced as one compiles every statement
    // anew; in memory nobody writes beside it.
    file == MemoryDisk.storeName ? try pool.unsafeRead(body) : try pool.read(body)
  }

  /// Knows of the store no more than a process that has just started.
  package func forget() {
    pool.writeWithoutTransaction { _ in writer.value?.forget() }
  }

  package func lockForEngine() throws {
    guard file != MemoryDisk.storeName else { return }
    try engineLock.withLock { lock in
      if lock == nil { lock = try EngineLock(store: file) }
    }
  }

  /// Closes every connection; the log moves into the main file.
  ///
  /// - Throws: ``Problem`` `store_busy` while something is still read.
  package func close() throws {
    do {
      // A connection with prepared statements does not close.
      pool.writeWithoutTransaction { _ in writer.value = nil }
      try pool.close()
    } catch {
      throw StoreFault.translated(error, file: file)
    }
  }

  /// What the writing connection was told, by the name of the pragma.
  package func writerSettings() throws -> [String: Int] {
    let names = ["synchronous", "foreign_keys", "busy_timeout"]
    return try pool.writeWithoutTransaction { database in
      var settings: [String: Int] = [:]
      for name in names { settings[name] = try Int.fetchOne(database, sql: "PRAGMA \(name)") }
      return settings
    }
  }

  /// Saves a lock at every allocation; where SQLite is in use already it goes on counting.
  static let withoutMemoryStatistics: Void = {
    _ = sqliteshim_without_memory_statistics()
  }()

  static func configuration(_ settings: SQLStoreSettings) -> Configuration {
    var configuration = Configuration()
    configuration.label = "store"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(settings.busyTimeout.inSeconds)
    configuration.maximumReaderCount = settings.maximumReaders
    configuration.prepareDatabase { database in
      let cache = database.configuration.readonly ? settings.cacheKiB / 4 : settings.cacheKiB
      try database.execute(
        sql: """
          PRAGMA cache_size = -\(cache);
          PRAGMA wal_autocheckpoint = \(settings.checkpointPages);
          """)
      if let pages = settings.maximumPages {
        try database.execute(sql: "PRAGMA max_page_count = \(pages)")
      }
    }
    return configuration
  }

  /// GRDB sets `synchronous=NORMAL` on the writer after it is prepared, which may lose a commit on a
  /// power failure: set afterwards, and read back.
  static func makeDurable(_ database: Database, file: String) throws {
    let full = 2
    try database.execute(sql: "PRAGMA synchronous = FULL")
    guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == full,
      try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal"
    else {
      throw Problem(
        code: "store_not_durable", pointer: file,
        detail: "SQLite does not promise that a commit survives a power failure here",
        fix: "Keep the store on a local disk, not on a network share")
    }
  }

  static func problem(_ error: any Error, file: String) -> Problem {
    let translated = StoreFault.translated(error, file: file)
    return translated as? Problem
      ?? Problem(
        code: "store_failed", pointer: file, detail: "The store failed: \(translated)",
        fix: "Keep this message and run 'postern audit verify' before going on")
  }
}

/// A value that is used on the queue of one connection alone, whatever thread that runs on.
private final class Confined<Value>: @unchecked Sendable {
  var value: Value?
}
