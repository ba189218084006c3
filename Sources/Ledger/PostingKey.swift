/// What makes a repeat harmless: the external reference that the ERP is given and asked by.
///
/// 16 characters of A–Z and 0–9, derived from the entry's identity and stable for ever.
public struct PostingKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let text: String

  public static let length = 16
  public static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

  /// nil for anything but 16 characters of the alphabet.
  public init?(_ text: String) {
    guard text.utf8.count == PostingKey.length,
      text.utf8.allSatisfy({
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
      })
    else { return nil }
    self.text = text
  }

  /// Writes a digest of at least 16 bytes in the alphabet: 36 to the power of 16 keys, 82 bits.
  public init(digest: [UInt8]) {
    precondition(digest.count >= 16, "a key is made of a digest of 16 bytes or more")
    var number = digest.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let base = UInt128(PostingKey.alphabet.count)
    text = String(unsafeUninitializedCapacity: PostingKey.length) { buffer in
      for index in 0..<PostingKey.length {
        buffer[index] = PostingKey.alphabet[Int(number % base)]
        number /= base
      }
      return PostingKey.length
    }
  }

  public var description: String { text }

  public static func < (left: PostingKey, right: PostingKey) -> Bool { left.text < right.text }
}
