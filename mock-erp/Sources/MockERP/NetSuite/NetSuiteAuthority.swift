import Digest
import Foundation
import Synchronization

/// Who may come in: checks OAuth 1.0a signatures, and gives out bearer tokens and checks them.
final class NetSuiteAuthority: Sendable {
  /// How far the clock of a signer may be off, in seconds.
  static let signatureLeeway: TimeInterval = 300

  private struct State {
    /// When each bearer token ends.
    var bearers: [String: Date] = [:]
    /// Nonces that were used, each until it is too old anyway.
    var nonces: [String: Date] = [:]
  }

  private let setup: NetSuiteSetup
  private let now: @Sendable () -> Date
  private let state = Mutex(State())

  init(_ setup: NetSuiteSetup, now: @escaping @Sendable () -> Date) {
    self.setup = setup
    self.now = now
  }

  /// Whether the request may come in.
  func admits(_ request: WireRequest) -> Bool {
    guard setup.token != nil || setup.client != nil else { return true }
    guard let header = request.header("Authorization") else { return false }
    if header.lowercased().hasPrefix("bearer ") {
      let bearer = String(header.dropFirst("bearer ".count))
      return state.withLock { $0.bearers[bearer].map { $0 > now() } ?? false }
    }
    guard let token = setup.token, let signed = OAuth1Header(header) else { return false }
    let given = signed.parameters
    guard given["realm"] == setup.account, given["oauth_consumer_key"] == token.consumerKey,
      given["oauth_token"] == token.token,
      given["oauth_signature_method"] == "HMAC-SHA256",
      given["oauth_version"].map({ $0 == "1.0" }) ?? true,
      let nonce = given["oauth_nonce"], (6...64).contains(nonce.count),
      let timestamp = given["oauth_timestamp"].flatMap(TimeInterval.init),
      abs(timestamp - now().timeIntervalSince1970) <= Self.signatureLeeway,
      signed.isSigned(
        method: request.method, url: Self.address(of: request), query: request.query, by: token)
    else { return false }
    return isFresh("\(timestamp) \(nonce)")
  }

  /// Answers a request for a bearer token (RFC 6749, section 4.4; RFC 7523).
  func token(_ request: WireRequest) -> WireResponse {
    let form = WireRequest(
      method: "GET", target: "/?" + String(decoding: request.body, as: UTF8.self), headers: [],
      body: [])
    guard request.method == "POST", form.parameter("grant_type") == "client_credentials" else {
      return Self.refusal("unsupported_grant_type", "The grant is client_credentials")
    }
    guard
      form.parameter("client_assertion_type")
        == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      let text = form.parameter("client_assertion"), let assertion = ClientAssertion(text)
    else { return Self.refusal("invalid_request", "A signed assertion is needed") }
    guard let client = setup.client else {
      return Self.refusal("invalid_client", "There is no such client", status: 401)
    }
    if let objection = assertion.objection(
      to: client, audience: Self.address(of: request), at: now())
    {
      return Self.refusal("invalid_client", objection, status: 401)
    }
    let bearer = Hex.encode(SecureRandom().bytes(32))
    let end = now().addingTimeInterval(TimeInterval(setup.tokenSeconds))
    state.withLock { $0.bearers[bearer] = end }
    return .json(
      .object([
        ("access_token", .string(bearer)), ("expires_in", .integer(setup.tokenSeconds)),
        ("token_type", "bearer"),
      ]))
  }

  /// Scheme, authority and path as the sender wrote them.
  private static func address(of request: WireRequest) -> String {
    let path = request.target.prefix { $0 != "?" }
    return "http://\(request.header("Host") ?? "127.0.0.1")\(path)"
  }

  private func isFresh(_ nonce: String) -> Bool {
    let moment = now()
    return state.withLock { state in
      state.nonces = state.nonces.filter {
        moment.timeIntervalSince($0.value) <= 2 * Self.signatureLeeway
      }
      return state.nonces.updateValue(moment, forKey: nonce) == nil
    }
  }

  private static func refusal(
    _ code: String, _ description: String, status: Int = 400
  ) -> WireResponse {
    .json(
      .object([("error", .string(code)), ("error_description", .string(description))]),
      status: status)
  }
}
