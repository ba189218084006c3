package import Foundation

/// A folder of one test, removed with everything in it when the value is released.
package final class TemporaryFolder: Sendable {
  /// Absolute path without a trailing slash.
  package let path: String

  /// - Throws: when the folder cannot be made.
  package init(_ purpose: String = "test") throws {
    let base = FileManager.default.temporaryDirectory
      .appendingPathComponent("postern-\(purpose)-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(
      at: base, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    path = base.resolvingSymlinksInPath().path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  package var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

  /// Absolute path of `name` inside.
  package func path(of name: String) -> String { path + "/" + name }

  /// Writes a file, with the folders above it; returns its absolute path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = URL(fileURLWithPath: path(of: name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Writes text as UTF-8; returns the file's absolute path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try write([UInt8](text.utf8), to: name)
  }

  package func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path(of: name))))
  }

  package func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(of: name))
  }

  /// Names in the folder or one below it, hidden ones too, sorted.
  package func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(of: folder)).sorted()
  }
}
