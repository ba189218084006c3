import Ledger

/// How records become bytes.
enum GenericFileFormat: String, CaseIterable, Sendable {
  case csv
  case fixedWidth

  var fileExtension: String { self == .csv ? ".csv" : ".txt" }

  /// Appends a record and LF.
  ///
  /// - Throws: ``Problem`` `text_not_writable` or `text_too_long` for a code that the format cannot
  ///   carry unchanged. A text for people gets U+FFFD for what cannot be written, and in fixed width is
  ///   cut to its column and ends in `…`.
  func write(_ record: WireRecord, into bytes: inout [UInt8]) throws(Problem) {
    switch self {
    case .csv: try DelimitedRecord.write(record, into: &bytes)
    case .fixedWidth: try FixedWidthRecord.write(record, into: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension Unicode.Scalar {
  /// Control characters other than TAB, LF and CR arrive nowhere.
  var isWritable: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D: true
    case 0x00...0x1F, 0x7F...0x9F: false
    default: true
    }
  }
}

extension WireField {
  /// The text that is written before quoting or padding.
  ///
  /// - Throws: ``Problem`` `text_not_writable`.
  func writable() throws(Problem) -> String {
    switch self {
    case .plain(let text), .number(let text, _): return text
    case .count(let number): return String(number)
    case .text(let text):
      guard !text.unicodeScalars.allSatisfy(\.isWritable) else { return text }
      var scalars = String.UnicodeScalarView()
      for scalar in text.unicodeScalars { scalars.append(scalar.isWritable ? scalar : "\u{FFFD}") }
      return String(scalars)
    case .code(let text, let pointer):
      guard let scalar = text.unicodeScalars.first(where: { !$0.isWritable }) else { return text }
      let number = String(scalar.value, radix: 16, uppercase: true)
      throw Problem(
        code: "text_not_writable", pointer: pointer,
        detail: "A code holds the control character U+\(number), which the file cannot carry",
        fix: "Remove it from the source document or the configuration")
    }
  }

  /// Whether a spreadsheet might take it for a formula.
  var isText: Bool {
    switch self {
    case .code, .text: true
    case .plain, .number, .count: false
    }
  }
}
