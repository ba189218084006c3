import AdapterKit
import Digest
import Foundation
import HTTPTransport
import Ledger
import Secrets

/// Signs requests by OAuth 1.0a (RFC 5849) with HMAC-SHA256.
struct NetSuiteSignature: Sendable {
  /// The account as NetSuite spells it, capitals and `_` included.
  var realm: String
  var consumerKey: String
  var consumerSecret: Secret
  var token: String
  var tokenSecret: Secret

  /// The value of `Authorization`.
  ///
  /// - Parameters:
  ///   - url: with its query, whose parameters are signed too.
  ///   - nonce: 6 to 64 characters, another one for each request.
  func authorization(
    _ method: HTTPMethod, _ url: String, nonce: String, at now: Moment
  ) -> String {
    var parameters = [
      ("oauth_consumer_key", consumerKey), ("oauth_nonce", nonce),
      ("oauth_signature_method", "HMAC-SHA256"),
      ("oauth_timestamp", String(now.milliseconds / 1_000)), ("oauth_token", token),
      ("oauth_version", "1.0"),
    ]
    parameters.append(("oauth_signature", signature(method, url, parameters)))
    return "OAuth realm=\"\(realm.percentEncoded)\", "
      + parameters.map { "\($0)=\"\($1.percentEncoded)\"" }.joined(separator: ", ")
  }

  /// RFC 5849, section 3.4.
  private func signature(
    _ method: HTTPMethod, _ url: String, _ parameters: [(String, String)]
  ) -> String {
    let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = parts.count > 1 ? parts[1].split(separator: "&") : []
    let asked = query.map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
    }
    let pairs = (parameters + asked).map { ($0.percentEncoded, $1.percentEncoded) }
      .sorted { $0 < $1 }
    let base = [
      method.rawValue, String(parts[0]).percentEncoded,
      pairs.map { "\($0)=\($1)" }.joined(separator: "&").percentEncoded,
    ].joined(separator: "&")
    let key =
      consumerSecret.reveal().percentEncoded + "&" + tokenSecret.reveal().percentEncoded
    let code = HMAC(key: Array(key.utf8)).code(of: Array(base.utf8))
    return Data(code.bytes).base64EncodedString()
  }

  /// Our own addresses hold no `+` for a blank.
  private func decoded(_ text: Substring) -> String {
    text.removingPercentEncoding ?? String(text)
  }
}

/// Adds a signature to every request and passes it on.
struct NetSuiteSigningClient: HTTPClient {
  let client: any HTTPClient
  let signature: NetSuiteSignature
  let now: @Sendable () -> Moment
  let nonce: @Sendable () -> String

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    var request = request
    request.headers["Authorization"] = signature.authorization(
      request.method, request.url, nonce: nonce(), at: now())
    return try await client.send(request)
  }
}
