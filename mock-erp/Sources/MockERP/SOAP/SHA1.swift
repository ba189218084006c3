/// SHA-1 (FIPS 180-4), which WS-Security's password digests are made with.
enum SHA1 {
  static func digest(of bytes: [UInt8]) -> [UInt8] {
    let message = PaddedMessage.bytes(of: bytes)
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    message.withUnsafeBufferPointer { message in
      for start in stride(from: 0, to: message.count, by: 64) { step(&state, message, from: start) }
    }
    return state.flatMap { word in
      stride(from: 24, through: 0, by: -8).map {
        UInt8(truncatingIfNeeded: word >> UInt32($0))
      }
    }
  }

  private static func step(
    _ state: inout [UInt32], _ message: UnsafeBufferPointer<UInt8>, from start: Int
  ) {
    var schedule = (0..<16).map { PaddedMessage.word(message, at: start + $0 * 4) }
    for index in 16..<80 {
      let mixed =
        schedule[index - 3] ^ schedule[index - 8] ^ schedule[index - 14] ^ schedule[index - 16]
      schedule.append(mixed << 1 | mixed >> 31)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for index in 0..<80 {
      let (mixed, constant): (UInt32, UInt32) =
        switch index {
        case 0..<20: ((b & c) | (~b & d), 0x5A82_7999)
        case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case 40..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = (a << 5 | a >> 27) &+ mixed &+ e &+ constant &+ schedule[index]
      e = d
      d = c
      c = b << 30 | b >> 2
      b = a
      a = next
    }
    for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
  }
}
