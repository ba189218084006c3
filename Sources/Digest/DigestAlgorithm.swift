import CLibcrypto

/// OpenSSL's implementation, looked up once: a look-up costs more than hashing a short text.
struct DigestAlgorithm: @unchecked Sendable {
  // Immutable and reference-counted by OpenSSL; never freed.
  let pointer: OpaquePointer

  static let sha1 = DigestAlgorithm("SHA1")
  static let sha256 = DigestAlgorithm("SHA256")

  private init(_ name: String) {
    guard let pointer = EVP_MD_fetch(nil, name, nil) else {
      preconditionFailure("libcrypto has no \(name)")
    }
    self.pointer = pointer
  }
}
