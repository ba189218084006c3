/// Which names of headers and fields stand for something that no log may show.
struct SecretNames: Hashable, Sendable {
  /// A name is secret when it holds one of these; by their first byte, as large bodies have many names.
  private static let parts = [UInt8: [Folded]](
    grouping: [
      "password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey",
      "privatekey", "consumerkey", "authorization", "credential", "signature", "assertion",
      "cookie", "sessionid", "iban",
    ].map { Folded($0.utf8) }, by: { $0[0] })
  /// Too short to be looked for inside other words.
  private static let words = set(
    "pwd", "pin", "otp", "sid", "auth", "sig", "key", "bic", "nonce", "xauth", "jwt", "code")
  /// Words that hold a secret part and are harmless.
  private static let harmless = set("tokentype")
  /// Secret as a header or parameter only: in an ERP's body, a code or key is an account or a posting.
  private static let onlyOutsideBodies = set("key", "code")

  /// A name in lower case without separators, in UTF-8.
  private typealias Folded = [UInt8]

  private let additional: Set<Folded>

  init(additional: Set<String>) {
    self.additional = Set(additional.map(Self.folded))
  }

  func contains(header name: String) -> Bool {
    let folded = Self.folded(name)
    return contains(folded: folded) || Self.words.contains(folded)
  }

  func contains(parameter name: String) -> Bool {
    contains(header: name)
  }

  /// - Parameter name: of a JSON member, XML element or attribute, without prefix.
  func contains(field name: String) -> Bool {
    let folded = Self.folded(name)
    return contains(folded: folded)
      || (Self.words.contains(folded) && !Self.onlyOutsideBodies.contains(folded))
  }

  private func contains(folded name: Folded) -> Bool {
    if additional.contains(name) { return true }
    if Self.harmless.contains(name) { return false }
    return name.indices.contains { start in
      Self.parts[name[start]]?.contains { name[start...].starts(with: $0) } ?? false
    }
  }

  private static func folded(_ name: String) -> Folded {
    name.lowercased().utf8.filter { !"-_. ".utf8.contains($0) }
  }

  private static func set(_ words: String...) -> Set<Folded> { Set(words.map { Folded($0.utf8) }) }
}
