import HTTPTransport
import TestSupport
import Testing

@Suite struct CurlHTTPClientTests {
  static let patience = Duration.seconds(20)
  static let short = Duration.milliseconds(150)

  static func failure(
    of request: HTTPRequest, by client: some HTTPClient = CurlHTTPClient()
  ) async -> HTTPFailure? {
    do throws(HTTPFailure) {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Answers

  @Test func `carries a request over and the answer back`() async throws {
    let server = try ScriptedServer { _ in
      [
        .send(
          "HTTP/1.1 201 Created\r\nX-Note: one\r\nx-note:  two \r\nContent-Length: 2\r\n\r\nhi")
      ]
    }
    let response = try await CurlHTTPClient().send(
      HTTPRequest(
        .post, server.url + "/entries?x=1%2F2",
        headers: ["Content-Type": "application/json", "X-Empty": "", "Idempotency-Key": "k"],
        body: [UInt8]("{}".utf8)))
    #expect(response.status == 201)
    #expect(response.isSuccess)
    #expect(response.text == "hi")
    #expect(response.headers["X-NOTE"] == "one")
    #expect(response.headers.values(of: "x-note") == ["one", "two"])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/entries?x=1%2F2")
    #expect(request.text == "{}")
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("x-empty") == "")
    #expect(request.header("idempotency-key") == "k")
    #expect(request.header("content-length") == "2")
    #expect(request.header("expect") == nil)
    #expect(request.header("user-agent") == "Postern")
  }

  @Test(
    arguments: [
      (HTTPMethod.get, nil), (.delete, nil), (.post, "0"), (.put, "0"), (.patch, "0"),
    ] as [(HTTPMethod, String?)])
  func `says the length of an empty body where one is expected`(
    method: HTTPMethod, length: String?
  ) async throws {
    let server = try ScriptedServer()
    _ = try await CurlHTTPClient().send(HTTPRequest(method, server.url))
    let request = try #require(server.requests.first)
    #expect(request.method == method.rawValue)
    #expect(request.header("content-length") == length)
    #expect(request.header("content-type") == nil)
  }

  @Test func `a body may hold every byte and be large`() async throws {
    let server = try ScriptedServer { _ in [.respond(200)] }
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    _ = try await CurlHTTPClient().send(HTTPRequest(.post, server.url, body: body))
    #expect(server.requests.first?.body == body)
  }

  @Test(arguments: [204, 301, 302, 400, 401, 404, 409, 429, 500, 503])
  func `a status is an answer and not a failure`(status: Int) async throws {
    let server = try ScriptedServer { request in
      status == 204
        ? [.send("HTTP/1.1 204 No Content\r\n\r\n")]
        : [.respond(status, [("Location", "/elsewhere"), ("WWW-Authenticate", "Basic")], "no")]
    }
    let response = try await CurlHTTPClient().send(HTTPRequest(.post, server.url, body: [1]))
    #expect(response.status == status)
    #expect(server.requests.count == 1)
  }

  @Test func `a head request has headers and no body`() async throws {
    let server = try ScriptedServer { _ in
      [.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n")]
    }
    let response = try await CurlHTTPClient().send(HTTPRequest(.head, server.url))
    #expect(response.headers["etag"] == "\"a\"")
    #expect(response.body.isEmpty)
  }

  @Test func `interim answers are left out`() async throws {
    let server = try ScriptedServer { _ in
      [.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"), .respond(200, [("A", "b")], "ok")]
    }
    let response = try await CurlHTTPClient().send(HTTPRequest(.get, server.url))
    #expect(response.status == 200)
    #expect(response.headers["Link"] == nil)
    #expect(response.headers["a"] == "b")
  }

  @Test func `chunks are put together`() async throws {
    let server = try ScriptedServer { _ in
      [
        .send(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
      ]
    }
    let response = try await CurlHTTPClient().send(HTTPRequest(.get, server.url))
    #expect(response.text == "abc")
  }

  // MARK: Connections

  /// Uses a kept-alive connection again however long a busy machine takes between two requests.
  private static var patientClient: CurlHTTPClient {
    CurlHTTPClient(HTTPClientSettings(reuseLimit: .seconds(3_600)))
  }

  @Test func `requests one after the other share a connection`() async throws {
    let server = try ScriptedServer()
    let client = Self.patientClient
    for _ in 0..<10 {
      _ = try await client.send(HTTPRequest(.post, server.url, body: [1]))
    }
    #expect(server.requests.count == 10)
    #expect(server.connectionCount == 1)
  }

  @Test func `64 requests run at the same time`() async throws {
    let gate = Gate()
    let server = try ScriptedServer { request in
      [.wait(gate), .respond(200, [], request.target)]
    }
    let client = CurlHTTPClient(HTTPClientSettings(maximumConnections: 64))
    let url = server.url
    let texts = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<64 {
        group.addTask { try await client.send(HTTPRequest(.post, "\(url)/\(number)")).text }
      }
      await server.received(64)
      gate.open()
      var texts: Set<String> = []
      for try await text in group { texts.insert(text) }
      return texts
    }
    #expect(texts == Set((0..<64).map { "/\($0)" }))
    #expect(server.connectionCount == 64)
  }

  @Test func `the cap on connections holds and nobody starves`() async throws {
    let server = try ScriptedServer()
    let client = CurlHTTPClient(HTTPClientSettings(maximumConnections: 3))
    let url = server.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<60 {
        group.addTask { _ = try await client.send(HTTPRequest(.get, url)) }
      }
      try await group.waitForAll()
    }
    #expect(server.requests.count == 60)
    #expect(server.connectionCount <= 3)
  }

  @Test func `a request that waits for a connection times out with nothing sent`() async throws {
    let server = try ScriptedServer { _ in [.hang] }
    let client = CurlHTTPClient(HTTPClientSettings(maximumConnections: 1))
    let url = server.url
    async let first = Self.failure(of: HTTPRequest(.post, url, timeout: Self.patience), by: client)
    await server.received(1)
    let second = await Self.failure(of: HTTPRequest(.post, url, timeout: Self.short), by: client)
    #expect(second?.progress == .nothingSent)
    #expect(second?.code == .timeout)
    #expect(server.requests.count == 1)
    server.stop()
    #expect(await first?.progress == .outcomeUnknown)
  }

  // MARK: At most once

  /// The server reads the second request on a connection it kept open, may book it, and is gone.
  @Test(arguments: [ServerStep.close, .reset], [HTTPMethod.post, .put, .patch, .delete])
  func `a kept-alive connection that dies leaves one delivery`(
    end: ServerStep, method: HTTPMethod
  ) async throws {
    let server = try ScriptedServer { request in
      request.number == 1 ? [.respond(200)] : [end]
    }
    let client = Self.patientClient
    _ = try await client.send(HTTPRequest(method, server.url, body: [1]))
    let failure = await Self.failure(of: HTTPRequest(method, server.url, body: [2]), by: client)
    #expect(failure?.progress == .outcomeUnknown)
    #expect(failure?.code == .connectionReset)
    #expect(server.requests.map(\.body) == [[1], [2]])
    #expect(server.requests.map(\.connection) == [1, 1])
  }

  @Test func `a get is sent again when its kept-alive connection was closed`() async throws {
    let server = try ScriptedServer { request in
      request.number == 2 ? [.close] : [.respond(200)]
    }
    let client = Self.patientClient
    for _ in 0..<2 {
      let response = try await client.send(HTTPRequest(.get, server.url))
      #expect(response.status == 200)
    }
    #expect(server.requests.map(\.connection) == [1, 1, 2])
  }

  @Test func `a client of its own has connections of its own`() async throws {
    let server = try ScriptedServer()
    for number in 1...3 {
      _ = try await CurlHTTPClient().send(HTTPRequest(.post, server.url))
      #expect(server.connectionCount == number)
    }
  }

  // MARK: Failures

  @Test func `an unreachable server means that nothing was sent`() async throws {
    let port = try ScriptedServer.unusedPort()
    let failure = await Self.failure(of: HTTPRequest(.post, "http://127.0.0.1:\(port)/"))
    #expect(failure?.progress == .nothingSent)
    #expect(failure?.code == .connectFailed)
  }

  @Test func `a proxy out of reach means that nothing was sent`() async throws {
    let server = try ScriptedServer()
    let port = try ScriptedServer.unusedPort()
    let client = CurlHTTPClient(
      HTTPClientSettings(proxy: .init(url: "http://127.0.0.1:\(port)")))
    let failure = await Self.failure(of: HTTPRequest(.post, server.url), by: client)
    #expect(failure?.progress == .nothingSent)
    #expect(server.requests.isEmpty)
  }

  @Test func `requests pass the proxy`() async throws {
    let proxy = try ScriptedServer { _ in [.respond(200, [], "by proxy")] }
    let client = CurlHTTPClient(
      HTTPClientSettings(
        proxy: .init(url: proxy.url, user: "anna", password: Secret("geheim"))))
    let response = try await client.send(HTTPRequest(.get, "http://erp.invalid/x"))
    #expect(response.text == "by proxy")
    let request = try #require(proxy.requests.first)
    #expect(request.target == "http://erp.invalid/x")
    #expect(request.header("proxy-authorization") == "Basic YW5uYTpnZWhlaW0=")
  }

  @Test(arguments: [
    ([ServerStep.reset], HTTPFailure.Code.connectionReset),
    ([.close], .connectionReset),
    ([.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .close], .connectionReset),
    ([.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .reset], .connectionReset),
    ([.send("HTTP/1.1 200 OK\r\nX: "), .close], .connectionReset),
    (
      [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab"), .close],
      .connectionReset
    ),
    (
      [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), .close],
      .connectionReset
    ),
    ([.send("hello, this is no answer of HTTP\r\n\r\n"), .close], .malformedResponse),
    ([.send("HTTP/1.1 abc OK\r\n\r\n"), .close], .malformedResponse),
    (
      [.send("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), .close],
      .malformedResponse
    ),
    (
      [.respond(200, [("Content-Encoding", "gzip")], "not compressed")],
      .malformedResponse
    ),
    ([.respond(200, [], String(repeating: "x", count: 1001))], .responseTooLarge),
    (
      [
        .respond(
          200, (0..<300).map { ("X-\($0)", String(repeating: "x", count: 1000)) })
      ],
      .responseTooLarge
    ),
    ([.hang], .timeout),
    ([.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .hang], .timeout),
    (
      [
        .send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"),
        .dribble([UInt8](repeating: 0x61, count: 900), everyMilliseconds: 20),
      ], .timeout
    ),
  ])
  func `an answer that is not whole leaves the outcome unknown`(
    steps: [ServerStep], code: HTTPFailure.Code
  ) async throws {
    let server = try ScriptedServer { _ in steps }
    let client = CurlHTTPClient(HTTPClientSettings(maximumResponseBytes: 1000))
    let timeout = code == .timeout ? Self.short : Self.patience
    let failure = await Self.failure(
      of: HTTPRequest(.post, server.url, body: [1], timeout: timeout), by: client)
    #expect(failure?.progress == .outcomeUnknown)
    #expect(failure?.code == code)
    #expect(failure?.detail.isEmpty == false)
    #expect(server.requests.count == 1)
  }

  @Test func `an answer of exactly the limit is taken`() async throws {
    let server = try ScriptedServer { _ in [.respond(200, [], String(repeating: "x", count: 10))] }
    let client = CurlHTTPClient(HTTPClientSettings(maximumResponseBytes: 10))
    let response = try await client.send(HTTPRequest(.get, server.url))
    #expect(response.body.count == 10)
  }

  @Test func `silence for longer than the idle limit ends the wait`() async throws {
    let server = try ScriptedServer { _ in [.hang] }
    let client = CurlHTTPClient(HTTPClientSettings(idleTimeout: .seconds(1)))
    let failure = await Self.failure(
      of: HTTPRequest(.get, server.url, timeout: Self.patience), by: client)
    #expect(failure?.code == .timeout)
  }

  // MARK: Cancellation

  @Test func `cancelling frees the caller and the connection`() async throws {
    let server = try ScriptedServer { request in
      request.target == "/hang" ? [.hang] : [.respond(200)]
    }
    let client = CurlHTTPClient(HTTPClientSettings(maximumConnections: 1))
    let url = server.url
    let task = Task {
      await Self.failure(of: HTTPRequest(.post, url + "/hang", timeout: Self.patience), by: client)
    }
    await server.received(1)
    task.cancel()
    let failure = await task.value
    #expect(failure?.code == .cancelled)
    #expect(failure?.progress == .outcomeUnknown)
    let response = try await client.send(HTTPRequest(.get, url))
    #expect(response.status == 200)
  }

  @Test func `a cancelled task sends nothing`() async throws {
    let server = try ScriptedServer()
    let url = server.url
    let gate = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in gate.stream {}
      return await Self.failure(of: HTTPRequest(.post, url))
    }
    task.cancel()
    let failure = await task.value
    #expect(failure?.code == .cancelled)
    #expect(failure?.progress == .nothingSent)
    #expect(server.requests.isEmpty)
  }

  @Test func `many cancelled at random moments all return`() async throws {
    let server = try ScriptedServer { request in
      request.number.isMultiple(of: 2) ? [.hang] : [.respond(200)]
    }
    let client = CurlHTTPClient(HTTPClientSettings(maximumConnections: 8))
    let url = server.url
    let tasks = (0..<200).map { _ in
      Task {
        _ = await Self.failure(of: HTTPRequest(.post, url, timeout: Self.patience), by: client)
      }
    }
    await server.received(5)
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  @Test func `a client released during a request still answers`() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _ in [.wait(gate), .respond(200, [], "late")] }
    let url = server.url
    async let response = CurlHTTPClient().send(HTTPRequest(.get, url))
    await server.received(1)
    gate.open()
    #expect(try await response.text == "late")
  }

  // MARK: Refusals

  @Test(arguments: [
    HTTPRequest(.get, "ftp://127.0.0.1/"),
    HTTPRequest(.get, "file:///etc/hosts"),
    HTTPRequest(.get, "127.0.0.1"),
    HTTPRequest(.get, "http://"),
    HTTPRequest(.get, "http:///path"),
    HTTPRequest(.get, "http://127.0.0.1/a b"),
    HTTPRequest(.get, "http://127.0.0.1/\r\nX: y"),
    HTTPRequest(.get, "http://127.0.0.1/ä"),
    HTTPRequest(.get, "http://anna:geheim@127.0.0.1/"),
    HTTPRequest(.get, "http://127.0.0.1:99999/"),
    HTTPRequest("GE T", "http://127.0.0.1/"),
    HTTPRequest("", "http://127.0.0.1/"),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "geheim\r\nY: z"]),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "geheim\n"]),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "geheim\u{0}"]),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["X Y": "z"]),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["X:": "z"]),
    HTTPRequest(.get, "http://127.0.0.1/", headers: ["": "z"]),
    HTTPRequest(.post, "http://127.0.0.1/", headers: ["Content-Length": "3"]),
    HTTPRequest(.post, "http://127.0.0.1/", headers: ["transfer-encoding": "chunked"]),
  ])
  func `refuses a request that cannot be sent as it stands`(request: HTTPRequest) async throws {
    let failure = await Self.failure(of: request)
    #expect(failure?.code == .invalidRequest)
    #expect(failure?.progress == .nothingSent)
    #expect(failure?.detail.contains("geheim") == false)
  }
}
