public import Ledger

/// The field of an ERP that holds our key.
public struct KeyField: Hashable, Sendable {
  /// The most characters that it takes; nil for at least those of a key.
  public var length: Int?
  public var alphabet: Alphabet
  /// Stands before the key: what tells our documents from others', or names the installation.
  public var prefix: String

  public enum Alphabet: String, Hashable, Sendable, CaseIterable {
    /// A–Z and 0–9 at least.
    case alphanumeric
    /// a–z and 0–9: what an ERP that does not tell capitals apart stores.
    case lowercase
    case digits

    var letters: [UInt8] {
      switch self {
      case .alphanumeric: PostingKey.alphabet
      case .lowercase: Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
      case .digits: Array("0123456789".utf8)
      }
    }
  }

  /// A field with fewer characters than this beside the prefix would mix documents up.
  public static let shortest = 8

  public init(length: Int? = nil, alphabet: Alphabet = .alphanumeric, prefix: String = "") {
    precondition(
      length.map { $0 - prefix.count >= KeyField.shortest } ?? true,
      "a field holds \(KeyField.shortest) characters of a key")
    self.length = length
    self.alphabet = alphabet
    self.prefix = prefix
  }

  private var room: Int { (length ?? .max) - prefix.count }

  /// Whether it holds a key as it is. Otherwise two keys may come to the same text: the adapter writes
  /// the whole key into another field, a memo or text, and takes the next derivation when it finds the
  /// text under another key.
  public var holdsWholeKeys: Bool { alphabet != .digits && room >= PostingKey.length }

  /// What stands in the field for a key: the key itself where it fits, else a text derived from it that
  /// is the same for ever.
  ///
  /// - Parameter derivation: 0 at first; 1 and so on where the text before it belongs to another key.
  ///   Ignored where the field holds whole keys.
  public func text(for key: PostingKey, derivation: UInt8 = 0) -> String {
    guard !holdsWholeKeys else {
      return prefix + (alphabet == .lowercase ? key.text.lowercased() : key.text)
    }
    let letters = alphabet.letters
    var number = KeyField.mixed(key, derivation)
    // 128 bits are 38 digits.
    let count = min(room, 24)
    var text: [UInt8] = []
    for _ in 0..<count {
      text.append(letters[Int(number % UInt128(letters.count))])
      number /= UInt128(letters.count)
    }
    return prefix + String(decoding: text, as: UTF8.self)
  }

  /// Spreads a key over 128 bits, each derivation another way: two rounds of SplitMix64's finalizer.
  private static func mixed(_ key: PostingKey, _ derivation: UInt8) -> UInt128 {
    var high: UInt64 = 0x9E37_79B9_7F4A_7C15 &* (UInt64(derivation) &+ 1)
    var low: UInt64 = 0xD1B5_4A32_D192_ED03 ^ high
    for byte in key.text.utf8 {
      high = finalized(high ^ UInt64(byte))
      low = finalized(low &+ high)
    }
    return UInt128(high) << 64 | UInt128(low)
  }

  private static func finalized(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
