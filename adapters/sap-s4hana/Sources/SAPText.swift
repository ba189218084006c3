import AdapterKit
import Ledger

/// Values for fields of SAP. A code goes out whole or not at all; a text that people read is cut to
/// its field and stands on one line.
enum SAPText {
  /// - Throws: ``Problem`` `not_expressible` for a code that is longer than its field or holds what
  ///   the field cannot.
  static func code(
    _ field: String, _ value: String, longest: Int, at pointer: String
  ) throws(Problem) -> String {
    guard value.count <= longest, value.unicodeScalars.allSatisfy(isWritable) else {
      throw Problem(
        code: "not_expressible", pointer: pointer,
        detail: "The entry cannot be written in this ERP: \(field) takes \(longest) characters "
          + "on one line, and '\(value.prefix(60))' is not that",
        fix: "Use the code that the ERP knows, in the source or in the configuration")
    }
    return value
  }

  /// nil for a text of blanks.
  static func text(_ value: String, longest: Int) -> String? {
    var scalars = String.UnicodeScalarView()
    for scalar in value.unicodeScalars { scalars.append(isWritable(scalar) ? scalar : " ") }
    let line = String(scalars).drop { $0 == " " }
    return line.isEmpty ? nil : String(line.prefix(longest))
  }

  /// What XML 1.0 can carry, without control characters.
  private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
