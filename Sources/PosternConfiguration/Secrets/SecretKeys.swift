import AdapterKit
import Foundation

/// Finds secrets that stand in the files themselves.
///
/// The configuration is under version control: it says where a secret is, never what it is.
enum SecretKeys {
  /// Names that always mean a secret, without their case, hyphens and underscores.
  private static let names: Set<String> = [
    "password", "passwd", "passphrase", "pwd", "token", "secret", "key", "apikey", "privatekey",
    "accesskey", "secretkey", "signingkey", "encryptionkey", "consumerkey", "clientkey", "bearer",
    "credential", "credentials",
  ]
  private static let endings = [
    "password", "passphrase", "secret", "token", "apikey", "privatekey",
  ]

  /// - Parameter isLogin: whether the key stands under `auth`, where `value` is a secret too.
  private static func isSecret(_ key: String, isLogin: Bool) -> Bool {
    if isLogin, key == "value" { return true }
    let name = key.lowercased().filter { $0 != "-" && $0 != "_" }
    return names.contains(name) || endings.contains { name.hasSuffix($0) }
  }

  /// Reports each secret in `value` and below it. The messages never repeat what stands there.
  static func report(in value: YAMLValue, isLogin: Bool = false, _ findings: FindingList) {
    switch value.content {
    case .table(let fields):
      for field in fields {
        if isSecret(field.key, isLogin: isLogin), !field.value.isEmpty {
          reportUnlessReference(field, findings)
        } else {
          report(in: field.value, isLogin: isLogin || field.key == "auth", findings)
        }
      }
    case .list(let values):
      for element in values { report(in: element, isLogin: isLogin, findings) }
    case .text(let text, _):
      guard hasPassword(text) else { return }
      findings.error(
        "secret_inline", value.place, "The address holds a user name and a password",
        fix: "Take them out of the address; write env:NAME or file:PATH under 'auth'")
    case .empty: break
    }
  }

  private static func reportUnlessReference(_ field: YAMLValue.Field, _ findings: FindingList) {
    if let text = field.value.text, SecretReference(text) != nil { return }
    findings.error(
      "secret_inline", field.value.place, "'\(field.key)' is not a reference to a secret",
      fix: "Write env:NAME or file:PATH, keep the secret there, and replace the one that was here")
  }

  /// Whether a URL carries `user:password@`.
  private static func hasPassword(_ text: String) -> Bool {
    guard let scheme = text.range(of: "://") else { return false }
    let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }
}
