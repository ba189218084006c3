/// The 32 bytes of a SHA-256 or an HMAC-SHA-256. Equality takes the same time wherever they differ.
package struct DigestValue: Sendable {
  package static let byteCount = 32

  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init() {}

  /// - Returns: nil unless there are 32 bytes.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
  }

  /// - Returns: nil unless the text is 64 hexadecimal digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  package var bytes: [UInt8] {
    withUnsafeBytes(of: words) { [UInt8]($0) }
  }

  /// 64 lower case digits.
  package var hex: String { Hex.encode(bytes) }

  mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
    Swift.withUnsafeMutableBytes(of: &words, body)
  }
}

extension DigestValue: Hashable, CustomStringConvertible {
  package static func == (left: DigestValue, right: DigestValue) -> Bool {
    let differences =
      (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
      | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
    return differences == 0
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }

  package var description: String { hex }
}
