/// Base 16 (RFC 4648, section 8).
package enum Hex {
  private static let digits = [UInt8]("0123456789abcdef".utf8)

  /// Lower case, two digits for each byte.
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { text in
      var end = 0
      for byte in bytes {
        text[end] = digits[Int(byte >> 4)]
        text[end + 1] = digits[Int(byte & 0xF)]
        end += 2
      }
      return end
    }
  }

  /// Accepts both cases; nil for an odd length or another character.
  package static func decode(_ text: String) -> [UInt8]? {
    let characters = [UInt8](text.utf8)
    guard characters.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2)
    for index in stride(from: 0, to: characters.count, by: 2) {
      guard let high = value(of: characters[index]), let low = value(of: characters[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x41 + 10
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }
}
