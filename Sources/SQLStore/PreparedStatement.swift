import GRDB
import GRDBSQLite
import Ledger

/// A statement of one connection: values go in and columns come out by position.
///
/// The only type that calls SQLite's C interface for rows. GRDB prepares and finalizes the
/// statement; binding through it would cost several times as much.
final class PreparedStatement {
  private let owner: GRDB.Statement
  private let handle: OpaquePointer
  private let file: String
  private var position: Int32 = 0
  /// Holds the texts of one row, which spares SQLite an allocation for each; nil where the statement
  /// is not used often enough.
  private let texts: UnsafeMutableBufferPointer<CChar>?
  private var usedByTexts = 0

  /// Texts of one row past this are copied by SQLite.
  private static let roomForTexts = 4_096

  /// - Parameter isBusy: whether it is kept and run for many rows.
  init(_ owner: GRDB.Statement, file: String, isBusy: Bool = false) {
    self.owner = owner
    self.handle = owner.sqliteStatement
    self.file = file
    texts = isBusy ? .allocate(capacity: PreparedStatement.roomForTexts) : nil
  }

  deinit {
    guard let texts else { return }
    // No bound text may point to what goes.
    sqlite3_clear_bindings(handle)
    texts.deallocate()
  }

  // MARK: Values, in the order of the question marks

  func bind(_ value: Int64) {
    position += 1
    sqlite3_bind_int64(handle, position, value)
  }

  func bind(_ value: Int) { bind(Int64(value)) }
  func bind(_ value: Bool) { bind(value ? 1 : 0 as Int64) }

  func bind(_ value: Int64?) {
    guard let value else { return bindNull() }
    bind(value)
  }

  func bind(_ text: String) {
    position += 1
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        if let kept = keep(characters) {
          _ = sqlite3_bind_text(handle, position, kept, Int32(characters.count), nil)
          return
        }
        _ = sqlite3_bind_text(
          handle, position, characters.baseAddress, Int32(characters.count),
          PreparedStatement.copied)
      }
    }
  }

  /// Where the text now is until the next row; nil when it does not fit.
  private func keep(_ characters: UnsafeBufferPointer<CChar>) -> UnsafePointer<CChar>? {
    guard let texts, let room = texts.baseAddress, let source = characters.baseAddress,
      characters.count <= texts.count - usedByTexts
    else { return nil }
    let kept = room + usedByTexts
    kept.update(from: source, count: characters.count)
    usedByTexts += characters.count
    return UnsafePointer(kept)
  }

  func bind(_ text: String?) {
    guard let text else { return bindNull() }
    bind(text)
  }

  func bind(_ date: CalendarDate) { bind(date.text) }
  func bind(_ date: CalendarDate?) { bind(date?.text) }

  func bind(_ bytes: [UInt8]) {
    position += 1
    bytes.withUnsafeBytes { buffer in
      _ =
        buffer.isEmpty
        ? sqlite3_bind_zeroblob(handle, position, 0)
        : sqlite3_bind_blob64(
          handle, position, buffer.baseAddress, UInt64(buffer.count), PreparedStatement.copied)
    }
  }

  func bind(_ bytes: [UInt8]?) {
    guard let bytes else { return bindNull() }
    bind(bytes)
  }

  private func bindNull() {
    position += 1
    sqlite3_bind_null(handle, position)
  }

  // MARK: Running

  /// Runs a statement that gives no rows.
  ///
  /// - Throws: ``Problem``.
  func run() throws {
    _ = try next()
    reset()
  }

  /// Moves to the next row; false, and ready for new values, when there is none.
  ///
  /// - Throws: ``Problem``.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      reset()
      return false
    default:
      let connection = sqlite3_db_handle(handle)
      let problem = StoreFault.problem(
        code: sqlite3_extended_errcode(connection),
        message: String(cString: sqlite3_errmsg(connection)), file: file)
      reset()
      throw problem
    }
  }

  /// Every row that is left.
  func all<Row>(_ read: (PreparedStatement) throws -> Row) throws -> [Row] {
    defer { reset() }
    var rows: [Row] = []
    while try next() { rows.append(try read(self)) }
    return rows
  }

  /// The next row, if there is one; nothing after it is read.
  func first<Row>(_ read: (PreparedStatement) throws -> Row) throws -> Row? {
    defer { reset() }
    return try next() ? try read(self) : nil
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }
  var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(handle)) }

  /// Gives up what is left of the rows; the next value is the first one again.
  func reset() {
    sqlite3_reset(handle)
    position = 0
    usedByTexts = 0
  }

  // MARK: Columns, from 0

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func count(_ column: Int32) -> Int { Int(integer(column)) }
  func flag(_ column: Int32) -> Bool { integer(column) != 0 }

  func optionalInteger(_ column: Int32) -> Int64? {
    isNull(column) ? nil : integer(column)
  }

  func text(_ column: Int32) -> String {
    String(decoding: utf8(column), as: UTF8.self)
  }

  func optionalBytes(_ column: Int32) -> [UInt8]? {
    isNull(column) ? nil : bytes(column)
  }

  func optionalText(_ column: Int32) -> String? {
    isNull(column) ? nil : text(column)
  }

  func date(_ column: Int32) throws(Problem) -> CalendarDate {
    guard let date = CalendarDate(utf8: utf8(column)) else {
      throw unreadable(column, "a date")
    }
    return date
  }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  func moment(_ column: Int32) -> Moment { Moment(milliseconds: integer(column)) }

  func optionalMoment(_ column: Int32) -> Moment? {
    optionalInteger(column).map { Moment(milliseconds: $0) }
  }

  func optionalDate(_ column: Int32) throws(Problem) -> CalendarDate? {
    optionalText(column) == nil ? nil : try date(column)
  }

  func currency(_ column: Int32) throws(Problem) -> Currency {
    guard let currency = Currency(text(column)) else { throw unreadable(column, "a currency") }
    return currency
  }

  func key(_ column: Int32) throws(Problem) -> PostingKey {
    guard let key = PostingKey(text(column)) else { throw unreadable(column, "a posting key") }
    return key
  }

  /// One of a closed list of words.
  func word<Word: RawRepresentable>(_ column: Int32) throws(Problem) -> Word
  where Word.RawValue == String {
    guard let word = Word(rawValue: text(column)) else {
      throw unreadable(column, "a known \(Word.self)")
    }
    return word
  }

  func optionalWord<Word: RawRepresentable>(_ column: Int32) throws(Problem) -> Word?
  where Word.RawValue == String {
    isNull(column) ? nil : try word(column) as Word
  }

  func unreadable(_ column: Int32, _ expected: String) -> Problem {
    let name = sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "a column"
    return StoreFault.unreadable("'\(text(column))' in \(name) is not \(expected)", file: file)
  }

  /// `SQLITE_INTEGER`, `SQLITE_TEXT`, `SQLITE_BLOB` or `SQLITE_NULL`.
  func kind(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

  private func isNull(_ column: Int32) -> Bool { kind(column) == SQLITE_NULL }

  private func utf8(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// Tells SQLite to copy the value before the call returns.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}
