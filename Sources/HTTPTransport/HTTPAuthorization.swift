public import Secrets

/// How requests prove who sends them.
public enum HTTPAuthorization: Hashable, Sendable {
  case none
  /// RFC 7617, as UTF-8. A user name must not hold a colon.
  case basic(user: String, password: Secret)
  /// RFC 6750.
  case bearer(Secret)
  /// A header of the server's own, such as an API key.
  case header(name: String, value: Secret)
  /// OAuth 2.0 client credentials grant (RFC 6749, section 4.4).
  case clientCredentials(OAuthClientCredentials)
}

/// What a token is asked with.
public struct OAuthClientCredentials: Hashable, Sendable {
  /// Where client id and secret stand in the token request (RFC 6749, section 2.3.1).
  public enum Placement: String, Hashable, Sendable {
    case basicHeader
    case body
  }

  public var tokenURL: String
  public var clientID: String
  public var clientSecret: Secret
  /// Separated by blanks; nil leaves the parameter out.
  public var scope: String?
  public var placement: Placement
  /// Further parameters some servers want: `audience`, `resource`.
  public var parameters: [String: String]

  public init(
    tokenURL: String,
    clientID: String,
    clientSecret: Secret,
    scope: String? = nil,
    placement: Placement = .basicHeader,
    parameters: [String: String] = [:]
  ) {
    self.tokenURL = tokenURL
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.scope = scope
    self.placement = placement
    self.parameters = parameters
  }
}
