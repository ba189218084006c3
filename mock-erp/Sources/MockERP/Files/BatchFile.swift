import Digest

/// The content of an exchanged file, complete and in agreement with its own totals.
struct BatchFile: Hashable {
  let company: String
  let batch: String
  let drafts: [EntryDraft]
  let lineCount: Int

  /// Puts the records together and checks structure, hash, counts and totals.
  init(_ records: [FileRecord], of bytes: [UInt8]) throws(FileFault) {
    guard let trailer = records.last, trailer.letter == "T" else { throw .cutOff }
    guard SHA256.hash(bytes[..<trailer.offset]).hex == trailer[3] else {
      throw FileFault(code: "wrong_hash", text: "The trailer's hash is not that of the file")
    }
    var reader = RecordCursor(records)
    let header = try reader.take("H")
    guard Int(header[0]) == 1 else { throw .malformed("Version \(header[0]) is not known") }
    var drafts: [EntryDraft] = []
    while let journal = reader.takeIf("J") {
      drafts.append(try Self.draft(journal, &reader))
    }
    var controls: [FileRecord] = []
    while let control = reader.takeIf("C") { controls.append(control) }
    _ = try reader.take("T")
    guard reader.isAtEnd else { throw .malformed("A record follows the trailer") }
    guard let sequence = Int(header[2]), sequence == Int(trailer[0]) else {
      throw .malformed("Header and trailer have different sequence numbers")
    }
    guard !drafts.isEmpty else { throw .malformed("The file has no entries") }
    lineCount = drafts.reduce(0) { $0 + $1.lines.count }
    guard Int(trailer[1]) == drafts.count, Int(trailer[2]) == lineCount else {
      throw FileFault(
        code: "wrong_count",
        text: "The trailer counts \(trailer[1]) entries and \(trailer[2]) lines,"
          + " the file has \(drafts.count) and \(lineCount)")
    }
    try ControlTotals(drafts).check(controls)
    company = header[1]
    batch = header[4]
    guard !company.isEmpty, !batch.isEmpty else {
      throw .malformed("The header has no company or no batch")
    }
    self.drafts = drafts
  }

  private static func draft(
    _ journal: FileRecord, _ reader: inout RecordCursor
  ) throws(FileFault) -> EntryDraft {
    let key = journal[0]
    var lines: [LineDraft] = []
    while let record = reader.takeIf("L") {
      guard record[0] == key, Int(record[1]) == lines.count + 1 else {
        throw .malformed("Record \(record.number) is not line \(lines.count + 1) of \(key)")
      }
      var line = LineDraft(
        account: record[2], side: sides[record[3]] ?? record[3], amount: record[4],
        functionalAmount: record[5], party: present(record[6]),
        tax: record[7].isEmpty && record[8].isEmpty && record[9].isEmpty
          ? nil
          : TaxDraft(code: record[7], rate: present(record[8]), base: present(record[9])),
        description: present(record[10]))
      while let dimension = reader.takeIf("D") {
        guard dimension[0] == key, Int(dimension[1]) == lines.count + 1, !dimension[2].isEmpty,
          line.dimensions.updateValue(dimension[3], forKey: dimension[2]) == nil
        else {
          throw .malformed(
            "Record \(dimension.number) is no dimension of line \(lines.count + 1) of \(key)")
        }
      }
      lines.append(line)
    }
    guard Int(journal[8]) == lines.count else {
      throw FileFault(
        code: "wrong_count",
        text: "Entry \(key) announces \(journal[8]) lines and has \(lines.count)")
    }
    return EntryDraft(
      externalKey: key, postingDate: journal[1], documentDate: present(journal[2]),
      currency: journal[3], functionalCurrency: journal[4], number: present(journal[5]),
      reference: present(journal[6]), description: present(journal[7]), lines: lines)
  }

  private static let sides = ["D": "debit", "C": "credit"]

  private static func present(_ text: String) -> String? { text.isEmpty ? nil : text }
}

/// Goes through the records of a file in order.
private struct RecordCursor {
  private let records: [FileRecord]
  private var position = 0

  init(_ records: [FileRecord]) { self.records = records }

  var isAtEnd: Bool { position == records.count }

  mutating func takeIf(_ letter: Character) -> FileRecord? {
    guard position < records.count, records[position].letter == letter else { return nil }
    position += 1
    return records[position - 1]
  }

  mutating func take(_ letter: Character) throws(FileFault) -> FileRecord {
    guard let record = takeIf(letter) else {
      throw .malformed("Record \(position + 1) is not the expected \(letter)")
    }
    return record
  }
}
