public import AdapterKit
import Foundation
public import HTTPTransport
import Ledger
import Secrets

/// Reads the table `auth` of a connection over HTTP.
public enum HTTPAuthSettings {
  enum Kind: String, CaseIterable {
    case none, basic, bearer, header, oauth2ClientCredentials
  }

  public static let knownKeys: Set<String> = [
    "type", "user", "password", "token", "name", "value", "tokenURL", "clientID", "clientSecret",
    "scope", "placement", "parameters",
  ]

  /// The authorization, and its secrets in every form in which they travel.
  public static func read(_ reader: inout SettingsReader) -> (HTTPAuthorization, [String]) {
    let kind = reader.value(or: Kind.none) { settings throws(Problem) in
      try settings.choice("type", default: .none)
    }
    func text(_ key: String) -> String {
      reader.value(or: "") { settings throws(Problem) in try settings.text(key) }
    }
    func secret(_ key: String) -> String {
      reader.value(or: "") { settings throws(Problem) in try settings.requiredSecret(key) }
    }
    switch kind {
    case .none: return (.none, [])
    case .basic:
      let user = text("user")
      let password = secret("password")
      return (
        .basic(user: user, password: Secret(password)),
        [password, Data("\(user):\(password)".utf8).base64EncodedString()]
      )
    case .bearer:
      let token = secret("token")
      return (.bearer(Secret(token)), [token])
    case .header:
      let value = secret("value")
      return (.header(name: text("name"), value: Secret(value)), [value])
    case .oauth2ClientCredentials:
      let clientSecret = secret("clientSecret")
      let credentials = OAuthClientCredentials(
        tokenURL: text("tokenURL"), clientID: text("clientID"),
        clientSecret: Secret(clientSecret),
        scope: reader.value(or: nil) { settings throws(Problem) in
          try settings.optionalText("scope")
        },
        placement: reader.value(or: .basicHeader) { settings throws(Problem) in
          try settings.choice("placement", default: Placement.basicHeader).transport
        },
        parameters: reader.value(or: [:]) { settings throws(Problem) in
          try settings.texts("parameters")
        })
      return (.clientCredentials(credentials), [clientSecret])
    }
  }

  /// Where client id and secret stand in the token request.
  private enum Placement: String, CaseIterable {
    case basicHeader, body

    var transport: OAuthClientCredentials.Placement { self == .body ? .body : .basicHeader }
  }
}
