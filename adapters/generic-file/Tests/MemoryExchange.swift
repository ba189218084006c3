import FileTransport

/// Folders in memory that can be told to fail.
actor MemoryExchange: FileExchange {
  /// How the n-th call fails.
  enum Fault: CaseIterable, Sendable {
    /// Before it did anything.
    case nothingDone
    /// Before it did anything, and nobody knows.
    case lostBefore
    /// After it did everything, and nobody knows.
    case lostAfter
  }

  private(set) var folders: [String: [String: [UInt8]]]
  private var failing: (call: Int, fault: Fault)?
  private(set) var calls = 0

  init(
    _ folders: [String] = ["DE01/in", "DE01/out", "DE01/archive", "DE01/error", "DE01/sent"]
  ) {
    self.folders = Dictionary(uniqueKeysWithValues: folders.map { ($0, [:]) })
  }

  /// The call of that number, counted from now, fails.
  func fail(call: Int, _ fault: Fault) {
    calls = 0
    failing = (call, fault)
  }

  /// Puts a file there as the other side would.
  func put(_ text: String, as name: String, in folder: String) {
    folders[folder, default: [:]][name] = [UInt8](text.utf8)
  }

  func remove(_ name: String, from folder: String) {
    folders[folder]?[name] = nil
  }

  func removeFolder(_ folder: String) {
    folders[folder] = nil
  }

  func text(_ name: String, in folder: String) -> String? {
    folders[folder]?[name].map { String(decoding: $0, as: UTF8.self) }
  }

  func names(in folder: String) -> [String] {
    (folders[folder] ?? [:]).keys.sorted()
  }

  func list(_ folder: String) throws(FileFailure) -> [FileEntry] {
    try begin()
    guard let files = folders[folder] else { throw missing(folder) }
    return files.map { FileEntry(name: $0, size: $1.count) }.sorted { $0.name < $1.name }
  }

  func read(_ name: String, in folder: String, limit: Int) throws(FileFailure) -> [UInt8] {
    try begin()
    guard let bytes = folders[folder]?[name] else { throw missing(name) }
    return bytes
  }

  func contains(_ name: String, in folder: String) throws(FileFailure) -> Bool {
    try begin()
    return folders[folder]?[name] != nil
  }

  func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) throws(FileFailure) -> Delivery {
    let lost = try begin()
    guard let files = folders[folder] else { throw missing(folder) }
    if let found = files[name] {
      guard found == bytes else {
        throw FileFailure(progress: .nothingDelivered, code: .conflict, detail: "\(name) is taken")
      }
      return .alreadyThere
    }
    folders[folder]?[name] = bytes
    if let lost { throw lost }
    return .delivered
  }

  func move(_ name: String, from: String, to: String) throws(FileFailure) {
    try begin()
    guard let bytes = folders[from]?[name] else { throw missing(name) }
    folders[to]?[name] = bytes
    folders[from]?[name] = nil
  }

  /// The failure to throw when the work is done; nil when all goes well.
  @discardableResult
  private func begin() throws(FileFailure) -> FileFailure? {
    calls += 1
    guard let failing, failing.call == calls else { return nil }
    switch failing.fault {
    case .nothingDone:
      throw FileFailure(progress: .nothingDelivered, code: .connectFailed, detail: "no way")
    case .lostBefore:
      throw FileFailure(progress: .outcomeUnknown, code: .connectionLost, detail: "lost")
    case .lostAfter:
      return FileFailure(progress: .outcomeUnknown, code: .connectionLost, detail: "lost")
    }
  }

  private func missing(_ what: String) -> FileFailure {
    FileFailure(progress: .nothingDelivered, code: .notFound, detail: "\(what) is not there")
  }
}
