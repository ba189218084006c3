import Foundation

/// Public sample documents kept beside the repository, in `../shared/data`; absent elsewhere.
///
/// Use with `.enabled(if: SharedData.isPresent)`.
package enum SharedData {
  /// Absolute path of this repository's root.
  package static let repositoryRoot: String = URL(fileURLWithPath: #filePath)
    .resolvingSymlinksInPath()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .path

  /// Absolute path of the folder, which may not exist.
  package static let path: String = URL(fileURLWithPath: repositoryRoot)
    .deletingLastPathComponent()
    .appendingPathComponent("shared/data")
    .path

  package static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

  /// Bytes of one file, named relative to the folder.
  package static func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  /// Names below `folder` with one of the extensions (without dot, any when empty), relative to the
  /// data folder, sorted.
  package static func files(
    in folder: String = "", withExtensions extensions: Set<String> = []
  ) -> [String] {
    let root = folder.isEmpty ? path : path + "/" + folder
    let prefix = folder.isEmpty ? "" : folder + "/"
    guard let names = FileManager.default.enumerator(atPath: root) else { return [] }
    return names.compactMap { $0 as? String }
      .filter { name in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: root + "/" + name, isDirectory: &isFolder)
        guard exists, !isFolder.boolValue else { return false }
        return extensions.isEmpty || extensions.contains((name as NSString).pathExtension)
      }
      .map { prefix + $0 }
      .sorted()
  }
}
