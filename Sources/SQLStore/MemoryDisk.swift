import GRDB
package import Ledger

/// A database in memory that outlasts the stores opened on it, as a disk outlasts processes: for
/// simulations and tests. Each store has a connection of its own. Rows can be deleted here, so that a
/// disk can be used again.
package final class MemoryDisk: Sendable {
  static let storeName = ":memory:"

  /// Keeps the memory while no store is open.
  private let queue: DatabaseQueue
  private let name: Name

  /// Nobody else's while this lives.
  private final class Name: Sendable {
    var text: String { "disk-\(UInt(bitPattern: ObjectIdentifier(self)))" }
  }

  /// - Throws: ``Problem`` when SQLite refuses, for want of memory.
  package init() throws(Problem) {
    do {
      name = Name()
      queue = try MemoryDisk.open(name)
      try queue.writeWithoutTransaction { database in
        try Migration.bring(database, file: MemoryDisk.storeName)
        let guards = try String.fetchAll(database, sql: MemoryDisk.guardsAgainstDeleting)
        for name in guards { try database.execute(sql: "DROP TRIGGER \(name)") }
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
      }
    } catch let error {
      throw SQLStore.problem(error, file: MemoryDisk.storeName)
    }
  }

  private static let guardsAgainstDeleting = """
    SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE ON%'
    """
  private static let tables = """
    SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations'
    """

  private init(copying other: MemoryDisk) throws {
    name = Name()
    queue = try MemoryDisk.open(name)
    try other.queue.backup(to: queue)
  }

  /// SQLite's file system in memory, which connections share by name without a cache in common and
  /// its locks on tables.
  private static func open(_ name: Name) throws -> DatabaseQueue {
    _ = SQLStore.withoutMemoryStatistics
    return try DatabaseQueue(
      path: "file:/\(name.text)?vfs=memdb",
      configuration: SQLStore.configuration(SQLStoreSettings()))
  }

  func open() throws -> DatabaseQueue { try MemoryDisk.open(name) }

  /// What it holds now, on a disk of its own.
  package func copy() throws(Problem) -> MemoryDisk {
    do {
      return try MemoryDisk(copying: self)
    } catch let error {
      throw SQLStore.problem(error, file: MemoryDisk.storeName)
    }
  }

  /// Makes it as empty as a new one. Stores that are open have to forget what they knew.
  package func wipe() throws(Problem) {
    do {
      try queue.writeWithoutTransaction { database in
        let tables = try String.fetchAll(database.cachedStatement(sql: MemoryDisk.tables))
        for step in ["BEGIN"] + tables.map({ "DELETE FROM \($0)" }) + ["COMMIT"] {
          try database.cachedStatement(sql: step).execute()
        }
      }
    } catch let error {
      throw SQLStore.problem(error, file: MemoryDisk.storeName)
    }
  }

  /// Runs SQL past every store, as somebody with the file in hand can.
  package func tamper(_ sql: String) throws(Problem) {
    do {
      try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    } catch let error {
      throw SQLStore.problem(error, file: MemoryDisk.storeName)
    }
  }
}
