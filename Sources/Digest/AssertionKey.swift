import CLibcrypto

/// A public key of RSA or of an elliptic curve, which checks signatures of JSON Web Tokens (RFC 7518).
package struct AssertionKey: Sendable {
  private let key: KeyHandle

  /// - Parameter pem: SubjectPublicKeyInfo or an X.509 certificate.
  /// - Returns: nil for anything else.
  package init?(pem: String) {
    let found =
      KeyHandle(pem: pem) { PEM_read_bio_PUBKEY($0, nil, nil, nil) }
      ?? KeyHandle(pem: pem) { bio in
        guard let certificate = PEM_read_bio_X509(bio, nil, nil, nil) else { return nil }
        defer { X509_free(certificate) }
        return X509_get_pubkey(certificate)
      }
    guard let found else { return nil }
    key = found
  }

  /// Whether this key signed the message so. A key of another kind or curve did not.
  package func isValid(
    _ signature: [UInt8], for message: [UInt8], algorithm: WebSignature.Algorithm
  ) -> Bool {
    guard algorithm.takes(key) else { return false }
    var signature = signature
    if !algorithm.isRSA {
      let half = algorithm.coordinateBytes
      guard signature.count == 2 * half else { return false }
      signature = Self.sequence(of: signature[..<half], signature[half...])
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
        context, &parameters, algorithm.hash, nil, nil, key.pointer, nil) == 1
    else { return false }
    guard !algorithm.isRSA || WebSignature.setPSS(parameters) else { return false }
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
