import HTTPTransport
import TestSupport
import Testing

/// Against OpenSSL's own test server, which shows a page to every GET.
@Suite(.enabled(if: TLSServer.isInstalled))
struct HTTPSTests {
  @Test func `an unknown certificate is refused before anything is sent`() async throws {
    let server = try await TLSServer()
    let failure = await CurlHTTPClientTests.failure(of: HTTPRequest(.post, server.url, body: [1]))
    #expect(failure?.code == .tlsRefused)
    #expect(failure?.progress == .nothingSent)
  }

  @Test(arguments: [HTTPClientSettings.Version.http1, .http2WhenOffered])
  func `a certificate of a given authority is accepted`(
    version: HTTPClientSettings.Version
  ) async throws {
    let server = try await TLSServer()
    let client = CurlHTTPClient(
      HTTPClientSettings(certificateAuthorityFile: server.certificateFile, version: version))
    let response = try await client.send(HTTPRequest(.get, server.url))
    #expect(response.status == 200)
  }

  @Test func `a certificate for another host is refused`() async throws {
    let server = try await TLSServer()
    let client = CurlHTTPClient(
      HTTPClientSettings(certificateAuthorityFile: server.certificateFile))
    let failure = await CurlHTTPClientTests.failure(
      of: HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"), by: client)
    #expect(failure?.code == .tlsRefused)
    #expect(failure?.progress == .nothingSent)
  }

  @Test func `a server that demands a certificate gets ours`() async throws {
    let server = try await TLSServer(demandsCertificate: true)
    var settings = HTTPClientSettings(certificateAuthorityFile: server.certificateFile)
    let anonymous = await CurlHTTPClientTests.failure(
      of: HTTPRequest(.get, server.url), by: CurlHTTPClient(settings))
    #expect(anonymous != nil)
    settings.clientCertificate = .init(
      certificateFile: server.certificateFile, keyFile: server.folder.path(of: "key.pem"))
    let response = try await CurlHTTPClient(settings).send(HTTPRequest(.get, server.url))
    #expect(response.status == 200)
  }

  @Test func `a certificate file that is missing is a fault of the settings`() async throws {
    let server = try await TLSServer()
    let client = CurlHTTPClient(
      HTTPClientSettings(certificateAuthorityFile: server.folder.path(of: "none.pem")))
    let failure = await CurlHTTPClientTests.failure(of: HTTPRequest(.get, server.url), by: client)
    #expect(failure?.code == .invalidSettings)
    #expect(failure?.progress == .nothingSent)
  }

  @Test func `a server without TLS is refused`() async throws {
    let server = try ScriptedServer(greeting: [.send("hello\r\n")])
    let failure = await CurlHTTPClientTests.failure(
      of: HTTPRequest(.post, "https://127.0.0.1:\(server.port)/", body: [1]))
    #expect(failure?.code == .tlsRefused)
    #expect(failure?.progress == .nothingSent)
    #expect(server.requests.isEmpty)
  }
}
