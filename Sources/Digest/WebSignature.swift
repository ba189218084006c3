import CLibcrypto

/// Signs JSON Web Signatures (RFC 7518, section 3) with a private RSA or EC key.
package struct WebSignature: Sendable {
  package enum Algorithm: String, Hashable, Sendable, CaseIterable {
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"

    var hash: String { "SHA" + rawValue.suffix(3) }
    var isRSA: Bool { rawValue.hasPrefix("PS") }

    /// Bytes of each of the two numbers of an EC signature (RFC 7518, section 3.4).
    var coordinateBytes: Int {
      switch self {
      case .es256: 32
      case .es384: 48
      case .es512: 66
      case .ps256, .ps384, .ps512: 0
      }
    }

    fileprivate var curveBits: Int32 { self == .es512 ? 521 : Int32(coordinateBytes) * 8 }
  }

  /// RFC 7518, section 3.5.
  private static let leastRSABits: Int32 = 2_048

  package let algorithm: Algorithm
  private let key: KeyHandle

  /// - Parameter pem: a private key without a passphrase.
  /// - Returns: nil for anything that is no key of the algorithm: RSA of at least 2,048 bits, or EC
  ///   on its curve.
  package init?(_ algorithm: Algorithm, pem: String) {
    guard let handle = KeyHandle(privatePEM: pem) else { return nil }
    let bits = EVP_PKEY_get_bits(handle.pointer)
    let fits =
      algorithm.isRSA
      ? handle.kind == EVP_PKEY_RSA && bits >= Self.leastRSABits
      : handle.kind == EVP_PKEY_EC && bits == algorithm.curveBits
    guard fits else { return nil }
    self.algorithm = algorithm
    key = handle
  }

  /// Another one each time, for the same message.
  package func signature(of message: [UInt8]) -> [UInt8] {
    let signed = signed(message)
    return algorithm.isRSA ? signed : joined(signed)
  }

  private func signed(_ message: [UInt8]) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    // Freed with the context around it.
    var parameters: OpaquePointer?
    precondition(
      EVP_DigestSignInit_ex(
        context, &parameters, algorithm.hash, nil, nil, key.pointer, nil) == 1,
      "the key takes \(algorithm.rawValue)")
    if algorithm.isRSA {
      precondition(
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
          && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1,
        "RSA takes PSS")
    }
    return [UInt8](unsafeUninitializedCapacity: Int(EVP_PKEY_get_size(key.pointer))) {
      buffer, count in
      var length = buffer.count
      precondition(
        EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1,
        "\(algorithm.rawValue) signs")
      count = length
    }
  }

  /// The two numbers of a DER signature, one after the other.
  private func joined(_ der: [UInt8]) -> [UInt8] {
    let numbers = der.withUnsafeBufferPointer { bytes in
      var start = bytes.baseAddress
      return d2i_ECDSA_SIG(nil, &start, bytes.count)
    }
    defer { ECDSA_SIG_free(numbers) }
    let size = algorithm.coordinateBytes
    return [UInt8](unsafeUninitializedCapacity: 2 * size) { buffer, count in
      let start = buffer.baseAddress
      let wrote =
        BN_bn2binpad(ECDSA_SIG_get0_r(numbers), start, Int32(size))
        + BN_bn2binpad(ECDSA_SIG_get0_s(numbers), start?.advanced(by: size), Int32(size))
      precondition(wrote == Int32(2 * size), "an EC signature has two numbers of its curve")
      count = 2 * size
    }
  }
}
