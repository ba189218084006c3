/// What SHA-1 and SHA-256 have in common: the padding and the order of bytes.
enum PaddedMessage {
  /// The message, a one bit, zeros, and the length in bits, to a multiple of 64 bytes.
  static func bytes(of message: some Sequence<UInt8>) -> [UInt8] {
    var bytes = Array(message)
    let bits = UInt64(bytes.count) * 8
    bytes.append(0x80)
    let zeros = (64 - (bytes.count + 8) % 64) % 64
    bytes.append(contentsOf: repeatElement(0, count: zeros))
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    return bytes
  }

  /// Four bytes, the most significant first.
  static func word(_ message: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
    UInt32(message[index]) << 24 | UInt32(message[index + 1]) << 16
      | UInt32(message[index + 2]) << 8 | UInt32(message[index + 3])
  }
}
