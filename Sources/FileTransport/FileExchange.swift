/// One root of folders, local or remote, through which files change hands.
///
/// Folders are relative to the root, with `/` between their parts; `""` is the root itself. A file
/// name is one plain part. Names that lead elsewhere are refused with `invalid_name`.
public protocol FileExchange: Sendable {
  /// Files of `folder` by name, ascending. Left out: folders, names with a leading dot, and names that
  /// end in `.tmp`, `.part` or `.filepart`, as somebody still writes them.
  func list(_ folder: String) async throws(FileFailure) -> [FileEntry]

  /// Names of files that end so, in no order: of a folder with very many files, for little. Over SFTP
  /// nothing tells folders of such a name from files.
  func names(ending: String, in folder: String) async throws(FileFailure) -> [String]

  /// All bytes of one file.
  ///
  /// - Throws: `not_found`, or `file_too_large` beyond `limit` bytes.
  func read(_ name: String, in folder: String, limit: Int) async throws(FileFailure) -> [UInt8]

  func contains(_ name: String, in folder: String) async throws(FileFailure) -> Bool

  /// Writes under a temporary name in the same folder, checks what arrived, then renames: a reader
  /// sees the whole file or none. A file of that name is never replaced.
  ///
  /// - Returns: `alreadyThere` when the file exists with the same bytes.
  /// - Throws: `conflict` when it exists with other bytes; `nothingDelivered` or `outcomeUnknown` says
  ///   whether the file may stand there now.
  func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) async throws(FileFailure) -> Delivery

  /// Moves a file between two folders, keeping its name. A file that stands there is never replaced.
  ///
  /// - Throws: `not_found`, or `conflict` when the name is taken in `to`.
  func move(_ name: String, from: String, to: String) async throws(FileFailure)
}

extension FileExchange {
  public func names(
    ending: String, in folder: String
  ) async throws(FileFailure) -> [String] {
    try await list(folder).map(\.name).filter { $0.hasSuffix(ending) }
  }
}

/// What ``FileExchange/deliver(_:as:to:)`` found or did.
public enum Delivery: Hashable, Sendable {
  case delivered
  /// The same bytes stood there under that name.
  case alreadyThere
}
