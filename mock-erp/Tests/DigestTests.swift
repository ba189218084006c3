import Testing

@testable import MockERP

/// Vectors of FIPS 180-4 and its examples.
@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 agrees with the standard`(text: String, hex: String) {
    #expect(SHA256.hex(of: text.utf8) == hex)
  }

  @Test func `SHA-1 agrees with the standard`() {
    let digest = SHA1.digest(of: Array("abc".utf8))
    #expect(
      digest == [
        0xA9, 0x99, 0x3E, 0x36, 0x47, 0x06, 0x81, 0x6A, 0xBA, 0x3E, 0x25, 0x71, 0x78, 0x50, 0xC2,
        0x6C, 0x9C, 0xD0, 0xD8, 0x9D,
      ])
    let long = SHA1.digest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(long.prefix(4) == [0x34, 0xAA, 0x97, 0x3C])
  }
}
