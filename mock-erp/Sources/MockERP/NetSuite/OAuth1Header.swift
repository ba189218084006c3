import Digest
import Foundation

/// An `Authorization: OAuth …` header (RFC 5849) and the signature that belongs to it.
struct OAuth1Header {
  let parameters: [String: String]

  /// nil when the header is of another scheme, or has a parameter without value or twice.
  init?(_ header: String) {
    guard header.lowercased().hasPrefix("oauth ") else { return nil }
    var parameters: [String: String] = [:]
    for part in header.dropFirst("oauth ".count).split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      let name = sides[0].trimmingCharacters(in: .whitespaces)
      var value = sides[1].trimmingCharacters(in: .whitespaces)
      if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
        value = String(value.dropFirst().dropLast())
      }
      guard parameters[name] == nil else { return nil }
      parameters[name] = PercentCoding.decode(value, plusIsBlank: false)
    }
    self.parameters = parameters
  }

  /// Whether the request carries this header's signature by HMAC-SHA256.
  ///
  /// - Parameter url: scheme, authority and path, as the sender wrote them.
  func isSigned(
    method: String, url: String, query: [(name: String, value: String)],
    by token: NetSuiteSetup.Token
  ) -> Bool {
    guard let signature = parameters["oauth_signature"],
      let given = Data(base64Encoded: signature)
    else { return false }
    let message = Self.base(
      method: method, url: url, query: query,
      parameters: parameters.filter { $0.key != "oauth_signature" && $0.key != "realm" })
    let key = Self.encode(token.consumerSecret) + "&" + Self.encode(token.tokenSecret)
    return HMAC(key: Array(key.utf8)).isValid(Array(given), for: Array(message.utf8))
  }

  /// What is signed (section 3.4.1): sorted by encoded name, then encoded value.
  static func base(
    method: String, url: String, query: [(name: String, value: String)],
    parameters: [String: String]
  ) -> String {
    let pairs = (query.map { ($0.name, $0.value) } + parameters.map { ($0.key, $0.value) })
      .map { (encode($0.0), encode($0.1)) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    return [method.uppercased(), url, pairs].map(encode).joined(separator: "&")
  }

  /// Percent-encoding of all but the unreserved characters of RFC 3986.
  static func encode(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + Hex.encode([byte]).uppercased()
      }
    }.joined()
  }
}
