import Digest
import Foundation

/// A JSON Web Token by which a client proves who it is (RFC 7523), with its parts decoded.
struct ClientAssertion {
  /// Longest time from `iat` to `exp`.
  static let longestLife: TimeInterval = 3600
  /// How far clocks may differ.
  static let leeway: TimeInterval = 60

  private let message: String
  private let header: JSONValue
  private let claims: JSONValue
  private let signature: [UInt8]

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3,
      let header = Self.bytes(parts[0]), let claims = Self.bytes(parts[1]),
      let signature = Self.bytes(parts[2]),
      let head = try? JSONDecoder().decode(JSONValue.self, from: header),
      let body = try? JSONDecoder().decode(JSONValue.self, from: claims)
    else { return nil }
    message = "\(parts[0]).\(parts[1])"
    self.header = head
    self.claims = body
    self.signature = Array(signature)
  }

  /// Why the token proves nothing; nil when it does.
  func objection(
    to client: NetSuiteSetup.Client, audience: String, at moment: Date
  ) -> String? {
    guard let algorithm = header["alg"]?.scalar.flatMap(AssertionKey.Algorithm.init) else {
      return "The algorithm of the assertion is not supported"
    }
    guard header["kid"]?.scalar == client.certificateID, let key = AssertionKey(pem: client.pem)
    else { return "There is no such certificate" }
    guard key.isValid(signature, for: Array(message.utf8), algorithm: algorithm) else {
      return "The signature of the assertion is not valid"
    }
    guard claims["iss"]?.scalar == client.id else { return "There is no such client" }
    guard claims["aud"]?.scalar == audience else { return "The assertion is for another audience" }
    guard let issued = seconds("iat"), let expires = seconds("exp"),
      expires - issued <= Self.longestLife
    else { return "The assertion is good for at most an hour" }
    let now = moment.timeIntervalSince1970
    guard issued <= now + Self.leeway, now < expires else { return "The assertion has expired" }
    let scopes =
      claims["scope"]?.elements?.compactMap(\.scalar)
      ?? (claims["scope"]?.scalar ?? "").split { $0 == " " || $0 == "," }.map(String.init)
    guard scopes.contains("rest_webservices") else {
      return "The scope rest_webservices is missing"
    }
    return nil
  }

  private func seconds(_ claim: String) -> TimeInterval? {
    guard case .number(let number)? = claims[claim] else { return nil }
    return NSDecimalNumber(decimal: number).doubleValue
  }

  /// Base 64 for URLs, without padding (RFC 4648, section 5).
  private static func bytes(_ text: Substring) -> Data? {
    let usual = text.replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: usual + String(repeating: "=", count: (4 - usual.count % 4) % 4))
  }
}
