import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import Secrets
import Synchronization
import Testing

@testable import NetSuiteAdapter

@Suite struct NetSuiteAuthorizationTests {
  /// The vendor's published sample: no secrets.
  static let sample = NetSuiteSignature(
    realm: "123456",
    consumerKey: "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    consumerSecret: Secret("d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"),
    token: "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    tokenSecret: Secret("c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"))

  /// The first is the vendor's; the others were computed by another program, after RFC 5849.
  @Test(arguments: [
    (
      "GET", "/services/rest/record/v1/employee/40",
      "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY="
    ),
    (
      "POST", "/services/rest/query/v1/suiteql?limit=1000",
      "uZBX/7a9wV86GHXyAM5U+Pl/4YO1jycLOAoPUUXbfGQ="
    ),
    (
      "GET", "/services/rest/record/v1/journalEntry?q=memo%20IS%20%22a%2Bb%22&limit=5",
      "rEVSkWsLzRcUtQUST2BNoVlw7jFQwrCq4tcIVMKc0Lc="
    ),
  ])
  func `signs as RFC 5849 says`(method: String, path: String, signature: String) throws {
    let header = Self.sample.authorization(
      HTTPMethod(rawValue: method), "https://123456.suitetalk.api.netsuite.com" + path,
      nonce: "fjaLirsIcCGVZWzBX0pg", at: Moment(milliseconds: 1_508_242_306_000))
    let fields = header.dropFirst("OAuth ".count).components(separatedBy: ", ")
    #expect(fields.contains("realm=\"123456\""))
    #expect(fields.contains("oauth_signature_method=\"HMAC-SHA256\""))
    let given = fields.first { $0.hasPrefix("oauth_signature=") }?
      .dropFirst("oauth_signature=\"".count).dropLast()
    #expect(given.flatMap { String($0).removingPercentEncoding } == signature)
  }

  @Test func `every request has a signature of its own`() async throws {
    let http = ScriptedNetSuite()
    let adapter = try NetSuiteAdapter.test(http)
    let euro = try #require(Currency("EUR"))
    _ = await adapter.submit([SampleEntry.plain(1, euro), SampleEntry.plain(2, euro)])
    let headers = await http.requests.compactMap { $0.headers["Authorization"] }
    #expect(headers.count == Set(headers).count)
    #expect(headers.allSatisfy { $0.contains("realm=\"123456_SB1\"") })
    #expect(headers.allSatisfy { header in !header.contains("cs-7f3a9c") })
  }

  /// An EC key made for this run.
  static func key() throws -> String {
    try openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
  }

  static func publicKey(of pem: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pem").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try pem.write(toFile: path, atomically: true, encoding: .utf8)
    return try openssl(["pkey", "-in", path, "-pubout"])
  }

  /// What OpenSSL's program prints.
  private static func openssl(_ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  static let oauth2: TestValue = [
    "clientID": "client-1", "certificateID": "cert-1", "privateKey": "env:KEY",
    "algorithm": "ES256",
  ]

  static func decoded(_ part: Substring) throws -> [String: Any] {
    var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
    text += String(repeating: "=", count: (4 - text.count % 4) % 4)
    let data = try #require(Data(base64Encoded: text))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `asks for a token by a signed assertion, and keeps it`() async throws {
    let http = ScriptedNetSuite()
    let adapter = try NetSuiteAdapter.test(
      http, ["auth": Self.oauth2], secrets: ["env:KEY": try Self.key()])
    let euro = try #require(Currency("EUR"))
    _ = await adapter.submit([SampleEntry.plain(1, euro), SampleEntry.plain(2, euro)])
    let requests = await http.requests
    let asked = requests.filter { $0.url.hasSuffix("/token") }
    #expect(asked.count == 1)
    let body = try #require(asked.first).body
    var values: [String: Substring] = [:]
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1)
      values[String(sides[0])] = sides[1]
    }
    #expect(values["grant_type"] == "client_credentials")
    let parts = try #require(values["client_assertion"]).split(separator: ".")
    #expect(parts.count == 3)
    let header = try Self.decoded(parts[0])
    #expect(header as? [String: String] == ["typ": "JWT", "alg": "ES256", "kid": "cert-1"])
    let payload = try Self.decoded(parts[1])
    #expect(payload["iss"] as? String == "client-1")
    #expect(payload["scope"] as? [String] == ["rest_webservices"])
    #expect(
      payload["aud"] as? String
        == ScriptedNetSuite.account + "/services/rest/auth/oauth2/v1/token")
    let issued = try #require(payload["iat"] as? Int)
    #expect(issued == 1_793_491_200)
    #expect(payload["exp"] as? Int == issued + 300)
    #expect(
      requests.filter { !$0.url.hasSuffix("/token") }
        .allSatisfy { $0.headers["Authorization"] == "Bearer t0ken-1" })
  }

  @Test func `a token that expires in the middle of a batch is renewed`() async throws {
    let gone = Tokens()
    let http = ScriptedNetSuite { request in
      if request.url.hasSuffix("/token") { return gone.issue() }
      if request.headers["Authorization"] != "Bearer \(gone.current)" {
        return ScriptedNetSuite.error(401, "INVALID_LOGIN", "Invalid login attempt")
      }
      return nil
    }
    let adapter = try NetSuiteAdapter.test(
      http, ["auth": Self.oauth2], secrets: ["env:KEY": try Self.key()])
    let euro = try #require(Currency("EUR"))
    _ = await adapter.submit([SampleEntry.plain(1, euro)])
    gone.expire()
    let second = SampleEntry.plain(2, euro)
    let outcome = await adapter.submit([second])[second.key]
    #expect(outcome == .posted(Receipt(id: "64701", number: "JE1207")))
  }

  @Test func `tells everything that is wrong at once, and no secret`() throws {
    let problems = Self.problems(
      [
        "auth": ["type": "oauth2", "clientID": "c", "privateKey": "env:KEY", "algorithm": "HS256"],
        "references": ["accounts": "name"], "customFields": ["custbody_x": "nothing"],
        "keyPrefix": "a|b", "concurency": 3,
      ], secrets: ["env:KEY": "no key at all"])
    #expect(
      problems.map(\.code) == [
        "invalid_url", "wrong_type", "invalid_key", "missing_key", "wrong_type", "wrong_type",
        "wrong_type", "unknown_key",
      ])
    #expect(!problems.contains { "\($0)".contains("no key at all") })
  }

  private static func problems(
    _ values: [String: TestValue], secrets: [String: String]
  ) -> [Problem] {
    let base: [String: TestValue] = ["adapter": "netsuite", "url": "ftp://erp", "company": "4"]
    do throws(SettingsFault) {
      _ = try NetSuiteAdapter(
        settings: .test(base.merging(values) { $1 }, secrets: secrets), http: ScriptedNetSuite(),
        now: { NetSuiteAdapter.start })
      return []
    } catch {
      return error.problems
    }
  }
}

/// Tokens that a test expires.
final class Tokens: Sendable {
  private let state = Mutex((number: 0, isExpired: true))

  var current: String { state.withLock { $0.isExpired ? "none" : "t-\($0.number)" } }

  func issue() -> HTTPResponse {
    let number = state.withLock { state in
      state = (state.number + 1, false)
      return state.number
    }
    return .json(200, #"{"access_token":"t-\#(number)","token_type":"Bearer"}"#)
  }

  func expire() { state.withLock { $0.isExpired = true } }
}
