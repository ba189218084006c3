import Digest
import Foundation
import XMLTree

/// The name and password that a WS-Security `UsernameToken` has to prove (UsernameToken Profile 1.0).
public struct SOAPUser: Hashable, Sendable {
  public let name: String
  public let password: String

  public init(name: String, password: String) {
    self.name = name
    self.password = password
  }

  static let namespace =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
  private static let utility =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
  private static let digestType =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"

  static var security: XMLName { XMLName("Security", in: namespace) }

  /// Whether the token names this user with the right password, in clear or as a digest.
  func isProven(by security: XMLElement) -> Bool {
    guard let token = security.first(XMLName("UsernameToken", in: Self.namespace)),
      token.first(XMLName("Username", in: Self.namespace))?.text == name,
      let given = token.first(XMLName("Password", in: Self.namespace))
    else { return false }
    guard given.attribute("Type") == Self.digestType else { return given.text == password }
    guard let nonce = token.first(XMLName("Nonce", in: Self.namespace)),
      let bytes = Data(base64Encoded: nonce.trimmedText),
      let created = token.first(XMLName("Created", in: Self.utility))
    else { return false }
    let message = Array(bytes) + Array(created.text.utf8) + Array(password.utf8)
    return Data(SHA1.hash(message)).base64EncodedString() == given.trimmedText
  }
}
