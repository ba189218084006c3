import Digest
import TestSupport
import Testing

@Suite struct DigestTests {
  /// FIPS 180-4 examples, and a text longer than a block.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `hashes the published examples`(text: String, hex: String) {
    #expect(SHA256.hash(text).hex == hex)
  }

  /// FIPS 180-4 examples, and values of `sha1sum` around the block length.
  @Test(arguments: [
    ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
    ),
    (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
    (String(repeating: "a", count: 56), "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
    (String(repeating: "a", count: 63), "03f09f5b158a7a8cdad920bddc29b81c18a551f5"),
    (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
    (String(repeating: "a", count: 1000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
  ])
  func `gives the published values of SHA-1`(text: String, hex: String) {
    #expect(Hex.encode(SHA1.hash(Array(text.utf8))) == hex)
  }

  @Test(arguments: Seed.forThisRun)
  func `pieces hash like the whole`(seed: Seed) {
    var random = SeededGenerator(seed)
    let bytes = (0..<Int.random(in: 0...500, using: &random)).map { _ in
      UInt8.random(in: .min ... .max, using: &random)
    }
    let digest = SHA256()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...70, using: &random))
      digest.update(piece)
      rest = rest.dropFirst(piece.count)
    }
    #expect(digest.finish() == SHA256.hash(bytes))
    #expect(digest.finish() == SHA256.hash(""))
  }

  @Test func `a sequence without storage hashes like an array`() {
    #expect(
      SHA256.hash((0..<100).lazy.map { UInt8($0) }) == SHA256.hash((0..<100).map { UInt8($0) }))
  }

  /// RFC 4231, cases 1, 2, 3, 6 and 7.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), [UInt8]("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      [UInt8]("Jefe".utf8), [UInt8]("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      [UInt8]("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `authenticates the published examples`(key: [UInt8], message: [UInt8], hex: String) throws {
    let code = HMAC(key: key).code(of: message)
    #expect(code.hex == hex)
    #expect(HMAC(key: key).isValid(code.bytes, for: message))
  }

  @Test func `refuses a code that is wrong, short or of another message`() {
    let hmac = HMAC(key: [1, 2, 3])
    var code = hmac.code(of: [9]).bytes
    #expect(!hmac.isValid(code, for: [8]))
    #expect(!hmac.isValid(code.dropLast(), for: [9]))
    code[31] ^= 1
    #expect(!hmac.isValid(code, for: [9]))
  }

  @Test(arguments: 0..<32)
  func `values differ when any byte differs`(position: Int) {
    let value = SHA256.hash("x")
    var bytes = value.bytes
    bytes[position] ^= 0x10
    #expect(DigestValue(bytes: bytes) != value)
    #expect(DigestValue(hex: value.hex) == value)
  }

  @Test(arguments: [([], ""), ([0, 255, 16], "00ff10")] as [([UInt8], String)])
  func `hexadecimal goes both ways`(bytes: [UInt8], text: String) {
    #expect(Hex.encode(bytes) == text)
    #expect(Hex.decode(text.uppercased()) == bytes)
  }

  @Test(arguments: ["0", "0g", "é", " 00"])
  func `refuses what is not hexadecimal`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `random bytes have the wanted length and do not repeat`() {
    let random = SecureRandom()
    #expect(random.bytes(0).isEmpty)
    #expect(random.bytes(33).count == 33)
    #expect(random.bytes(16) != random.bytes(16))
  }
}

@Suite struct SeedTests {
  @Test func `one seed can be wished`() {
    #expect(Seed.chosen(by: ["PROPERTY_SEED": "42", "PROPERTY_RUNS": "5"]) == [42])
  }

  @Test func `fresh seeds can be wished`() {
    let seeds = Seed.chosen(by: ["PROPERTY_RUNS": "500"])
    #expect(Set(seeds).count == 500)
  }

  @Test(arguments: [[:], ["PROPERTY_SEED": "x"], ["PROPERTY_RUNS": "-1"]])
  func `the list is fixed otherwise`(environment: [String: String]) {
    #expect(Seed.chosen(by: environment) == Seed.fixed)
  }

  @Test func `a seed gives the same numbers every time`() {
    var one = SeededGenerator(7)
    var two = SeededGenerator(7)
    var other = SeededGenerator(8)
    let first = one.next()
    #expect(two.next() == first)
    #expect(other.next() != first)
  }
}
