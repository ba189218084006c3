import HTTPTransport
import TestSupport
import Testing
import WireTranscript

@Suite struct TranscriptTests {
  private func transcript(
    of requests: [HTTPRequest], by client: any HTTPClient = CurlHTTPClient()
  ) async -> Transcript {
    let transcript = Transcript { .milliseconds(7) }
    await Transcript.$current.withValue(transcript) {
      for request in requests { _ = try? await client.send(request) }
    }
    return transcript
  }

  @Test func `notes a request and its answer without what looks secret`() async throws {
    let server = try ScriptedServer { _ in
      [
        .send(
          "HTTP/1.1 201 Created\r\nSet-Cookie: a=b\r\nContent-Length: 21\r\n\r\n"
            + #"{"access_token":"xy"}"#)
      ]
    }
    let request = HTTPRequest(
      .post, server.url + "/entries?apikey=k-1",
      headers: ["Content-Type": "application/json", "Authorization": "Session c2VjcmV0"],
      body: [UInt8](#"{"amount":"1.00","password":"hidden"}"#.utf8))
    let transcript = await transcript(of: [request])
    let exchange = try #require(transcript.exchanges.first)
    #expect(
      exchange.sent.hasPrefix("POST \(server.url)/entries?apikey=[redacted]\nContent-Type:"))
    #expect(exchange.sent.contains("Authorization: [redacted]"))
    #expect(exchange.sent.hasSuffix(#"{"amount":"1.00","password":"[redacted]"}"#))
    let heard = try #require(exchange.heard)
    #expect(heard.hasPrefix("201\n") && heard.hasSuffix(#"{"access_token":"[redacted]"}"#))
    #expect(!heard.contains("a=b"))
    #expect(exchange.sentAfter == .milliseconds(7) && exchange.heardAfter == .milliseconds(7))
    #expect(transcript.secrets == ["Session c2VjcmV0", "c2VjcmV0"])
  }

  @Test func `notes why there is no answer`() async throws {
    let transcript = await transcript(of: [HTTPRequest(.get, "http://127.0.0.1:1/")])
    let heard = try #require(transcript.exchanges.first?.heard)
    #expect(heard.hasPrefix("no answer: connect_failed: "))
  }

  @Test func `notes the fetching of a token, and hides the token from then on`() async throws {
    let server = try ScriptedServer { request in
      request.target == "/token"
        ? [
          .send(
            "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n"
              + #"{"access_token":"tok-1","expires_in":600}"#)
        ] : [.respond(200)]
    }
    let client = AuthorizedHTTPClient(
      CurlHTTPClient(),
      authorization: .clientCredentials(
        OAuthClientCredentials(
          tokenURL: server.url + "/token", clientID: "us", clientSecret: Secret("s3cret"))))
    let first = await transcript(of: [HTTPRequest(.get, server.url)], by: client)
    #expect(first.exchanges.count == 2)
    let second = await transcript(of: [HTTPRequest(.get, server.url)], by: client)
    #expect(second.exchanges.count == 1)
    for transcript in [first, second] {
      #expect(transcript.secrets.contains("tok-1"))
      let text = transcript.exchanges.map { $0.sent + ($0.heard ?? "") }.joined()
      #expect(!text.contains("tok-1") && !text.contains("s3cret"))
    }
  }

  @Test func `keeps nothing where nobody asks`() async throws {
    let server = try ScriptedServer { _ in [.respond(200)] }
    _ = try await CurlHTTPClient().send(HTTPRequest(.get, server.url))
    #expect(Transcript.current == nil)
  }
}
