import GRDB
import GRDBSQLite
import Ledger

/// Turns what SQLite says into problems for people.
enum StoreFault {
  /// - Parameter code: SQLite's result code, basic or extended.
  static func problem(code: Int32, message: String, file: String) -> Problem {
    switch code & 0xFF {
    case SQLITE_FULL:
      Problem(
        code: "store_full", pointer: file,
        detail: "The disk that holds the store is full; nothing of this transaction was stored",
        fix: "Free space or enlarge the disk, then hand the same over again")
    case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
      Problem(
        code: "store_not_writable", pointer: file,
        detail: "The store cannot be opened for writing: \(message)",
        fix: "Check that its folder exists and that this user may write the file and the folder")
    case SQLITE_NOTADB: notAStore(file: file)
    case SQLITE_CORRUPT:
      Problem(
        code: "store_corrupt", pointer: file, detail: "The store is damaged: \(message)",
        fix: "Stop Postern, keep the damaged file, and restore the latest backup")
    case SQLITE_BUSY, SQLITE_LOCKED:
      Problem(
        code: "store_busy", pointer: file,
        detail: "Another process has held the store's write lock for too long",
        fix: "Find what else writes to the store and end it, then try again")
    case SQLITE_IOERR:
      Problem(
        code: "store_io_error", pointer: file,
        detail: "The disk that holds the store reported an error: \(message)",
        fix: "Check the disk and its free space; nothing of this transaction was stored")
    case SQLITE_CONSTRAINT: constraint(message: message, file: file)
    default:
      Problem(
        code: "store_failed", pointer: file,
        detail: "SQLite reported error \(code): \(message)",
        fix: "Keep this message and run 'postern audit verify' before going on")
    }
  }

  /// Leaves problems and foreign errors as they are.
  static func translated(_ error: any Error, file: String) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    return problem(
      code: error.extendedResultCode.rawValue, message: error.message ?? "no message", file: file)
  }

  static func notAStore(file: String) -> Problem {
    Problem(
      code: "store_not_a_database", pointer: file,
      detail: "The file is not a store of Postern; it was left as it is",
      fix: "Name another file, or restore a backup")
  }

  static func unreadable(_ detail: String, file: String) -> Problem {
    Problem(
      code: "store_unreadable_row", pointer: file, detail: "A row cannot be read: \(detail)",
      fix: "Run Postern in the version that wrote the store, or restore a backup")
  }

  static func missing(_ what: String, file: String) -> Problem {
    Problem(
      code: "store_row_missing", pointer: file, detail: "The store has no \(what)",
      fix: "Read the list again: what you refer to is not there")
  }

  private static func constraint(message: String, file: String) -> Problem {
    if message.hasPrefix("UNIQUE constraint failed: documents.source") {
      return Problem(
        code: "document_exists", pointer: file,
        detail: "A document with this source, type, id and revision is stored already",
        fix: "Hand a changed document over as a new revision")
    }
    if let known = refusals.first(where: { message.hasPrefix($0.code) }) {
      return Problem(code: known.code, pointer: file, detail: known.detail, fix: known.fix)
    }
    return Problem(
      code: "store_refused", pointer: file, detail: "The database refused a row: \(message)",
      fix: "Report this as a defect: nothing of this transaction was stored")
  }

  /// What the triggers of the schema say, by the word their message begins with.
  private static let refusals: [(code: String, detail: String, fix: String)] = [
    (
      "entry_unbalanced", "The lines of an entry do not balance, or are not the ones it announced",
      "Report this as a defect: an entry has to balance before it is stored"
    ),
    (
      "entry_exists", "An entry with this key is stored already",
      "Look the entry up by its key instead of storing it again"
    ),
    (
      "entry_immutable", "A stored entry and its lines are never changed, extended or deleted",
      "Reverse the entry and post a new one"
    ),
    (
      "document_immutable", "What a stored document says is never changed or deleted",
      "Hand it over as a new revision"
    ),
    (
      "audit_immutable", "The audit log is only ever appended to",
      "Append a record that says what was wrong"
    ),
    (
      "event_immutable", "An event that was told is never changed",
      "Change the document: that makes an event of its own"
    ),
    (
      "posting_final", "A posted, cancelled or reversed posting does not start again",
      "Reverse the entry and post a new one"
    ),
    (
      "posting_immutable", "A posting is never deleted",
      "Cancel it"
    ),
  ]
}
