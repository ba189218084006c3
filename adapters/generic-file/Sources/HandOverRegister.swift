import FileTransport
import Foundation
import Ledger

/// Which files hold which keys: read from the lists that were written before each file was handed over.
///
/// Lists never change, so each is read once in the life of a register. Takes some 40 bytes for each key.
actor HandOverRegister {
  static let ending = ".keys.json"
  static let largestList = 16 * 1024 * 1024

  /// A list without its keys.
  struct Note: Hashable {
    var batch: String
    var file: String
    var size: Int
    var sha256: String
    var entries: Int
    var lines: Int

    init(_ list: WireKeyList) {
      batch = list.batch
      file = list.file
      size = list.size
      sha256 = list.sha256
      entries = list.entries
      lines = list.lines
    }
  }

  private let files: any FileExchange
  private let folder: String
  private var notes: [Note] = []
  private var seen: Set<String> = []
  /// The note of a key; of the last file where there are several.
  private var latest: [UInt128: Int32] = [:]
  private var earlier: [UInt128: [Int32]] = [:]

  init(files: any FileExchange, folder: String) {
    self.files = files
    self.folder = folder
  }

  /// Reads the lists that were written since the last look, by whomever.
  ///
  /// - Throws: ``FileFailure``; `register_unreadable` for a list that is none.
  func refresh() async throws(FileFailure) {
    let unseen = try await files.names(ending: Self.ending, in: folder)
      .filter { !seen.contains($0) }
    for name in unseen.sorted() {
      let bytes = try await files.read(name, in: folder, limit: Self.largestList)
      guard let list = try? JSONDecoder().decode(WireKeyList.self, from: Data(bytes)) else {
        throw FileFailure(
          progress: .nothingDelivered, code: "register_unreadable",
          detail: "\(folder)/\(name) is not a list of keys")
      }
      take(list)
    }
  }

  /// The files that were to hold `key`, as far as the last ``refresh()`` saw.
  func notes(of key: PostingKey) -> [Note] {
    guard let last = latest[key.packed] else { return [] }
    return ((earlier[key.packed] ?? []) + [last]).map { notes[Int($0)] }
  }

  /// Writes the list of a file that is about to be handed over.
  func write(_ list: WireKeyList) async throws(FileFailure) {
    _ = try await files.deliver(list.jsonBytes, as: list.file + Self.ending, to: folder)
    take(list)
  }

  private func take(_ list: WireKeyList) {
    guard seen.insert(list.file + Self.ending).inserted else { return }
    let number = Int32(notes.count)
    notes.append(Note(list))
    for key in list.keys.lazy.compactMap({ PostingKey($0) }) {
      if let last = latest.updateValue(number, forKey: key.packed) {
        earlier[key.packed, default: []].append(last)
      }
    }
  }
}

extension PostingKey {
  /// The 16 characters as one number.
  fileprivate var packed: UInt128 { text.utf8.reduce(0) { $0 << 8 | UInt128($1) } }
}
