import CLibcrypto

/// One key of libcrypto. Never changed after it was read, so that threads may share it.
final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// A private key in PEM without a passphrase; nil for anything else.
  convenience init?(privatePEM pem: String) {
    // Without a callback libcrypto would ask for a passphrase on the terminal.
    self.init(pem: pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
  }

  /// nil unless `read` finds a key.
  init?(pem: String, read: (OpaquePointer) -> OpaquePointer?) {
    var pem = pem
    let found = pem.withUTF8 { bytes -> OpaquePointer? in
      guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
        return nil
      }
      defer { BIO_free(bio) }
      return read(bio)
    }
    guard let found else {
      ERR_clear_error()
      return nil
    }
    pointer = found
  }

  /// `EVP_PKEY_RSA` and the like.
  var kind: Int32 { EVP_PKEY_get_base_id(pointer) }

  deinit { EVP_PKEY_free(pointer) }
}
