import Foundation
import Glibc
import Testing

/// The system's SQLite, found at run time: these tests see the store as any other program does.
enum SQLite {
  private typealias Open =
    @convention(c) (
      UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>
    ) -> Int32
  private typealias Execute =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
    ) -> Int32
  private typealias Close = @convention(c) (OpaquePointer?) -> Int32

  /// - Throws: when the library or the file is missing, or the statement fails.
  static func execute(_ statement: String, in file: String) throws {
    let library = try #require(dlopen("libsqlite3.so.0", RTLD_NOW))
    let open = unsafeBitCast(try #require(dlsym(library, "sqlite3_open")), to: Open.self)
    let execute = unsafeBitCast(try #require(dlsym(library, "sqlite3_exec")), to: Execute.self)
    let close = unsafeBitCast(try #require(dlsym(library, "sqlite3_close")), to: Close.self)
    try #require(FileManager.default.fileExists(atPath: file))
    var database: OpaquePointer?
    try #require(open(file, &database) == 0)
    defer { _ = close(database) }
    try #require(execute(database, statement, nil, nil, nil) == 0, "\(statement)")
  }
}
