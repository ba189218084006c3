/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key.
package struct HMAC: Sendable {
  private static let blockSize = 64

  private let innerPad: [UInt8]
  private let outerPad: [UInt8]

  package init(key: some Collection<UInt8>) {
    var block = key.count > Self.blockSize ? SHA256.hash(key).bytes : [UInt8](key)
    block += [UInt8](repeating: 0, count: Self.blockSize - block.count)
    innerPad = block.map { $0 ^ 0x36 }
    outerPad = block.map { $0 ^ 0x5C }
  }

  /// The code of `message`.
  package func code(of message: some Sequence<UInt8>) -> DigestValue {
    let digest = SHA256()
    digest.update(innerPad)
    digest.update(message)
    let inner = digest.finish()
    digest.update(outerPad)
    digest.update(inner.bytes)
    return digest.finish()
  }

  /// Whether `code` belongs to `message`, in constant time. A code of another length does not.
  package func isValid(_ code: some Collection<UInt8>, for message: some Sequence<UInt8>) -> Bool {
    self.code(of: message).bytes.equalsInConstantTime(code)
  }
}
