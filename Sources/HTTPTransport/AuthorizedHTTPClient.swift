import Secrets

/// A client that adds an ``HTTPAuthorization`` to every request and passes it on.
///
/// A token is fetched when the first request needs it and kept until shortly before it expires. After
/// an answer 401 it is forgotten, so the next request fetches another. A reading is sent again with it,
/// once: a token may end in the middle of many pages. Nothing else is sent again here.
public struct AuthorizedHTTPClient: HTTPClient {
  private let client: any HTTPClient
  private let authorization: HTTPAuthorization
  private let tokens: TokenCache?

  /// - Parameters:
  ///   - client: carries the requests, those for tokens too.
  ///   - now: a clock that does not jump; decides when a token has expired.
  public init(
    _ client: any HTTPClient,
    authorization: HTTPAuthorization,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.client = client
    self.authorization = authorization
    if case .clientCredentials(let credentials) = authorization {
      tokens = TokenCache(
        client: client, request: { credentials.tokenRequest(within: $0) }, now: now)
    } else {
      tokens = nil
    }
  }

  /// A client with access tokens that are asked for in another way: by a signed assertion.
  ///
  /// - Parameter tokenRequest: made anew for each token, with the time that it may take.
  public init(
    _ client: any HTTPClient,
    tokenRequest: @escaping @Sendable (Duration) -> HTTPRequest,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.client = client
    authorization = .none
    tokens = TokenCache(client: client, request: tokenRequest, now: now)
  }

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    guard let tokens else {
      return try await client.send(request.authorized(by: authorization))
    }
    let response = try await send(request, with: tokens)
    guard response.status == 401, [.get, .head].contains(request.method) else { return response }
    return try await send(request, with: tokens)
  }

  private func send(
    _ request: HTTPRequest, with tokens: TokenCache
  ) async throws(HTTPFailure) -> HTTPResponse {
    let token = try await tokens.token(within: request.timeout)
    let response = try await client.send(request.authorized(by: .bearer(token)))
    if response.status == 401 { await tokens.forget(token) }
    return response
  }
}

extension HTTPRequest {
  /// The request with the header that `authorization` stands for. Client credentials add nothing:
  /// they need a token first.
  fileprivate func authorized(by authorization: HTTPAuthorization) -> HTTPRequest {
    var request = self
    switch authorization {
    case .none, .clientCredentials: break
    case .basic(let user, let password):
      request.headers["Authorization"] = Self.basic(user: user, password: password.reveal())
    case .bearer(let token):
      request.headers["Authorization"] = "Bearer \(token.reveal())"
    case .header(let name, let value):
      request.headers[name] = value.reveal()
    }
    return request
  }

  static func basic(user: String, password: String) -> String {
    "Basic " + Base64.encode([UInt8]("\(user):\(password)".utf8))
  }
}
