import AdapterKit
import Digest
import Foundation
import HTTPTransport
import Ledger
import StrictJSON

/// The signed JWT that an access token is asked with.
struct NetSuiteAssertion: Sendable {
  var clientID: String
  /// What NetSuite calls the certificate that was uploaded for the key.
  var certificateID: String
  /// nil only in settings that are refused.
  var signature: WebSignature?
  var scope: String
  var tokenURL: String

  static let scope = "rest_webservices"
  static let tokenPath = "/services/rest/auth/oauth2/v1/token"
  /// NetSuite takes an hour; what is short-lived does less harm where it leaks.
  static let lifetime: Int64 = 300

  /// The request for a token.
  func request(at now: Moment, within timeout: Duration) -> HTTPRequest {
    let form = [
      ("grant_type", "client_credentials"),
      ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
      ("client_assertion", token(at: now)),
    ]
    let body = form.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
    return HTTPRequest(
      .post, tokenURL,
      headers: [
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
      ], body: [UInt8](body.utf8), timeout: timeout)
  }

  func token(at now: Moment) -> String {
    guard let signature else { return "" }
    let seconds = now.milliseconds / 1_000
    var header = JSONWriter()
    header.object { header in
      header.key("typ")
      header.string("JWT")
      header.key("alg")
      header.string(signature.algorithm.rawValue)
      header.key("kid")
      header.string(certificateID)
    }
    var payload = JSONWriter()
    payload.object { payload in
      payload.key("iss")
      payload.string(clientID)
      payload.key("scope")
      payload.array { scopes in
        for one in scope.split(separator: " ") { scopes.string(String(one)) }
      }
      payload.key("iat")
      payload.number(seconds)
      payload.key("exp")
      payload.number(seconds + Self.lifetime)
      payload.key("aud")
      payload.string(tokenURL)
    }
    let signed = "\(Self.base64URL(header.bytes)).\(Self.base64URL(payload.bytes))"
    return "\(signed).\(Self.base64URL(signature.signature(of: Array(signed.utf8))))"
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }
}
