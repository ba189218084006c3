import Foundation

/// The folders of one company and the moves within them.
struct ExchangeFolder {
  let company: String
  private let root: URL

  init(company: String, in parent: URL) {
    self.company = company
    root = parent.appending(path: company, directoryHint: .isDirectory)
  }

  private static let allowed = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
  private static let longestName = 100

  /// Whether a name keeps to the characters that files and folders may have.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && name.count <= longestName
      && name.allSatisfy(allowed.contains)
  }

  /// Companies that have a folder, sorted.
  static func companies(in parent: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    return names.filter(isName).sorted()
  }

  /// Creates what is missing.
  func prepare() throws {
    for name in ["in", "out", "archive", "error"] {
      try FileManager.default.createDirectory(
        at: root.appending(path: name), withIntermediateDirectories: true)
    }
  }

  /// Files in `in` that their sender has released, sorted by name.
  func released() -> [String] {
    let path = root.appending(path: "in").path
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
    return names.filter { name in
      Self.isName(name) && (name.hasSuffix(".csv") || name.hasSuffix(".txt"))
        && (names.contains(name + Self.done) || names.contains(name + Self.manifest))
    }.sorted()
  }

  static let done = ".done"
  static let manifest = ".manifest.json"

  /// nil when there is no such file.
  func read(_ name: String) -> [UInt8]? {
    (try? Data(contentsOf: root.appending(path: "in/\(name)"))).map(Array.init)
  }

  /// Moves a file and its markers out of `in`.
  func move(_ name: String, to folder: String) throws {
    for name in [name, name + Self.done, name + Self.manifest] {
      let source = root.appending(path: "in/\(name)")
      guard FileManager.default.fileExists(atPath: source.path) else { continue }
      try replace(root.appending(path: "\(folder)/\(name)"), by: source)
    }
  }

  /// Writes an acknowledgement under a temporary name, then renames it.
  func acknowledge(_ name: String, _ bytes: [UInt8]) throws {
    let temporary = root.appending(path: "out/.\(name).ack.json.tmp")
    try Data(bytes).write(to: temporary)
    try replace(root.appending(path: "out/\(name).ack.json"), by: temporary)
  }

  /// Renames in one step, whether or not the target exists.
  private func replace(_ target: URL, by source: URL) throws {
    guard rename(source.path, target.path) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  }
}
