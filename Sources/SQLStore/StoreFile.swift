import GRDB
import GRDBSQLite
import Glibc
import Ledger

/// The file of a store, before it is opened.
enum StoreFile {
  /// Stands in the header of every store of Postern: `PSTN`.
  static let applicationID: UInt32 = 0x5053_544E

  /// Source: the SQLite file format, section 1.3 (the database header).
  private static let magic = Array("SQLite format 3\0".utf8)
  private static let applicationIDOffset = 68
  private static let headerLength = 100

  enum Kind {
    /// No file, or an empty one.
    case absent
    case store
    /// Anything else.
    case foreign
  }

  /// Reads the header alone, so that a foreign file is not touched.
  ///
  /// - Throws: ``Problem`` `store_not_writable` when it cannot be read.
  static func kind(of path: String) throws(Problem) -> Kind {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .absent }
      throw StoreFault.problem(
        code: SQLITE_CANTOPEN, message: String(cString: strerror(errno)), file: path)
    }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: headerLength)
    let count = pread(descriptor, &header, headerLength, 0)
    if count == 0 { return .absent }
    guard count == headerLength, header.starts(with: magic) else { return .foreign }
    let stored = header[applicationIDOffset..<applicationIDOffset + 4]
      .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return stored == applicationID ? .store : .foreign
  }

  /// Makes an empty store, unless one is there.
  ///
  /// - Throws: ``Problem`` `store_not_a_database` for another file, `store_not_writable`.
  static func prepare(_ path: String, settings: SQLStoreSettings) throws {
    switch try kind(of: path) {
    case .store: return
    case .foreign: throw StoreFault.notAStore(file: path)
    case .absent:
      var configuration = Configuration()
      configuration.busyMode = .timeout(settings.busyTimeout.inSeconds)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        try database.execute(
          sql: """
            PRAGMA page_size = \(settings.pageSize);
            PRAGMA application_id = \(applicationID);
            """)
      }
      try queue.close()
    }
  }

  /// Makes what was written to a file, or a name in a folder, outlast a power failure.
  static func flush(_ path: String) throws(Problem) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StoreFault.problem(
        code: SQLITE_IOERR, message: String(cString: strerror(errno)), file: path)
    }
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
