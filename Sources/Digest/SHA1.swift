import CLibcrypto

/// SHA-1 (FIPS 180-4). Only for the password digest of WS-Security, which knows no other: collisions
/// of SHA-1 can be made, so nothing else may rest on it.
package enum SHA1 {
  package static let byteCount = 20

  /// The 20 bytes of the hash.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { hash, count in
      precondition(
        EVP_Digest(
          bytes, bytes.count, hash.baseAddress, nil, DigestAlgorithm.sha1.pointer, nil) == 1,
        "SHA-1 refused bytes")
      count = byteCount
    }
  }
}
