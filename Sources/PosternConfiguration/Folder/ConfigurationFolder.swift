import Digest
import Foundation
import Ledger

/// The files of a configuration folder, read once; everything else works on these bytes.
package struct ConfigurationFolder: Sendable {
  /// The files by their path in the folder, such as `entities/DEMO.yaml`.
  package let files: [String: [UInt8]]

  /// Folders that hold configuration, with the ending of the files that are read from them.
  package static let folders = [
    "accounts": "yaml", "charts": "csv", "connections": "yaml", "entities": "yaml",
    "rates": "csv", "sources": "yaml", "tests": "yaml",
  ]
  /// Holds a folder for each adapter that is not written in Swift.
  package static let adapters = "adapters"
  /// Files at the top that are read, charts of accounts (CSV) beside them.
  package static let topFiles = [
    "alerts.yaml", "bank-accounts.yaml", "dimensions.yaml", "exceptions.yaml",
    "intercompany.yaml", "postern.yaml", "taxes.yaml",
  ]
  /// What else may lie there, unread: the store, the schemas for editors.
  private static let unread: Set<String> = ["data", "schemas"]
  /// More files are a folder chosen by mistake.
  package static let maximumFiles = 10_000
  package static let maximumFileBytes = 64 * 1_024 * 1_024

  package init(files: [String: [UInt8]]) { self.files = files }

  /// Reads the files of one adapter alone.
  init(adapter name: String, in path: String, into findings: FindingList) {
    var files: [String: [UInt8]] = [:]
    for file in Self.adapterFiles(in: path) where file.hasPrefix("adapters/\(name)/") {
      files[file] = try? Self.bytes(of: path + "/" + file)
    }
    if files.isEmpty {
      findings.error(
        "missing_file", FilePlace(file: "adapters/\(name)"), "There is no such adapter",
        fix: "Make one with 'postern adapters new \(name)'")
    }
    self.files = files
  }

  /// Reads the folder from disk. What cannot be read is reported; names that look mistyped too.
  package init(readingFrom path: String, into findings: FindingList) {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      findings.error(
        "no_configuration", FilePlace(file: "postern.yaml"),
        "There is no folder '\(path)' with a configuration",
        fix: "Make one with 'postern init', or name another with --config")
      files = [:]
      return
    }
    var files: [String: [UInt8]] = [:]
    func read(_ name: String) {
      guard files.count < Self.maximumFiles else { return }
      do {
        files[name] = try Self.bytes(of: path + "/" + name)
      } catch {
        findings.error(
          "unreadable", FilePlace(file: name), "The file cannot be read",
          fix: "Check that it exists, is no link into nowhere, and may be read")
      }
    }
    for name in Self.names(in: path) {
      if name == Self.adapters {
        for file in Self.adapterFiles(in: path) { read(file) }
      } else if let ending = Self.folders[name] {
        for file in Self.names(in: path + "/" + name) {
          let file = name + "/" + file
          if file.hasSuffix("." + ending) {
            read(file)
          } else {
            Self.reportUnread(file, meant: Self.withEnding(ending, file), findings)
          }
        }
      } else if Self.topFiles.contains(name) || name.hasSuffix(".csv") {
        read(name)
      } else if !Self.unread.contains(name) {
        let known = Self.topFiles + Self.folders.keys.sorted() + [Self.adapters]
        if let meant = Suggestion.nearest(to: name, in: known) {
          Self.reportUnread(name, meant: meant, findings)
        }
      }
    }
    self.files = files
  }

  /// The files of adapters and of their recorded exchanges; what a program leaves beside itself in
  /// further folders is not read.
  private static func adapterFiles(in path: String) -> [String] {
    names(in: path + "/" + adapters).flatMap { name in
      let folder = adapters + "/" + name
      let own = names(in: path + "/" + folder).map { folder + "/" + $0 }
      let exchanges = names(in: path + "/" + folder + "/exchanges").map {
        folder + "/exchanges/" + $0
      }
      return (own + exchanges).filter { isFile(path + "/" + $0) }
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  private static func withEnding(_ ending: String, _ file: String) -> String? {
    let alike = ending == "yaml" ? [".yml", ".YAML", ".YML"] : [".CSV", ".txt", ".tsv"]
    guard let wrong = alike.first(where: { file.hasSuffix($0) }) else { return nil }
    return String(file.dropLast(wrong.count)) + "." + ending
  }

  private static func reportUnread(_ file: String, meant: String?, _ findings: FindingList) {
    guard let meant else { return }
    findings.add(
      .warning, "file_not_read", FilePlace(file: file), "The file or folder is not read",
      fix: "Rename it to '\(meant)' if that is what it is")
  }

  /// Visible names in a folder, sorted; none when it cannot be listed.
  private static func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let url = URL(fileURLWithPath: path)
    let values = try url.resourceValues(forKeys: [.isRegularFileKey])
    guard values.isRegularFile == true || isLinkToFile(path) else {
      throw CocoaError(.fileReadUnknown)
    }
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    return [UInt8](try handle.read(upToCount: maximumFileBytes + 1) ?? Data())
  }

  /// Configuration is often mounted as links.
  private static func isLinkToFile(_ path: String) -> Bool {
    isFile(path)
  }

  /// The SHA-256 of each file, in hexadecimal digits.
  package var digests: [String: String] { files.mapValues { SHA256.hash($0).hex } }

  /// The codes of the files in a folder, sorted: `DEMO` for `entities/DEMO.yaml`.
  func codes(in folder: String) -> [(code: String, file: String)] {
    let prefix = folder + "/"
    let suffix = "." + (Self.folders[folder] ?? "")
    return files.keys.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted().map {
      (String($0.dropFirst(prefix.count).dropLast(suffix.count)), $0)
    }
  }
}
