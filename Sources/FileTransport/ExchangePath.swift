/// A folder below a root and perhaps a file in it, checked: it cannot lead elsewhere.
struct ExchangePath: Hashable, Sendable {
  /// Bytes; what common file systems allow.
  static let longestPart = 255
  /// Ends of names that somebody still writes, by convention of senders and clients.
  static let temporaryEndings = [".tmp", ".part", ".filepart"]

  let folders: [String]
  let name: String?

  /// - Throws: `invalid_name`.
  init(folder: String, name: String? = nil) throws(FileFailure) {
    let folders =
      folder.isEmpty ? [] : folder.split(separator: "/", omittingEmptySubsequences: false)
    for part in folders where !Self.isPlain(part) {
      throw Self.refusal("The folder \(folder.debugDescription) is not a plain path below the root")
    }
    if let name, !Self.isFileName(name) {
      throw Self.refusal(
        "The file name \(name.debugDescription) is empty, hidden, temporary or a path")
    }
    self.folders = folders.map(String.init)
    self.name = name
  }

  /// Whether a file of that name is shown and may be asked for.
  static func isFileName(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return isPlain(name[...]) && !name.hasPrefix(".")
      && !temporaryEndings.contains { lowered.hasSuffix($0) }
  }

  /// Under which name a file is written before it gets its own.
  static func temporaryName(for name: String) -> String { name + ".tmp" }

  private static func isPlain(_ part: Substring) -> Bool {
    !part.isEmpty && part.utf8.count <= longestPart && part != "." && part != ".."
      && part.utf8.allSatisfy { byte in
        byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\")
      }
  }

  private static func refusal(_ detail: String) -> FileFailure {
    FileFailure(progress: .nothingDelivered, code: .invalidName, detail: detail)
  }
}
