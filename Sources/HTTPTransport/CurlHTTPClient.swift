import CurlClient
import Secrets
import WireTranscript

/// The client for real endpoints: one pool of connections over libcurl.
///
/// Make one for each endpoint and keep it. Other methods than GET, HEAD and OPTIONS leave at most once,
/// also when a kept-alive connection turns out to be closed; those three may be sent again on a fresh
/// connection before any byte of an answer.
public struct CurlHTTPClient: HTTPClient {
  private let curl: CurlClient
  private let responseLimit: Int

  public init(_ settings: HTTPClientSettings = HTTPClientSettings()) {
    var http = CurlSettings.HTTP(
      usesHTTP2: settings.version == .http2WhenOffered, userAgent: settings.userAgent)
    http.certificateAuthorityFile = settings.certificateAuthorityFile
    http.clientCertificateFile = settings.clientCertificate?.certificateFile
    http.clientKeyFile = settings.clientCertificate?.keyFile
    http.clientKeyPassphrase = settings.clientCertificate?.passphrase?.reveal()
    http.proxy = settings.proxy?.url
    http.proxyUser = settings.proxy?.user
    http.proxyPassword = settings.proxy?.password?.reveal()
    responseLimit = settings.maximumResponseBytes
    curl = CurlClient(
      settings: CurlSettings(
        access: .http(http),
        connectTimeout: settings.connectTimeout,
        idleTimeout: settings.idleTimeout,
        maximumConnections: settings.maximumConnections,
        reuseLimit: settings.reuseLimit))
  }

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    guard let transcript = Transcript.current else { return try await answer(to: request) }
    return try await transcript.note(request) { () async throws(HTTPFailure) in
      try await answer(to: request)
    }
  }

  private func answer(to request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    if let fault = request.fault {
      throw HTTPFailure(progress: .nothingSent, code: .invalidRequest, detail: fault)
    }
    let answer: CurlAnswer
    do {
      answer = try await curl.perform(transfer(of: request))
    } catch {
      let failure = HTTPFailure(error)
      guard failure.code == .responseTooLarge else { throw failure }
      // The library only says that nobody wanted more.
      let limit = responseLimit < 1 << 20 ? "\(responseLimit) bytes" : "\(responseLimit >> 20) MiB"
      throw HTTPFailure(
        progress: failure.progress, code: failure.code,
        detail: "The answer is larger than \(limit); the rest of it was not read")
    }
    return HTTPResponse(
      status: answer.status,
      headers: HTTPHeaders(answer.headers.map { .init(name: $0.name, value: $0.value) }),
      body: answer.body)
  }

  private func transfer(of request: HTTPRequest) -> CurlTransfer {
    CurlTransfer(
      url: request.url,
      operation: .http(
        method: request.method.rawValue,
        headers: request.headers.map { CurlHeader(name: $0.name, value: $0.value) },
        body: request.body),
      timeout: request.timeout,
      responseLimit: responseLimit,
      mayRepeat: [.get, .head, "OPTIONS"].contains(request.method))
  }
}

extension HTTPFailure {
  init(_ failure: CurlFailure) {
    self.init(
      progress: failure.hadStarted ? .outcomeUnknown : .nothingSent,
      code: Code(failure.reason),
      detail: failure.detail)
  }
}

extension HTTPFailure.Code {
  fileprivate init(_ reason: CurlFailure.Reason) {
    self =
      switch reason {
      case .invalidRequest: .invalidRequest
      case .invalidSettings: .invalidSettings
      case .nameNotResolved: .nameNotResolved
      case .connectFailed: .connectFailed
      case .proxyFailed: .proxyFailed
      case .tlsRefused, .peerRefused: .tlsRefused
      case .timeout: .timeout
      case .connectionReset: .connectionReset
      case .malformedResponse: .malformedResponse
      case .tooLarge: .responseTooLarge
      case .cancelled: .cancelled
      case .loginRefused, .notFound, .accessDenied, .diskFull, .alreadyExists, .offsetBeyondEnd,
        .commandRefused, .other:
        .transferFailed
      }
  }
}
