package import Foundation
import GRDB
import GRDBSQLite
import Glibc
package import Ledger
import PostingEngine

extension SQLStore {
  /// Copies the store as it is at one moment, beside the writer, into a file that is not there yet.
  ///
  /// The copy is on the disk when this returns, and its name appears only when it is complete.
  ///
  /// - Throws: ``Problem`` `backup_exists`, `store_full`, `store_not_writable`.
  package func backup(to target: URL) throws {
    guard access(target.path, F_OK) != 0 else {
      throw Problem(
        code: "backup_exists", pointer: target.path, detail: "The backup's file is there already",
        fix: "Name a new file")
    }
    do {
      try SQLStore.place(at: target, replacing: false) { try pool.backup(to: $0) }
    } catch {
      throw StoreFault.translated(error, file: target.path)
    }
  }

  /// Makes a store out of a backup. It continues where the copy was taken; postings that were not
  /// posted by then are looked up in their ERPs before anything is sent.
  ///
  /// - Parameter replacing: whether a store at `target` may be lost.
  /// - Throws: ``Problem`` `restore_target_exists`, `engine_running` when that store is in use,
  ///   `store_not_a_database`, `store_newer_version`, and what ``integrityCheck()`` finds first.
  package static func restore(
    from source: URL, to target: URL, replacing: Bool = false
  ) throws {
    let kind = try StoreFile.kind(of: source.path)
    guard kind == .store else { throw StoreFault.notAStore(file: source.path) }
    let exists = access(target.path, F_OK) == 0
    guard replacing || !exists else {
      throw Problem(
        code: "restore_target_exists", pointer: target.path,
        detail: "There is a store already; restoring would replace it",
        fix: "Move it away, or use --force if it may be lost")
    }
    let lock = exists ? try EngineLock(store: target.resolvingSymlinksInPath().path) : nil
    do {
      try place(at: target, replacing: replacing) { copy in
        var configuration = Configuration()
        configuration.readonly = true
        try DatabaseQueue(path: source.path, configuration: configuration).backup(to: copy)
        try copy.writeWithoutTransaction { database in
          let applied = try Migration.applied(in: database, file: source.path)
          try Migration.refuseNewer(applied, file: source.path)
          if let problem = try problems(in: database, file: source.path).first { throw problem }
          try doubtUnposted(in: database)
        }
      }
    } catch {
      throw StoreFault.translated(error, file: source.path)
    }
    withExtendedLifetime(lock) {}
  }

  /// What the copy holds for unsent may have been sent since it was taken: it is looked up first.
  private static func doubtUnposted(in database: Database) throws {
    try database.execute(
      sql: "UPDATE postings SET is_doubtful = 1 WHERE state IN (?, ?, ?, ?)",
      arguments: [
        PostingState.due.rawValue, PostingState.waiting.rawValue, PostingState.sending.rawValue,
        PostingState.rejected.rawValue,
      ])
  }

  /// Everything that is wrong in the file: damaged pages, rows that refer to nothing, entries that
  /// do not balance, a broken audit chain. Reads the whole file.
  package func integrityCheck() throws -> [Problem] {
    do {
      return try reading { try SQLStore.problems(in: $0, file: file) }
    } catch {
      throw StoreFault.translated(error, file: file)
    }
  }

  /// Follows the audit chain from its first record to its last.
  ///
  /// - Returns: nil when it is whole, else `audit_chain_broken` with the first broken record.
  package func verifyAuditChain() throws -> Problem? {
    try queries { try AuditChain.verify($0) }
  }

  private static func problems(in database: Database, file: String) throws -> [Problem] {
    var problems = try String.fetchAll(database.cachedStatement(sql: "PRAGMA integrity_check"))
      .filter { $0 != "ok" }
      .map { StoreFault.problem(code: SQLITE_CORRUPT, message: $0, file: file) }
    func check(_ sql: String, _ detail: (Int) -> String) throws {
      let count = try Int.fetchOne(database.cachedStatement(sql: sql)) ?? 0
      guard count > 0 else { return }
      problems.append(
        StoreFault.problem(code: SQLITE_CORRUPT, message: detail(count), file: file))
    }
    try check("SELECT count(*) FROM pragma_foreign_key_check") {
      "\($0) rows refer to rows that are not there"
    }
    try check(Queries.unbalancedEntries) { "\($0) entries do not balance" }
    try check(Queries.linesWithoutEntry) { "\($0) lines belong to no entry" }
    let queries = SQLQueries(StoreConnection(database, file: file))
    if let problem = try AuditChain.verify(queries) { problems.append(problem) }
    return problems
  }

  /// Fills a file under a temporary name and gives it its own name when it is complete.
  private static func place(
    at target: URL, replacing: Bool, fill: (DatabaseQueue) throws -> Void
  ) throws {
    let partial = target.path + ".partial"
    func removePartial() {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) }
    }
    removePartial()
    do {
      let queue = try DatabaseQueue(path: partial)
      try fill(queue)
      // A file without a log opens from read-only media too.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
      try StoreFile.flush(partial)
      if replacing {
        // A log left by the store that goes would be applied to the one that comes.
        for suffix in ["-wal", "-shm"] { unlink(target.path + suffix) }
      }
      // A link, unlike a rename, never replaces what another process made meanwhile.
      let placed =
        replacing ? rename(partial, target.path) : link(partial, target.path)
      guard placed == 0 else {
        throw StoreFault.problem(
          code: SQLITE_CANTOPEN, message: String(cString: strerror(errno)), file: target.path)
      }
      removePartial()
      try StoreFile.flush(target.deletingLastPathComponent().path)
    } catch {
      removePartial()
      throw error
    }
  }
}
