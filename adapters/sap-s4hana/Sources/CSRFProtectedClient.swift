import HTTPTransport

/// Sends every write with a token and the cookies that belong to it, for gateways that ask for one.
///
/// A write that is refused because its token has ended did nothing: it is sent again, once.
actor CSRFProtectedClient: HTTPClient {
  private struct Session {
    let token: String
    let cookies: String
  }

  private static let header = "X-CSRF-Token"

  private let http: any HTTPClient
  /// Where a token is fetched by reading.
  private let url: String
  private var session: Session?

  init(_ http: any HTTPClient, fetchingFrom url: String) {
    self.http = http
    self.url = url
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    guard ![.get, .head].contains(request.method) else { return try await http.send(request) }
    let response = try await write(request)
    guard response.status == 403,
      response.headers[Self.header]?.lowercased() == "required"
    else { return response }
    session = nil
    return try await write(request)
  }

  private func write(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    var request = request
    let session = try await current(request.timeout)
    request.headers[Self.header] = session.token
    if !session.cookies.isEmpty { request.headers["Cookie"] = session.cookies }
    return try await http.send(request)
  }

  /// - Throws: ``HTTPFailure`` with nothing sent, as the write itself was not.
  private func current(_ timeout: Duration) async throws(HTTPFailure) -> Session {
    if let session { return session }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await http.send(
        HTTPRequest(.get, url, headers: [Self.header: "Fetch"], timeout: timeout))
    } catch {
      throw HTTPFailure(progress: .nothingSent, code: error.code, detail: error.detail)
    }
    guard let token = response.headers[Self.header], token.lowercased() != "required" else {
      throw HTTPFailure(
        progress: .nothingSent, code: .tokenRefused,
        detail: "no CSRF token was given, status \(response.status)")
    }
    // Of each cookie the first pair; the rest tells browsers what to do with it.
    let cookies = response.headers.values(of: "Set-Cookie").compactMap { cookie in
      cookie.split(separator: ";").first.map(String.init)
    }
    let fetched = Session(token: token, cookies: cookies.joined(separator: "; "))
    session = fetched
    return fetched
  }
}
