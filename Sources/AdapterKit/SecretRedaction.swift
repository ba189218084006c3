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

  /// For secrets as they stand in a configuration: they are looked for as they are, as JSON, XML and
  /// addresses spell them, and line by line, which finds a key of several lines wherever it is cut.
  package init(everyFormOf secrets: some Sequence<String>) {
    var forms: Set<String> = []
    for secret in secrets {
      let lines = secret.split(whereSeparator: \.isNewline).map(String.init)
      let parts = lines.filter {
        lines.count == 1
          || ($0.utf8.count >= SecretRedaction.shortestLine && !$0.hasPrefix("-----"))
      }
      for part in parts + [secret] {
        forms.formUnion([
          part, part.asJSON, part.asJSON.replacing("/", with: "\\/"), part.asXML,
          part.percentEncoded,
        ])
      }
    }
    self.init(Array(forms))
  }

  /// Shorter lines of a secret of several lines are not looked for on their own.
  private static let shortestLine = 16

  /// These secrets, and others that turned up while a call was made.
  package func adding(_ more: [String]) -> SecretRedaction {
    more.isEmpty ? self : SecretRedaction(secrets + SecretRedaction(everyFormOf: more).secrets)
  }

  package var isEmpty: Bool { secrets.isEmpty }

  /// `text` without any of the secrets, of whatever length and with its lines.
  package func masked(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var isChanged = false
    for secret in secrets {
      guard let masked = SecretRedaction.masking(Array(secret.utf8), in: bytes) else { continue }
      bytes = masked
      isChanged = true
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// nil when `secret` does not occur.
  private static func masking(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8]? {
    guard let first = secret.first, bytes.count >= secret.count else { return nil }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    let last = bytes.count - secret.count
    while index <= last {
      if bytes[index] == first, bytes[index..<(index + secret.count)].elementsEqual(secret) {
        result += bytes[copied..<index]
        result += mask.utf8
        index += secret.count
        copied = index
      } else {
        index += 1
      }
    }
    guard copied > 0 else { return nil }
    return result + bytes[copied...]
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

extension String {
  fileprivate var asJSON: String {
    replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }

  fileprivate var asXML: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
