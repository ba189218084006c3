import FoundationEssentials
import Secrets

/// The current access token of one set of client credentials. Requests that need one at the same time
/// share one fetch.
actor TokenCache {
  /// A token this close to its end is not used any more.
  static let margin = Duration.seconds(30)
  /// Life of a token whose answer does not say (`expires_in` is only recommended).
  static let assumedLife = Duration.seconds(300)
  /// Longest life that is believed: a day.
  static let longestLife: Int64 = 86_400

  private struct Entry {
    let token: Secret
    let usableUntil: ContinuousClock.Instant
  }

  private struct Answer: Decodable {
    let accessToken: String
    let tokenType: String?
    let expiresIn: Seconds?

    private enum CodingKeys: String, CodingKey {
      case accessToken = "access_token"
      case tokenType = "token_type"
      case expiresIn = "expires_in"
    }
  }

  /// Some servers write the number as a string.
  private struct Seconds: Decodable {
    let value: Int64

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self), let number = Int64(text) {
        value = number
      } else {
        value = try container.decode(Int64.self)
      }
    }
  }

  private let client: any HTTPClient
  private let request: @Sendable (Duration) -> HTTPRequest
  private let now: @Sendable () -> ContinuousClock.Instant
  private var entry: Entry?
  private var fetch: Task<Result<Entry, HTTPFailure>, Never>?

  /// - Parameter request: what a token is asked with, made anew for each and given this long.
  init(
    client: any HTTPClient, request: @escaping @Sendable (Duration) -> HTTPRequest,
    now: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.client = client
    self.request = request
    self.now = now
  }

  /// A usable token.
  ///
  /// - Throws: a failure with `nothingSent`: without a token, the request itself never leaves.
  func token(within timeout: Duration) async throws(HTTPFailure) -> Secret {
    if let entry, now() < entry.usableUntil { return entry.token }
    let fetch = self.fetch ?? startFetch(within: timeout)
    let fetched = try await fetch.value.get()
    return fetched.token
  }

  /// Drops `token` if it is still the current one.
  func forget(_ token: Secret) {
    if entry?.token == token { entry = nil }
  }

  private func startFetch(within timeout: Duration) -> Task<Result<Entry, HTTPFailure>, Never> {
    let task = Task { () -> Result<Entry, HTTPFailure> in
      let result: Result<Entry, HTTPFailure>
      do throws(HTTPFailure) {
        result = .success(try await self.fetchEntry(within: timeout))
      } catch {
        result = .failure(error)
      }
      self.fetch = nil
      self.entry = try? result.get()
      return result
    }
    fetch = task
    return task
  }

  private func fetchEntry(within timeout: Duration) async throws(HTTPFailure) -> Entry {
    let asked = now()
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await client.send(request(timeout))
    } catch {
      throw HTTPFailure(
        progress: .nothingSent, code: error.code,
        detail: "No access token was fetched: \(error.detail)")
    }
    guard response.isSuccess else {
      throw refusal("the authorization server answered \(response.status)")
    }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)),
      !answer.accessToken.isEmpty
    else {
      throw refusal("the authorization server's answer holds no access_token")
    }
    if let type = answer.tokenType, type.lowercased() != "bearer" {
      throw refusal("the authorization server's token is not a bearer token")
    }
    let life = answer.expiresIn.map { Duration.seconds(min(max(0, $0.value), Self.longestLife)) }
    return Entry(
      token: Secret(answer.accessToken),
      usableUntil: asked.advanced(by: (life ?? Self.assumedLife) - Self.margin))
  }

  private func refusal(_ reason: String) -> HTTPFailure {
    HTTPFailure(
      progress: .nothingSent, code: .tokenRefused, detail: "No access token was fetched: \(reason)")
  }
}

extension OAuthClientCredentials {
  /// Asks for a token (RFC 6749, section 4.4.2).
  func tokenRequest(within timeout: Duration) -> HTTPRequest {
    var pairs = [("grant_type", "client_credentials")]
    if let scope = scope { pairs.append(("scope", scope)) }
    pairs += parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    var headers: HTTPHeaders = [
      "Content-Type": FormEncoding.contentType, "Accept": "application/json",
    ]
    switch placement {
    case .basicHeader:
      // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
      headers["Authorization"] = HTTPRequest.basic(
        user: FormEncoding.escape(clientID),
        password: FormEncoding.escape(clientSecret.reveal()))
    case .body:
      pairs.append(("client_id", clientID))
      pairs.append(("client_secret", clientSecret.reveal()))
    }
    return HTTPRequest(
      .post, tokenURL, headers: headers,
      body: [UInt8](FormEncoding.encode(pairs).utf8), timeout: timeout)
  }
}
