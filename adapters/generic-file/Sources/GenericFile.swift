import AdapterKit
import Digest
import Foundation
import Ledger

/// A file that is handed over: the same entries give the same name and the same bytes.
struct GenericFile: Hashable {
  let name: String
  let batch: String
  let bytes: [UInt8]
  let sha256: String
  let entries: Int
  let lines: Int
  let keys: [PostingKey]

  /// The records of one entry, written.
  struct Part: Hashable {
    let submission: Submission
    let bytes: [UInt8]

    /// - Throws: ``Problem`` for a code that the format cannot carry.
    init(_ submission: Submission, format: GenericFileFormat) throws(Problem) {
      var bytes: [UInt8] = []
      for record in MappedEntry(submission).records { try format.write(record, into: &bytes) }
      self.submission = submission
      self.bytes = bytes
    }
  }

  /// The hexadecimal digits that tell apart files of one day, first key and count.
  static let digestLength = 12

  /// - Parameter generation: 1 for entries that were never refused; one more for each file in which
  ///   one of them was, so that a new try has a new name.
  /// - Throws: ``Problem`` when `company` does not fit its column.
  init(
    _ parts: [Part], company: String, format: GenericFileFormat, generation: Int
  ) throws(Problem) {
    precondition(!parts.isEmpty, "a file holds an entry")
    let digest = SHA256()
    digest.update("\(company)\n\(generation)\n".utf8)
    for part in parts { digest.update(part.bytes) }
    let identity = digest.finish()
    let sequence = Self.sequence(identity.bytes)
    let latest = parts.map(\.submission.entry.head.postingDate).max()
    let day = latest?.text ?? ""
    batch = "GL-" + identity.hex.prefix(32)
    let first = parts[0].submission.key
    name =
      "GL_\(company)_JOURNAL_\(day.replacing("-", with: ""))_\(first)_\(parts.count)"
      + "_\(identity.hex.prefix(Self.digestLength).uppercased())\(format.fileExtension)"
    keys = parts.map(\.submission.key)
    entries = parts.count
    lines = parts.reduce(0) { $0 + $1.submission.entry.lines.count }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(1_000) { $0 + $1.bytes.count })
    try format.write(
      WireRecord(
        letter: .header,
        fields: [
          .count(1), .code(company, pointer: "/company"), .count(sequence),
          // Not the present time: a repeat must have the same bytes.
          .plain(day + "T00:00:00Z"), .code(batch, pointer: ""),
        ]), into: &bytes)
    var totals = ControlTotals()
    for part in parts {
      bytes += part.bytes
      totals.add(part.submission.entry)
    }
    for record in totals.records { try format.write(record, into: &bytes) }
    try format.write(
      WireRecord(
        letter: .trailer,
        fields: [
          .count(sequence), .count(entries), .count(lines),
          .plain(SHA256.hash(bytes).hex),
        ]), into: &bytes)
    self.bytes = bytes
    sha256 = SHA256.hash(bytes).hex
  }

  /// A number of at most 12 digits, the same for the same content.
  private static func sequence(_ digest: [UInt8]) -> Int {
    let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(number % 999_999_999_999) + 1
  }

  var keyList: WireKeyList {
    WireKeyList(
      batch: batch, file: name, size: bytes.count, sha256: sha256, entries: entries, lines: lines,
      keys: keys.map(\.text))
  }
}

extension HandOverRegister.Note {
  /// The manifest of the file that this note is about.
  func manifest(company: String) -> WireManifest {
    WireManifest(
      batch: batch, company: company, file: file, size: size, sha256: sha256, entries: entries,
      lines: lines)
  }
}

extension Encodable {
  /// JSON with sorted keys: the same bytes for the same value.
  var jsonBytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a document of texts and numbers can be written as JSON")
    }
    return [UInt8](data)
  }
}
