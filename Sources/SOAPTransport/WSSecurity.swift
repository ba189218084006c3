private import Digest
private import Foundation
public import Secrets
public import XMLTree

/// The security header of OASIS WS-Security 1.0, UsernameToken Profile.
public struct WSSecurity: Hashable, Sendable {
  /// How the password travels.
  public enum PasswordKind: Hashable, Sendable {
    /// As it is: over TLS only.
    case text
    /// Base 64 of SHA-1 of nonce, creation time and password.
    case digest
  }

  public var user: String
  public var password: Secret
  public var kind: PasswordKind
  /// Marks the header so that a receiver that does not know it refuses the request.
  public var mustUnderstand: Bool

  public init(
    user: String, password: Secret, kind: PasswordKind = .text, mustUnderstand: Bool = true
  ) {
    self.user = user
    self.password = password
    self.kind = kind
    self.mustUnderstand = mustUnderstand
  }

  /// Bytes of a nonce; the profile asks for no length, 16 are in common use.
  public static let nonceBytes = 16

  /// The `wsse:Security` header block.
  ///
  /// - Parameters:
  ///   - created: The present moment in UTC, RFC 3339: `2026-10-31T22:15:00Z`.
  ///   - nonce: Fresh unpredictable bytes, ``nonceBytes`` of them.
  public func header(for version: SOAPVersion, created: String, nonce: [UInt8]) -> XMLElement {
    let wsse = Self.namespace
    let base64 = { (bytes: [UInt8]) in Data(bytes).base64EncodedString() }
    let secret =
      switch kind {
      case .text: password.reveal()
      case .digest:
        base64(SHA1.hash(nonce + Array(created.utf8) + Array(password.reveal().utf8)))
      }
    let token = XMLElement(
      XMLName("UsernameToken", in: wsse),
      children: [
        .element(XMLElement(XMLName("Username", in: wsse), text: user)),
        .element(
          XMLElement(
            XMLName("Password", in: wsse),
            attributes: [XMLAttribute(XMLName("Type"), Self.profile + kind.fragment)],
            text: secret)),
        .element(
          XMLElement(
            XMLName("Nonce", in: wsse),
            attributes: [XMLAttribute(XMLName("EncodingType"), Self.base64Binary)],
            text: base64(nonce))),
        .element(XMLElement(XMLName("Created", in: Self.utility), text: created)),
      ])
    let understood = XMLAttribute(
      XMLName("mustUnderstand", in: version.namespace), version.mustUnderstand)
    return XMLElement(
      XMLName("Security", in: wsse), attributes: mustUnderstand ? [understood] : [],
      children: [.element(token)])
  }

  private static let oasis = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
  public static let namespace = oasis + "wssecurity-secext-1.0.xsd"
  public static let utility = oasis + "wssecurity-utility-1.0.xsd"
  private static let profile = oasis + "username-token-profile-1.0"
  private static let base64Binary = oasis + "soap-message-security-1.0#Base64Binary"

  static let prefixes = [(namespace, "wsse"), (utility, "wsu")]
}

extension WSSecurity.PasswordKind {
  fileprivate var fragment: String {
    switch self {
    case .text: "#PasswordText"
    case .digest: "#PasswordDigest"
    }
  }
}
