import AdapterKit
import Digest
import Ledger
import Secrets

/// How requests prove who sends them.
enum NetSuiteAuthorization: Sendable {
  /// OAuth 2.0 client credentials with a signed assertion.
  case assertion(NetSuiteAssertion)
  /// OAuth 1.0a, which NetSuite calls token-based.
  case token(NetSuiteSignature)

  private enum Kind: String, CaseIterable { case oauth2, oauth1 }

  static let knownKeys: Set<String> = [
    "type", "clientID", "certificateID", "privateKey", "algorithm", "scope", "tokenURL",
    "account", "consumerKey", "consumerSecret", "token", "tokenSecret",
  ]

  /// The authorization, and its secrets.
  static func read(
    _ reader: inout SettingsReader, url: String
  ) -> (NetSuiteAuthorization, [String]) {
    func text(_ key: String) -> String {
      reader.value(or: "") { settings throws(Problem) in try settings.text(key) }
    }
    func secret(_ key: String) -> String {
      reader.value(or: "") { settings throws(Problem) in try settings.requiredSecret(key) }
    }
    let kind = reader.value(or: Kind.oauth2) { settings throws(Problem) in
      try settings.choice("type", default: .oauth2)
    }
    switch kind {
    case .oauth2:
      let algorithm = reader.value(or: WebSignature.Algorithm.ps256) { settings throws(Problem) in
        try settings.choice("algorithm", default: WebSignature.Algorithm.ps256)
      }
      let pem = secret("privateKey")
      let signature = WebSignature(algorithm, pem: pem)
      if signature == nil, !pem.isEmpty {
        reader.report(
          .unusableKey(algorithm, at: reader.settings.value("privateKey")?.place ?? ""))
      }
      let assertion = NetSuiteAssertion(
        clientID: text("clientID"), certificateID: text("certificateID"), signature: signature,
        scope: reader.value(or: "") { settings throws(Problem) in
          try settings.optionalText("scope") ?? NetSuiteAssertion.scope
        },
        tokenURL: reader.value(or: "") { settings throws(Problem) in
          try settings.optionalText("tokenURL") ?? url + NetSuiteAssertion.tokenPath
        })
      return (.assertion(assertion), [pem])
    case .oauth1:
      let consumerSecret = secret("consumerSecret")
      let tokenSecret = secret("tokenSecret")
      let consumerKey = secret("consumerKey")
      let token = secret("token")
      let signature = NetSuiteSignature(
        realm: text("account"), consumerKey: consumerKey,
        consumerSecret: Secret(consumerSecret), token: token, tokenSecret: Secret(tokenSecret))
      return (.token(signature), [consumerSecret, tokenSecret, consumerKey, token])
    }
  }
}

extension Problem {
  fileprivate static func unusableKey(
    _ algorithm: WebSignature.Algorithm, at place: String
  ) -> Problem {
    Problem(
      code: "invalid_key", pointer: place,
      detail: "The private key cannot sign \(algorithm.rawValue)",
      fix: "Write the PEM of an RSA key of 3,072 or 4,096 bits for PS…, of an EC key for ES…, "
        + "without a passphrase")
  }
}
