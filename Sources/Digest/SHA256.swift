import CLibcrypto

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
package final class SHA256 {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
    self.context = context
    start()
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes to what is hashed.
  package func update(_ bytes: some Sequence<UInt8>) {
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
      add(UnsafeRawBufferPointer($0))
    }
    if isContiguous == nil {
      [UInt8](bytes).withUnsafeBytes { add($0) }
    }
  }

  /// The hash of everything added so far; afterwards the object starts anew.
  package func finish() -> DigestValue {
    var value = DigestValue()
    value.withUnsafeMutableBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      precondition(EVP_DigestFinal_ex(context, start, nil) == 1, "SHA-256 refused to finish")
    }
    start()
    return value
  }

  /// The hash of `bytes`.
  package static func hash(_ bytes: [UInt8]) -> DigestValue {
    var value = DigestValue()
    value.withUnsafeMutableBytes { digest in
      let start = digest.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let type = DigestAlgorithm.sha256.pointer
      precondition(
        EVP_Digest(bytes, bytes.count, start, nil, type, nil) == 1, "SHA-256 refused bytes")
    }
    return value
  }

  package static func hash(_ bytes: some Sequence<UInt8>) -> DigestValue { hash(Array(bytes)) }

  /// The hash of a text's UTF-8.
  package static func hash(_ text: String) -> DigestValue { hash(Array(text.utf8)) }

  private func start() {
    precondition(
      EVP_DigestInit_ex2(context, DigestAlgorithm.sha256.pointer, nil) == 1,
      "SHA-256 refused to start")
  }

  private func add(_ bytes: UnsafeRawBufferPointer) {
    precondition(
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "SHA-256 refused bytes")
  }
}
