/// Turns UTF-16 that arrives in pieces into UTF-8.
struct UTF16Decoder {
  private let isBigEndian: Bool
  /// The first byte of a unit whose second is still to come.
  private var half: UInt8?
  /// The first unit of a pair whose second is still to come.
  private var lead: UInt16?

  /// - Parameter head: The first four bytes of a document.
  /// - Returns: With the length of the mark at its start; nil when it is not UTF-16 by its mark or
  ///   first character.
  static func starting(with head: [UInt8]) -> (decoder: UTF16Decoder, mark: Int)? {
    guard head.count == 4 else { return nil }
    let opening = UInt8(ascii: "<")
    switch (head[0], head[1], head[2], head[3]) {
    case (0xFE, 0xFF, _, _): return (UTF16Decoder(isBigEndian: true), 2)
    case (0xFF, 0xFE, 0, 0): return nil
    case (0xFF, 0xFE, _, _): return (UTF16Decoder(isBigEndian: false), 2)
    case (0, opening, 0, 1...): return (UTF16Decoder(isBigEndian: true), 0)
    case (opening, 0, 1..., 0): return (UTF16Decoder(isBigEndian: false), 0)
    default: return nil
    }
  }

  private init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  /// True between whole characters.
  var isComplete: Bool { half == nil && lead == nil }

  /// - Returns: nil where half of a pair stands alone.
  mutating func decode(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit = isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
      let value: UInt32
      if let first = lead {
        guard UTF16.isTrailSurrogate(unit) else { return nil }
        lead = nil
        value = 0x1_0000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit & 0x3FF))
      } else if UTF16.isLeadSurrogate(unit) {
        lead = unit
        continue
      } else {
        value = UInt32(unit)
      }
      guard let scalar = Unicode.Scalar(value) else { return nil }
      text.append(contentsOf: scalar.utf8)
    }
    return text
  }
}
