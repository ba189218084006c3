import Foundation

/// Reads comma-separated values (RFC 4180) with a header line, and keeps the line of each record.
package struct CSVReader {
  /// Larger files are refused.
  package static let maximumBytes = 64 * 1_024 * 1_024

  package struct Record: Hashable, Sendable {
    package let place: FilePlace
    /// In the order of the header; as many as the header has.
    package let fields: [String]
  }

  package struct Table: Hashable, Sendable {
    package let header: [String]
    package let records: [Record]

    /// The position of a column; nil when there is none.
    package func column(_ name: String) -> Int? { header.firstIndex(of: name) }
  }

  /// The records; nil, with a fault, when the file as a whole cannot be read. Records with another
  /// number of fields than the header are reported and left out. Blank lines are skipped.
  static func read(_ bytes: [UInt8], file: String, into findings: FindingList) -> Table? {
    guard bytes.count <= maximumBytes else {
      findings.error(
        "too_large", FilePlace(file: file),
        "The file has \(bytes.count) bytes; \(maximumBytes) are allowed",
        fix: "Split the file")
      return nil
    }
    guard String(bytes: bytes, encoding: .utf8) != nil else {
      findings.error(
        "invalid_utf8", FilePlace(file: file), "The file is not UTF-8", fix: "Save it as UTF-8")
      return nil
    }
    var scanner = CSVScanner(bytes, file: file)
    var header: [String]?
    var records: [Record] = []
    while let record = scanner.next(findings) {
      if record.fields == [""] { continue }
      guard let names = header else {
        header = record.fields.map { $0.trimmingCharacters(in: .whitespaces) }
        continue
      }
      guard record.fields.count == names.count else {
        findings.error(
          "csv_fields", record.place,
          "The line has \(record.fields.count) fields; the header has \(names.count)",
          fix: "Put fields that hold commas in quotes, and write every field")
        continue
      }
      records.append(record)
    }
    guard let header else {
      findings.error(
        "csv_empty", FilePlace(file: file), "The file has no header line",
        fix: "Write the names of the columns in the first line")
      return nil
    }
    return Table(header: header, records: records)
  }
}

/// Cuts the bytes of a file into records.
private struct CSVScanner {
  private let bytes: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next record; nil at the end.
  mutating func next(_ findings: FindingList) -> CSVReader.Record? {
    guard index < bytes.count else { return nil }
    let place = FilePlace(file: file, line: line)
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          field.append(byte)
          continue
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case UInt8(ascii: ","):
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      case UInt8(ascii: "\r") where index == bytes.count || bytes[index] == UInt8(ascii: "\n"):
        break
      case UInt8(ascii: "\n"):
        fields.append(String(decoding: field, as: UTF8.self))
        return CSVReader.Record(place: place, fields: fields)
      default: field.append(byte)
      }
    }
    if isQuoted {
      findings.error(
        "csv_quote", place, "A quote opens in this record and never closes",
        fix: "Close the quote, or double it where it belongs to the text")
    }
    fields.append(String(decoding: field, as: UTF8.self))
    return CSVReader.Record(place: place, fields: fields)
  }
}
