/// Reads `.csv`: separator `;`, quotes doubled, formulas disarmed by an apostrophe.
enum DelimitedFormat {
  static func records(_ bytes: [UInt8]) throws(FileFault) -> [FileRecord] {
    var reader = Reader(bytes: bytes)
    var records: [FileRecord] = []
    while !reader.isAtEnd {
      let offset = reader.position
      let raw = try reader.row()
      let number = records.count + 1
      guard let first = raw.first, first.count == 1, let letter = first.first,
        let layout = RecordLayout.fields(of: letter)
      else { throw .malformed("Record \(number) begins with no known letter") }
      guard raw.count == layout.count + 1 else {
        throw .malformed("Record \(number) has \(raw.count - 1) fields, not \(layout.count)")
      }
      let fields = zip(layout, raw.dropFirst()).map { field, text in
        field.kind == .text && text.utf8.first == UInt8(ascii: "'")
          ? String(text.unicodeScalars.dropFirst()) : text
      }
      records.append(
        FileRecord(letter: letter, fields: fields, offset: offset, number: number))
    }
    return records
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    /// The fields of one record; a file that ends inside it is cut off.
    mutating func row() throws(FileFault) -> [String] {
      var fields: [String] = []
      while true {
        let field = try field()
        fields.append(field)
        guard position < bytes.count else { throw .cutOff }
        let separator = bytes[position]
        position += 1
        if separator == UInt8(ascii: "\n") { return fields }
      }
    }

    /// Ends in front of a separator or line end.
    private mutating func field() throws(FileFault) -> String {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ";"),
          bytes[position] != UInt8(ascii: "\n")
        {
          guard bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\r") else {
            throw .malformed("A quote or CR stands in a field that is not quoted")
          }
          position += 1
        }
        return try text(bytes[start..<position])
      }
      position += 1
      var content: [UInt8] = []
      while true {
        guard position < bytes.count else { throw .cutOff }
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: "\"") else {
          content.append(byte)
          continue
        }
        guard position < bytes.count else { throw .cutOff }
        switch bytes[position] {
        case UInt8(ascii: "\""):
          content.append(byte)
          position += 1
        case UInt8(ascii: ";"), UInt8(ascii: "\n"): return try text(content[...])
        default: throw .malformed("A closing quote is not followed by a separator")
        }
      }
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(FileFault) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .malformed("The file is not UTF-8")
      }
      return text
    }
  }
}
