import Ledger

/// The rule for ids and codes: 1 to 256 printable characters.
package enum Identifier {
  /// ASCII without controls and of a length that needs no counting: nothing more to check.
  @inline(__always)
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= DocumentIdentity.maximumIDLength,
      bytes[0] != UInt8(ascii: " ")
    else { return false }
    var index = 0
    while index < bytes.count {
      guard bytes[index] &- 0x20 < 0x5F else { return false }
      index += 1
    }
    return true
  }

  /// What is wrong with an id; nil when it may be used.
  package static func fault(of text: String) -> (detail: String, fix: String)? {
    var isBlank = true
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      guard !isControl(scalar) else {
        return (
          "The id holds the control character U+\(hexadecimal(scalar.value))",
          "Use printable characters only"
        )
      }
      if scalar != " " { isBlank = false }
    }
    if count == 0 { return ("The id is empty", "Give it a value") }
    if isBlank { return ("The id holds nothing but blanks", "Give it a value") }
    guard count <= DocumentIdentity.maximumIDLength else {
      return (
        "The id has \(count) characters; \(DocumentIdentity.maximumIDLength) are allowed",
        "Use a shorter id"
      )
    }
    return nil
  }

  /// Controls and the separators of lines and paragraphs.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
