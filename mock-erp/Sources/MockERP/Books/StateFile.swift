public import Foundation

/// What was booked, one JSON object a line, each on the disk before its sender is answered: books
/// that outlast a kill.
public final class StateFile: Sendable {
  /// One booking, as its sender gave it.
  struct Record: Codable, Sendable {
    let company: String
    let postedAt: Date
    let draft: EntryDraft
  }

  private let file: FileHandle
  /// What the file held when it was opened.
  let records: [Record]

  /// Opens a file, or makes it. A last line that was cut off is left out.
  ///
  /// - Throws: when it cannot be opened, or a line other than the last cannot be read.
  public init(_ url: URL) throws {
    if !FileManager.default.fileExists(atPath: url.path) {
      try Data().write(to: url)
    }
    let contents = try Data(contentsOf: url)
    let newline = UInt8(ascii: "\n")
    let whole = contents.lastIndex(of: newline).map { contents[...$0] } ?? Data()
    records = try whole.split(separator: newline).map {
      try JSONDecoder().decode(Record.self, from: $0)
    }
    file = try FileHandle(forUpdating: url)
    try file.truncate(atOffset: UInt64(whole.count))
    try file.seekToEnd()
  }

  /// Returns when the record is on the disk.
  func append(_ record: Record) throws {
    var line = try JSONEncoder().encode(record)
    line.append(UInt8(ascii: "\n"))
    try file.write(contentsOf: line)
    try file.synchronize()
  }
}
