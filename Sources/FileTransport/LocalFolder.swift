import Dispatch

/// Folders on a local disk or a mounted share.
///
/// Files are made with mode 0660 less the umask. Symbolic links are not followed at a file's place. A
/// value does one thing at a time, away from the threads of Swift's tasks; cancelling a task does not
/// interrupt it.
public struct LocalFolder: FileExchange {
  private let disk: LocalDisk
  private let queue = DispatchQueue(label: "postern.local-folder")

  /// - Parameter root: absolute path of a folder that exists.
  public init(_ root: String) {
    disk = LocalDisk(root: root)
  }

  public func list(_ folder: String) async throws(FileFailure) -> [FileEntry] {
    let path = try ExchangePath(folder: folder)
    return try await away { disk throws(FileFailure) in try disk.list(path) }
  }

  public func names(
    ending: String, in folder: String
  ) async throws(FileFailure) -> [String] {
    let path = try ExchangePath(folder: folder)
    return try await away { disk throws(FileFailure) in try disk.names(ending: ending, path) }
  }

  public func read(
    _ name: String, in folder: String, limit: Int
  ) async throws(FileFailure) -> [UInt8] {
    let path = try ExchangePath(folder: folder, name: name)
    return try await away { disk throws(FileFailure) in try disk.read(path, limit: limit) }
  }

  public func contains(_ name: String, in folder: String) async throws(FileFailure) -> Bool {
    let path = try ExchangePath(folder: folder, name: name)
    return try await away { disk throws(FileFailure) in try disk.contains(path) }
  }

  public func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) async throws(FileFailure) -> Delivery {
    let path = try ExchangePath(folder: folder, name: name)
    let temporary = ExchangePath.temporaryName(for: name)
    return try await away { disk throws(FileFailure) in
      try disk.deliver(bytes, to: path, by: temporary)
    }
  }

  public func move(_ name: String, from: String, to: String) async throws(FileFailure) {
    let source = try ExchangePath(folder: from, name: name)
    let target = try ExchangePath(folder: to, name: name)
    try await away { disk throws(FileFailure) in try disk.move(source, to: target) }
  }

  private func away<Value: Sendable>(
    _ work: @escaping @Sendable (LocalDisk) throws(FileFailure) -> Value
  ) async throws(FileFailure) -> Value {
    let result = await withCheckedContinuation { continuation in
      queue.async { [disk] in
        continuation.resume(
          returning: Result { () throws(FileFailure) -> Value in try work(disk) })
      }
    }
    return try result.get()
  }
}
