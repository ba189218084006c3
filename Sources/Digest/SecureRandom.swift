import CLibcrypto

/// Unpredictable bytes from OpenSSL's generator, seeded by the kernel: for keys, tokens and nonces.
package struct SecureRandom: RandomNumberGenerator, Sendable {
  package init() {}

  package func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      precondition(
        RAND_bytes(buffer.baseAddress, Int32(count)) == 1, "the system has no randomness")
      initialized = count
    }
  }

  package mutating func next() -> UInt64 {
    bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
