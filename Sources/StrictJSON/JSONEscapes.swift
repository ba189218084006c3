/// Decodes the escapes of strings that ``JSONParser`` has checked.
enum JSONEscapes {
  /// Four hexadecimal digits at `index`; nil when they are anything else.
  static func hexadecimal(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    var result: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      result = result << 4 | UInt32(digit)
    }
    return result
  }

  /// The bytes that a string or key stands for.
  static func content(of node: JSONNode, in bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let range = Int(node.start)..<Int(node.end)
    guard node.hasEscapes else { return Array(bytes[range]) }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let letter = bytes[index + 1]
      index += 2
      switch letter {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        var scalar = hexadecimal(in: bytes, at: index) ?? 0
        index += 4
        if (0xD800...0xDBFF).contains(scalar) {
          let low = hexadecimal(in: bytes, at: index + 2) ?? 0
          scalar = 0x1_0000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        if let scalar = Unicode.Scalar(scalar) {
          result.append(contentsOf: UTF8.encode(scalar) ?? .init())
        }
      default: result.append(letter)
      }
    }
    return result
  }
}
