/// Takes our secrets out of texts that come from outside, before they are kept or shown.
public struct SecretRedaction: Sendable {
  /// Shorter secrets are not looked for: they would take ordinary words away.
  public static let shortestSecret = 4
  /// Characters of a foreign text that are kept.
  public static let longestText = 500
  public static let mask = "[redacted]"

  private let secrets: [String]

  /// - Parameter secrets: each in every form in which it travels.
  public init(_ secrets: [String]) {
    self.secrets = secrets.filter { $0.utf8.count >= SecretRedaction.shortestSecret }
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  /// `text` on one line, at most ``longestText`` characters, without any of the secrets.
  public func callAsFunction(_ text: String) -> String {
    var result = text
    for secret in secrets { result = result.replacing(secret, with: SecretRedaction.mask) }
    result = String(result.map { $0.isNewline ? " " : $0 })
    guard result.count > SecretRedaction.longestText else { return result }
    return String(result.prefix(SecretRedaction.longestText - 1)) + "…"
  }
}
