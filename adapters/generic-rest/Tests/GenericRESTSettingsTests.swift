import AdapterConformance
import AdapterKit
import GenericRESTAdapter
import HTTPTransport
import Ledger
import Testing

@Suite struct GenericRESTSettingsTests {
  typealias Fixture = GenericRESTFixtureTests

  static func problems(
    _ values: [String: TestValue], secrets: [String: String] = [:]
  ) -> [Problem] {
    do throws(SettingsFault) {
      _ = try GenericRESTAdapter(
        settings: .test(values, secrets: secrets), http: ScriptedHTTPClient([]),
        now: { Fixture.start })
      return []
    } catch {
      return error.problems
    }
  }

  @Test func `tells everything that is wrong at once`() {
    let problems = Self.problems([
      "url": "ftp://erp.example", "batchSize": 100_000, "pahts": [:],
      "paths": ["find": "no-slash", "finds": "/x"],
      "auth": ["type": "basic", "user": "u", "password": "s3cret"],
      "headers": ["Authorization": "Bearer s3cret"],
      "timeouts": ["request": 0],
      "errors": [
        ["match": ["code": "E-17"], "outcome": "rejected", "class": "periodClose"],
        ["match": [:], "outcome": "unknown"],
      ],
    ])
    #expect(
      problems.map(\.code) == [
        "invalid_url", "missing_key", "invalid_path", "unknown_key", "secret_inline",
        "secret_inline", "wrong_type", "wrong_type", "wrong_type", "missing_key", "unknown_key",
      ])
    #expect(!problems.contains { "\($0)".contains("s3cret") })
    #expect(problems.allSatisfy { $0.pointer.hasPrefix("connections/test.yaml") })
  }

  @Test func `a secret that is not there is a problem`() {
    let problems = Self.problems([
      "url": "https://erp.example", "company": "DE01",
      "auth": ["type": "bearer", "token": "env:TOKEN"],
    ])
    #expect(problems.map(\.code) == ["secret_missing"])
  }

  @Test(arguments: [
    "https://user:pw@erp.example", "https://", "erp.example", "https://erp.example?x=1",
  ])
  func `refuses an address that is no base`(url: String) {
    let problems = Self.problems(["url": .text(url), "company": "DE01"])
    #expect(problems.map(\.code) == ["invalid_url"])
  }

  @Test func `the configuration's rows come before the adapter's`() async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let adapter = try Fixture.adapter(
      ScriptedHTTPClient([
        .answer(.json(400, #"{"code":"E-17","message":"Buchungsperiode zu"}"#)),
        .answer(.json(422, #"{"code":"closed_period","message":"x"}"#)),
        .answer(.json(500, #"{"message":"Please try AGAIN in a minute"}"#)),
      ]),
      [
        "errors": [
          ["match": ["code": "E-17"], "outcome": "rejected", "class": "periodClosed"],
          ["match": ["code": "closed_period", "status": 422], "outcome": "unknown"],
          ["match": ["text": "try again"], "outcome": "retryLater", "scope": "entry"],
        ]
      ])
    guard case .rejected(let rejection)? = await adapter.submit([submission])[submission.key] else {
      Issue.record("not rejected")
      return
    }
    #expect(rejection.rejectionClass == .periodClosed)
    #expect(rejection.erpCode == "E-17")
    guard case .unknown? = await adapter.submit([submission])[submission.key] else {
      Issue.record("not unknown")
      return
    }
    guard case .retryLater(let later)? = await adapter.submit([submission])[submission.key] else {
      Issue.record("not postponed")
      return
    }
    #expect(later.scope == .entry)
  }

  @Test func `a peer with other paths and a header of its own is reached`() async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let http = ScriptedHTTPClient(always: { _ in .json(500, "") })
    let adapter = try Fixture.adapter(
      http,
      [
        "paths": [
          "submit": "/gl/{company}/documents", "find": "/gl/{company}/documents/by-ref/{key}",
        ],
        "headers": ["X-Tenant": "nord"], "idempotencyHeader": "X-Request-Id",
        "auth": ["type": "header", "name": "X-API-Key", "value": "env:API_KEY"],
      ], secrets: ["env:API_KEY": "k-12345"])
    _ = await adapter.submit([submission])
    _ = await adapter.find(submission.key)
    let requests = await http.requests
    #expect(
      requests.map(\.url) == [
        "https://erp.example/api/gl/DE%2F01/documents",
        "https://erp.example/api/gl/DE%2F01/documents/by-ref/\(submission.key)",
      ])
    #expect(requests[0].headers["X-Request-Id"] == submission.key.text)
    #expect(requests.allSatisfy { $0.headers["X-Tenant"] == "nord" })
    #expect(requests.allSatisfy { $0.headers["X-API-Key"] == "k-12345" })
  }
}
