import AdapterKit
import Ledger
import TestSupport
import Testing

@Suite struct KeyFieldTests {
  static func key(_ number: UInt64) -> PostingKey {
    PostingKey(
      digest: (0..<16).map { UInt8(truncatingIfNeeded: (number &* 0x9E37_79B9) >> (4 * $0 % 60)) })
  }

  @Test func `a field with room holds the key as it is, whatever the derivation`() throws {
    let key = try #require(PostingKey("PK7F3Q9ZB2M4T6WX"))
    #expect(KeyField().text(for: key, derivation: 3) == "PK7F3Q9ZB2M4T6WX")
    #expect(KeyField(length: 20, prefix: "NW1-").text(for: key) == "NW1-PK7F3Q9ZB2M4T6WX")
    #expect(KeyField(length: 16, alphabet: .lowercase).text(for: key) == "pk7f3q9zb2m4t6wx")
  }

  @Test func `what a narrow field holds stays the same in every version`() throws {
    let key = try #require(PostingKey("PK7F3Q9ZB2M4T6WX"))
    #expect(KeyField(length: 12).text(for: key) == "UCPYQLOALN8W")
    #expect(KeyField(length: 12).text(for: key, derivation: 1) == "4M2ATHEIPJYG")
    #expect(KeyField(length: 15, alphabet: .digits).text(for: key) == "623172826902360")
  }

  @Test(arguments: [
    KeyField(length: 8), KeyField(length: 10, alphabet: .digits),
    KeyField(length: 14, alphabet: .lowercase, prefix: "p-"), KeyField(alphabet: .digits),
  ])
  func `a narrow field is filled with letters of its alphabet`(field: KeyField) {
    #expect(!field.holdsWholeKeys)
    for number in UInt64(1)...200 {
      let text = field.text(for: Self.key(number))
      #expect(text.hasPrefix(field.prefix))
      #expect(text.count == min(field.length ?? 24, 24 + field.prefix.count))
      #expect(field.alphabet != .digits || text.allSatisfy(\.isWholeNumber))
    }
  }

  @Test func `two thousand keys and their next derivations are all different in twelve characters`()
  {
    let field = KeyField(length: 12)
    var seen: Set<String> = []
    for number in UInt64(1)...1_000 {
      seen.insert(field.text(for: Self.key(number)))
      seen.insert(field.text(for: Self.key(number), derivation: 1))
    }
    #expect(seen.count == 2_000)
  }
}
