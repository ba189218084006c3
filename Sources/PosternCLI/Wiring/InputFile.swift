internal import Foundation
internal import Ledger

/// A file that the command line names.
enum InputFile {
  /// - Parameter insteadOfFolder: what to do where the name is a folder's.
  /// - Throws: ``Problem`` `file_unreadable`.
  static func open(
    _ path: String, insteadOfFolder: String = "Name a file in it"
  ) throws(Problem) -> FileHandle {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw unreadable(path, "There is no such file", fix: "Check its name")
    }
    guard !isFolder.boolValue else {
      throw unreadable(path, "This is a folder, not a file", fix: insteadOfFolder)
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw unreadable(path, "The file cannot be read", fix: "Check its rights")
    }
    return handle
  }

  /// All of a file.
  ///
  /// - Throws: ``Problem`` `file_unreadable`.
  static func bytes(of path: String) throws -> [UInt8] {
    let handle = try open(path)
    defer { try? handle.close() }
    return [UInt8](try handle.readToEnd() ?? Data())
  }

  private static func unreadable(_ path: String, _ detail: String, fix: String) -> Problem {
    Problem(code: "file_unreadable", pointer: path, detail: detail, fix: fix)
  }
}
