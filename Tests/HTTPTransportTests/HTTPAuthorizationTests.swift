import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPAuthorizationTests {
  /// A clock that stands still until it is moved.
  final class HandClock: Sendable {
    private let passed = Mutex(Duration.zero)
    private let start = ContinuousClock.now

    func advance(_ duration: Duration) { passed.withLock { $0 += duration } }
    var now: ContinuousClock.Instant { passed.withLock { start + $0 } }
  }

  static let credentials = OAuthClientCredentials(
    tokenURL: "", clientID: "id:1", clientSecret: Secret("ge heim"), scope: "a b",
    parameters: ["audience": "erp"])

  /// Gives out tokens t1, t2 … and echoes what the others came with.
  static func tokenServer(
    _ token: @escaping @Sendable (Int) -> ServerStep = { number in
      .json(200, #"{"access_token":"t\#(number)","token_type":"Bearer","expires_in":600}"#)
    }
  ) throws -> ScriptedServer {
    let count = Mutex(0)
    return try ScriptedServer { request in
      guard request.target == "/token" else {
        return [
          .respond(
            request.target == "/401" ? 401 : 200, [], request.header("authorization") ?? "none")
        ]
      }
      let number = count.withLock { count in
        count += 1
        return count
      }
      return [token(number)]
    }
  }

  static func client(
    _ server: ScriptedServer, clock: HandClock = HandClock(),
    change: (inout OAuthClientCredentials) -> Void = { _ in }
  ) -> AuthorizedHTTPClient {
    var credentials = Self.credentials
    credentials.tokenURL = server.url + "/token"
    change(&credentials)
    return AuthorizedHTTPClient(
      CurlHTTPClient(), authorization: .clientCredentials(credentials), now: { clock.now })
  }

  @Test(
    arguments: [
      (HTTPAuthorization.none, "authorization", nil),
      (.basic(user: "anna", password: Secret("gehéim")), "authorization", "Basic YW5uYTpnZWjDqWlt"),
      (.basic(user: "a", password: Secret("")), "authorization", "Basic YTo="),
      (.bearer(Secret("t")), "authorization", "Bearer t"),
      (.header(name: "X-API-Key", value: Secret("k")), "x-api-key", "k"),
    ] as [(HTTPAuthorization, String, String?)])
  func `adds what the server wants`(
    authorization: HTTPAuthorization, name: String, value: String?
  ) async throws {
    let server = try ScriptedServer()
    let client = AuthorizedHTTPClient(CurlHTTPClient(), authorization: authorization)
    _ = try await client.send(HTTPRequest(.get, server.url))
    #expect(server.requests.first?.header(name) == value)
  }

  @Test func `a token is fetched once and kept until it expires`() async throws {
    let server = try Self.tokenServer()
    let clock = HandClock()
    let client = Self.client(server, clock: clock)
    var seen: [String] = []
    for wait in [0, 300, 269, 2, 569] {
      clock.advance(.seconds(wait))
      seen.append(try await client.send(HTTPRequest(.get, server.url)).text)
    }
    #expect(seen == ["Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.text == "grant_type=client_credentials&scope=a+b&audience=erp")
    #expect(request.header("authorization") == "Basic aWQlM0ExOmdlK2hlaW0=")
  }

  @Test func `client id and secret may stand in the body`() async throws {
    let server = try Self.tokenServer()
    let client = Self.client(server) {
      $0.placement = .body
      $0.scope = nil
      $0.parameters = [:]
    }
    _ = try await client.send(HTTPRequest(.get, server.url))
    let request = try #require(server.requests.first)
    #expect(
      request.text == "grant_type=client_credentials&client_id=id%3A1&client_secret=ge+heim")
    #expect(request.header("authorization") == nil)
  }

  @Test func `requests at the same time share one token`() async throws {
    let server = try Self.tokenServer()
    let client = Self.client(server)
    let url = server.url
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await client.send(HTTPRequest(.get, url)).text } }
      for try await text in group { #expect(text == "Bearer t1") }
    }
    #expect(server.requests.count { $0.target == "/token" } == 1)
  }

  @Test func `a refused token is forgotten and the request not repeated`() async throws {
    let server = try Self.tokenServer()
    let client = Self.client(server)
    let refused = try await client.send(HTTPRequest(.post, server.url + "/401"))
    #expect(refused.status == 401)
    #expect(server.requests.count { $0.target == "/401" } == 1)
    #expect(try await client.send(HTTPRequest(.get, server.url)).text == "Bearer t2")
  }

  @Test func `a reading that met an ended token is sent again with another, once`() async throws {
    let server = try Self.tokenServer()
    let refused = try await Self.client(server).send(HTTPRequest(.get, server.url + "/401"))
    #expect(refused.status == 401)
    #expect(refused.text == "Bearer t2")
    #expect(server.requests.count { $0.target == "/401" } == 2)
  }

  @Test(arguments: [
    (ServerStep.json(401, #"{"error":"invalid_client"}"#), HTTPFailure.Code.tokenRefused),
    (.json(200, "{}"), .tokenRefused),
    (.json(200, "<html>"), .tokenRefused),
    (.json(200, #"{"access_token":""}"#), .tokenRefused),
    (.json(200, #"{"access_token":"x","token_type":"mac"}"#), .tokenRefused),
    (.reset, .connectionReset),
  ])
  func `without a token nothing is sent`(step: ServerStep, code: HTTPFailure.Code) async throws {
    let server = try Self.tokenServer { _ in step }
    let failure = await CurlHTTPClientTests.failure(
      of: HTTPRequest(.post, server.url, body: [1]), by: Self.client(server))
    #expect(failure?.code == code)
    #expect(failure?.progress == .nothingSent)
    #expect(failure?.detail.contains("heim") == false)
    #expect(server.requests.allSatisfy { $0.target == "/token" })
  }

  @Test func `a life written as text is understood`() async throws {
    let server = try Self.tokenServer { number in
      .json(200, #"{"access_token":"t\#(number)","expires_in":"100"}"#)
    }
    let clock = HandClock()
    let client = Self.client(server, clock: clock)
    _ = try await client.send(HTTPRequest(.get, server.url))
    clock.advance(.seconds(71))
    #expect(try await client.send(HTTPRequest(.get, server.url)).text == "Bearer t2")
  }

  @Test func `a secret never shows itself`() {
    let authorization = HTTPAuthorization.basic(user: "anna", password: Secret("geheim"))
    for text in ["\(authorization)", String(reflecting: authorization)] {
      #expect(text.contains("[redacted]"))
      #expect(!text.contains("geheim"))
    }
    #expect(Secret("geheim").reveal() == "geheim")
  }
}
