internal import AdapterConformance
internal import HTTPTransport
internal import Synchronization

/// Stands between an adapter and its ERP and breaks the next submission as a network does.
final class FaultyHTTPClient: HTTPClient {
  private let next: any HTTPClient
  private let base: String
  private let faults = Mutex<[ConformanceFault]>([])

  /// - Parameter base: requests that change something below this address are submissions.
  init(_ next: any HTTPClient, base: String) {
    self.next = next
    self.base = base
  }

  /// False for what only the ERP itself can do.
  func arrange(_ fault: ConformanceFault) -> Bool {
    switch fault {
    case .refuse, .hide: return false
    case .loseAnswer, .dropRequest, .garbleAnswer, .throttle, .answer, .bookThenAnswer:
      faults.withLock { $0 = [fault] }
      return true
    }
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let isSubmission = request.method != .get && request.url.hasPrefix(base)
    let fault = isSubmission ? faults.withLock { $0.popLast() } : nil
    switch fault {
    case .dropRequest?: throw FaultyHTTPClient.lost
    case .loseAnswer?:
      _ = try await next.send(request)
      throw FaultyHTTPClient.lost
    case .bookThenAnswer(let status)?:
      _ = try await next.send(request)
      return HTTPResponse(status: status)
    case .garbleAnswer?: return HTTPResponse(status: 200, body: Array("<html><bo".utf8))
    case .throttle?: return HTTPResponse(status: 429, headers: ["Retry-After": "1"])
    case .answer(let status, let retryAfter, let body)?:
      let headers: HTTPHeaders = retryAfter.map { ["Retry-After": "\($0)"] } ?? [:]
      return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    case .refuse?, .hide?, nil: return try await next.send(request)
    }
  }

  private static let lost = HTTPFailure(
    progress: .outcomeUnknown, code: .connectionReset, detail: "The connection was reset")
}
