import CLibcrypto

/// A public key of RSA or of an elliptic curve, which checks signatures of JSON Web Tokens (RFC 7518).
package struct AssertionKey: Sendable {
  /// A signature algorithm, by the name that the header of a token gives it.
  package enum Algorithm: String, Sendable, CaseIterable {
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"

    fileprivate var digest: String { "SHA" + rawValue.dropFirst(2) }
    fileprivate var isElliptic: Bool { rawValue.hasPrefix("ES") }

    /// Bytes of each of the two halves of an elliptic signature, and the size of its curve.
    fileprivate var curve: (half: Int, bits: Int32)? {
      switch self {
      case .es256: (32, 256)
      case .es384: (48, 384)
      case .es512: (66, 521)
      case .ps256, .ps384, .ps512: nil
      }
    }
  }

  private let key: PublicKeyHandle

  /// - Parameter pem: SubjectPublicKeyInfo or an X.509 certificate.
  /// - Returns: nil for anything else.
  package init?(pem: String) {
    guard let key = PublicKeyHandle(pem: pem) else { return nil }
    self.key = key
  }

  /// Whether this key signed the message so. A key of another kind or curve did not.
  package func isValid(
    _ signature: [UInt8], for message: [UInt8], algorithm: Algorithm
  ) -> Bool {
    var signature = signature
    if let (half, bits) = algorithm.curve {
      guard EVP_PKEY_get_base_id(key.pointer) == EVP_PKEY_EC,
        EVP_PKEY_get_bits(key.pointer) == bits, signature.count == 2 * half
      else { return false }
      signature = Self.sequence(of: signature[..<half], signature[half...])
    } else {
      guard EVP_PKEY_get_base_id(key.pointer) == EVP_PKEY_RSA else { return false }
    }
    let context = EVP_MD_CTX_new()
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    // The parameters belong to the context, which frees them.
    var parameters: OpaquePointer?
    guard
      EVP_DigestVerifyInit_ex(
        context, &parameters, algorithm.digest, nil, nil, key.pointer, nil) == 1
    else { return false }
    if !algorithm.isElliptic {
      guard EVP_PKEY_CTX_ctrl_str(parameters, "rsa_padding_mode", "pss") == 1,
        EVP_PKEY_CTX_ctrl_str(parameters, "rsa_pss_saltlen", "digest") == 1
      else { return false }
    }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  /// Two whole numbers as a DER sequence, the form in which libcrypto takes elliptic signatures.
  private static func sequence(of first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> [UInt8]
  {
    func number(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var digits = Array(bytes.drop { $0 == 0 })
      if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
      return [0x02, UInt8(digits.count)] + digits
    }
    let content = number(first) + number(second)
    return (content.count < 0x80 ? [0x30] : [0x30, 0x81]) + [UInt8(content.count)] + content
  }
}

/// One public key of libcrypto. Never changed after it was read, so that threads may share it.
private final class PublicKeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  init?(pem: String) {
    guard
      let found = Self.read(pem, { PEM_read_bio_PUBKEY($0, nil, nil, nil) })
        ?? Self.read(
          pem,
          { bio in
            guard let certificate = PEM_read_bio_X509(bio, nil, nil, nil) else { return nil }
            defer { X509_free(certificate) }
            return X509_get_pubkey(certificate)
          })
    else {
      ERR_clear_error()
      return nil
    }
    pointer = found
  }

  deinit { EVP_PKEY_free(pointer) }

  private static func read(_ pem: String, _ read: (OpaquePointer) -> OpaquePointer?)
    -> OpaquePointer?
  {
    let bytes = Array(pem.utf8)
    guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { return nil }
    defer { BIO_free(bio) }
    return read(bio)
  }
}
