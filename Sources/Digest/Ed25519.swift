import CLibcrypto

/// A private key of Ed25519 (RFC 8032): signs, so that others can tell who did.
package struct SigningKey: Sendable {
  private let key: KeyHandle

  /// - Parameter pem: PKCS #8 without a passphrase, as `openssl genpkey -algorithm ed25519` writes.
  /// - Returns: nil for anything else.
  package init?(pem: String) {
    guard let handle = KeyHandle(privatePEM: pem), handle.kind == EVP_PKEY_ED25519 else {
      return nil
    }
    key = handle
  }

  /// 64 bytes; the same for the same message.
  package func signature(of message: [UInt8]) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    precondition(
      EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1, "Ed25519 refused its key")
    return [UInt8](unsafeUninitializedCapacity: VerifyingKey.signatureBytes) { buffer, count in
      var length = VerifyingKey.signatureBytes
      precondition(
        EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1,
        "Ed25519 refused to sign")
      count = length
    }
  }

  package var publicKey: VerifyingKey { VerifyingKey(key) }
}

/// A public key of Ed25519.
package struct VerifyingKey: Sendable {
  static let signatureBytes = 64

  private let key: KeyHandle

  fileprivate init(_ key: KeyHandle) { self.key = key }

  /// - Parameter pem: SubjectPublicKeyInfo, as ``pem`` writes.
  /// - Returns: nil for anything else.
  package init?(pem: String) {
    guard let handle = KeyHandle(pem: pem, read: { PEM_read_bio_PUBKEY($0, nil, nil, nil) }),
      handle.kind == EVP_PKEY_ED25519
    else { return nil }
    key = handle
  }

  /// The public half, in PEM.
  package var pem: String {
    let bio = BIO_new(BIO_s_mem())
    defer { BIO_free(bio) }
    precondition(PEM_write_bio_PUBKEY(bio, key.pointer) == 1, "the public key can be written")
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
    let count = BIO_read(bio, &bytes, Int32(bytes.count))
    return String(decoding: bytes.prefix(Int(max(count, 0))), as: UTF8.self)
  }

  package func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
