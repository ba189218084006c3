import Digest
import Testing

@Suite struct Ed25519Tests {
  /// RFC 8032, section 7.1, test 2, in PKCS #8.
  static let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
    -----END PRIVATE KEY-----

    """

  @Test func `it signs as RFC 8032 shows`() throws {
    let key = try #require(SigningKey(pem: Self.pem))
    #expect(
      Hex.encode(key.signature(of: [0x72]))
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
  }

  @Test func `a public key tells its signatures from all others`() throws {
    let key = try #require(SigningKey(pem: Self.pem))
    let verifying = try #require(VerifyingKey(pem: key.publicKey.pem))
    let signature = key.signature(of: [1, 2, 3])
    #expect(verifying.isValid(signature, for: [1, 2, 3]))
    #expect(!verifying.isValid(signature, for: [1, 2, 4]))
    #expect(!verifying.isValid(Array(signature.dropLast()), for: [1, 2, 3]))
    var other = signature
    other[0] ^= 1
    #expect(!verifying.isValid(other, for: [1, 2, 3]))
    #expect(!verifying.isValid([], for: []))
  }

  @Test(arguments: [
    "", "-----BEGIN PRIVATE KEY-----", "no key at all",
    // A key of another algorithm: X25519.
    """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VuBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
    -----END PRIVATE KEY-----
    """,
  ])
  func `what is no private key of Ed25519 is refused`(pem: String) {
    #expect(SigningKey(pem: pem) == nil)
    #expect(VerifyingKey(pem: pem) == nil)
  }
}
