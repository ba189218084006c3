import Foundation
import Testing

@testable import MockERP

/// Assertions and keys were made with another library than the one that checks them; the OAuth 1.0a
/// example is the vendor's own.
@Suite struct NetSuiteSignInTests {
  struct Fixture: Decodable {
    let keys: [String: String]
    let assertions: [String: String]

    init() throws {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "assertions.json")
      self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: path))
    }
  }

  /// What a dialect says to a request that the books are not asked about.
  private func answer(
    _ request: WireRequest, of dialect: NetSuite
  ) throws -> (status: Int, body: String) {
    guard case .answer(let response) = dialect.read(request).work,
      case .whole(let bytes) = response.body
    else { return (200, "") }
    return (response.status, String(decoding: bytes, as: UTF8.self))
  }

  private func dialect(
    _ key: String, now: @escaping @Sendable () -> Date = { Samples.moment }
  ) throws -> NetSuite {
    var configuration = MockERPConfiguration()
    configuration.netSuite.client = NetSuiteSetup.Client(
      id: "client-1", certificateID: "CERT-1", pem: try #require(Fixture().keys[key]))
    configuration.now = now
    return NetSuite(configuration)
  }

  private func tokenRequest(_ assertion: String) -> WireRequest {
    let body =
      "grant_type=client_credentials&client_assertion_type="
      + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
      + "&client_assertion=\(assertion)"
    return WireRequest(
      method: "POST", target: "/services/rest/auth/oauth2/v1/token",
      headers: [("Host", "127.0.0.1:8081")], body: Array(body.utf8))
  }

  private func reading(bearer: String?) -> WireRequest {
    WireRequest(
      method: "GET", target: "/services/rest/record/v1/journalEntry/1",
      headers: bearer.map { [("Authorization", "Bearer \($0)")] } ?? [], body: [])
  }

  @Test(arguments: [
    ("PS256", "RSA"), ("PS384", "RSA"), ("PS512", "RSA"), ("ES256", "ES256"), ("ES384", "ES384"),
    ("ES512", "ES512"),
  ])
  func `a signed assertion buys a token that opens the door until it ends`(
    algorithm: String, key: String
  ) throws {
    let assertion = try #require(Fixture().assertions[algorithm])
    let clock = Clock()
    let dialect = try dialect(key, now: { clock.now })
    let answer = try answer(tokenRequest(assertion), of: dialect)
    #expect(answer.status == 200)
    let issued = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
    let bearer = try #require(issued["access_token"]?.scalar)
    #expect(issued["expires_in"]?.scalar == "3600")
    #expect(try self.answer(reading(bearer: bearer), of: dialect).status == 200)
    #expect(try self.answer(reading(bearer: "x" + bearer), of: dialect).status == 401)
    clock.advance(3600)
    #expect(try self.answer(reading(bearer: bearer), of: dialect).status == 401)
  }

  @Test(arguments: [
    "expired", "too long", "another client", "another audience", "another certificate", "no scope",
    "another algorithm",
  ])
  func `an assertion that proves nothing buys nothing`(name: String) throws {
    let assertion = try #require(Fixture().assertions[name])
    let answer = try answer(tokenRequest(assertion), of: dialect("ES256"))
    #expect(answer.status == 401)
    #expect(answer.body.contains("invalid_client"))
  }

  @Test func `a signature by another key, or over another text, buys nothing`() throws {
    let assertion = try #require(Fixture().assertions["ES256"])
    #expect(try answer(tokenRequest(assertion), of: dialect("RSA")).status == 401)
    #expect(try answer(tokenRequest(assertion), of: dialect("ES384")).status == 401)
    let parts = assertion.split(separator: ".")
    let other = try #require(Fixture().assertions["too long"]).split(separator: ".")
    let swapped = "\(parts[0]).\(other[1]).\(parts[2])"
    #expect(try answer(tokenRequest(swapped), of: dialect("ES256")).status == 401)
  }

  @Test func `without a token nobody comes in, and the answer says so`() throws {
    let answer = try answer(reading(bearer: nil), of: dialect("RSA"))
    #expect(answer.status == 401)
    #expect(answer.body.contains(#""o:errorCode":"INVALID_LOGIN""#))
  }

  // MARK: OAuth 1.0a

  static let published = NetSuiteSetup.Token(
    consumerKey: "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    consumerSecret: "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
    token: "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    tokenSecret: "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295")

  private static func header(_ signature: String, realm: String = "123456") -> String {
    "OAuth realm=\"\(realm)\", oauth_token=\"\(published.token)\", "
      + "oauth_consumer_key=\"\(published.consumerKey)\", oauth_nonce=\"fjaLirsIcCGVZWzBX0pg\", "
      + "oauth_timestamp=\"1508242306\", oauth_signature_method=\"HMAC-SHA256\", "
      + "oauth_version=\"1.0\", oauth_signature=\"\(OAuth1Header.encode(signature))\""
  }

  @Test func `the vendor's example is signed`() throws {
    let header = try #require(
      OAuth1Header(Self.header("B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=")))
    let url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
    #expect(header.isSigned(method: "GET", url: url, query: [], by: Self.published))
    #expect(!header.isSigned(method: "PUT", url: url, query: [], by: Self.published))
    #expect(
      !header.isSigned(method: "GET", url: url, query: [("limit", "1")], by: Self.published))
  }

  @Test func `a signed request comes in once, near its time, for its realm`() throws {
    let url = "http://127.0.0.1:8081/services/rest/record/v1/journalEntry/1"
    let unsigned = try #require(OAuth1Header(Self.header("")))
    let base = OAuth1Header.base(
      method: "GET", url: url, query: [("expandSubResources", "true")],
      parameters: unsigned.parameters.filter { $0.key != "oauth_signature" && $0.key != "realm" })
    let signature = Self.signature(of: base)
    func request(_ header: String) -> WireRequest {
      WireRequest(
        method: "GET",
        target: "/services/rest/record/v1/journalEntry/1?expandSubResources=true",
        headers: [("Host", "127.0.0.1:8081"), ("Authorization", header)], body: [])
    }
    func dialect(at moment: TimeInterval) -> NetSuite {
      var configuration = MockERPConfiguration()
      configuration.netSuite.token = Self.published
      configuration.now = { Date(timeIntervalSince1970: moment) }
      return NetSuite(configuration)
    }
    let now = dialect(at: 1_508_242_310)
    #expect(try answer(request(Self.header(signature)), of: now).status == 200)
    #expect(try answer(request(Self.header(signature)), of: now).status == 401, "a replay")
    let later = dialect(at: 1_508_243_000)
    #expect(try answer(request(Self.header(signature)), of: later).status == 401)
    let elsewhere = dialect(at: 1_508_242_310)
    #expect(try answer(request(Self.header(signature, realm: "1")), of: elsewhere).status == 401)
  }

  /// HMAC-SHA256 by Python's standard library would do as well; this is libcrypto's.
  private static func signature(of base: String) -> String {
    let key = published.consumerSecret + "&" + published.tokenSecret
    return NetSuiteSamples.hmac(base, key: key)
  }
}

/// A clock that is set by hand.
final class Clock: @unchecked Sendable {
  private let lock = NSLock()
  private var moment = Samples.moment

  var now: Date { lock.withLock { moment } }
  func advance(_ seconds: TimeInterval) { lock.withLock { moment += seconds } }
}
