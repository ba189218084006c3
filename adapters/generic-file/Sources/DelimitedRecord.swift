import Ledger

/// Records with `;` between their fields.
enum DelimitedRecord {
  static func write(_ record: WireRecord, into bytes: inout [UInt8]) throws(Problem) {
    bytes.append(contentsOf: record.letter.rawValue.utf8)
    for field in record.fields {
      bytes.append(UInt8(ascii: ";"))
      append(try field.writable(), isText: field.isText, to: &bytes)
    }
  }

  private static func append(_ text: String, isText: Bool, to bytes: inout [UInt8]) {
    let utf8 = text.utf8
    // A spreadsheet runs what starts like a formula; the reader takes one apostrophe away.
    let needsGuard = isText && utf8.first.map(startsFormula) ?? false
    let needsQuotes =
      utf8.contains(where: separates) || utf8.first == UInt8(ascii: " ")
      || utf8.last == UInt8(ascii: " ")
    guard needsQuotes else {
      if needsGuard { bytes.append(UInt8(ascii: "'")) }
      bytes.append(contentsOf: utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if needsGuard { bytes.append(UInt8(ascii: "'")) }
    for byte in utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func separates(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ";"), UInt8(ascii: "\""), 0x0A, 0x0D: true
    default: false
    }
  }

  private static func startsFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D,
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}
