/// Which names of headers and fields stand for something that no log may show.
struct SecretNames: Hashable, Sendable {
  /// A name is secret when it holds one of these.
  private static let parts = [
    "password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey",
    "privatekey", "consumerkey", "authorization", "credential", "signature", "assertion", "cookie",
    "sessionid", "iban",
  ]
  /// Too short to be looked for inside other words.
  private static let words: Set<String> = [
    "pwd", "pin", "otp", "sid", "auth", "sig", "key", "bic", "nonce", "xauth", "jwt", "code",
  ]
  /// Words that hold a secret part and are harmless.
  private static let harmless: Set<String> = ["tokentype"]
  /// Secret as a header or parameter only: in an ERP's body, a code or key is an account or a posting.
  private static let onlyOutsideBodies: Set<String> = ["key", "code"]

  private let additional: Set<String>

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

  private func contains(folded name: String) -> Bool {
    if additional.contains(name) { return true }
    if Self.harmless.contains(name) { return false }
    return Self.parts.contains { name.contains($0) }
  }

  private static func folded(_ name: String) -> String {
    name.lowercased().filter { !"-_. ".contains($0) }
  }
}
