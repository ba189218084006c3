/// Reads `.txt`: fields of fixed widths, counted in Unicode scalars.
enum FixedWidthFormat {
  static func records(_ bytes: [UInt8]) throws(FileFault) -> [FileRecord] {
    var records: [FileRecord] = []
    var start = 0
    while start < bytes.count {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { throw .cutOff }
      let number = records.count + 1
      guard let line = String(validating: bytes[start..<end], as: UTF8.self) else {
        throw .malformed("Record \(number) is not UTF-8")
      }
      records.append(try record(Array(line.unicodeScalars), offset: start, number: number))
      start = end + 1
    }
    return records
  }

  private static func record(
    _ scalars: [Unicode.Scalar], offset: Int, number: Int
  ) throws(FileFault) -> FileRecord {
    guard let first = scalars.first, let layout = RecordLayout.fields(of: Character(first)) else {
      throw .malformed("Record \(number) begins with no known letter")
    }
    let width = layout.reduce(1) { $0 + $1.width }
    guard scalars.count == width else {
      throw .malformed("Record \(number) has \(scalars.count) characters, not \(width)")
    }
    var fields: [String] = []
    var start = 1
    for field in layout {
      fields.append(try value(scalars[start..<start + field.width], field.kind, number))
      start += field.width
    }
    return FileRecord(
      letter: Character(first), fields: fields, offset: offset, number: number)
  }

  private static func value(
    _ scalars: ArraySlice<Unicode.Scalar>, _ kind: RecordLayout.Kind, _ number: Int
  ) throws(FileFault) -> String {
    var rest = scalars
    switch kind {
    case .count, .amount: while rest.first == " " { rest.removeFirst() }
    case .text, .code: while rest.last == " " { rest.removeLast() }
    }
    guard kind == .text else { return text(rest) }
    var out: [Unicode.Scalar] = []
    var iterator = rest.makeIterator()
    while let scalar = iterator.next() {
      guard scalar == "\\" else {
        out.append(scalar)
        continue
      }
      switch iterator.next() {
      case "\\": out.append("\\")
      case "n": out.append("\n")
      case "r": out.append("\r")
      case "t": out.append("\t")
      case "s": out.append(" ")
      default: throw .malformed("Record \(number) has an escape that is not known")
      }
    }
    return text(out[...])
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
