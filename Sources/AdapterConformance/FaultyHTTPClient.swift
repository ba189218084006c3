public import HTTPTransport
import Synchronization

/// Stands between an adapter and its ERP and breaks the next submission as a network does.
public final class FaultyHTTPClient: HTTPClient {
  private enum Plan {
    case fault(ConformanceFault)
    case badAnswer(BadAnswer)
    case holdBack
  }

  private let next: any HTTPClient
  private let isSubmission: @Sendable (HTTPRequest) -> Bool
  private let plan = Mutex<Plan?>(nil)
  /// For the next request that books nothing.
  private let nextAnswer = Mutex<HTTPResponse?>(nil)
  /// What is still on its way.
  private let late = Mutex<HTTPRequest?>(nil)

  /// - Parameter isSubmission: whether a request books something.
  public init(_ next: any HTTPClient, isSubmission: @escaping @Sendable (HTTPRequest) -> Bool) {
    self.next = next
    self.isSubmission = isSubmission
  }

  /// False for what only the ERP itself can do.
  public func arrange(_ fault: ConformanceFault) -> Bool {
    switch fault {
    case .refuse, .hide, .loseVerdict: return false
    case .answerLookUp(let status, let body):
      nextAnswer.withLock { $0 = HTTPResponse(status: status, body: Array(body.utf8)) }
      return true
    case .loseAnswer, .dropRequest, .garbleAnswer, .throttle, .answer, .bookThenAnswer:
      plan.withLock { $0 = .fault(fault) }
      return true
    }
  }

  public func spoil(_ answer: BadAnswer) { plan.withLock { $0 = .badAnswer(answer) } }

  /// Keeps the next submission on its way until ``deliverLate()``; its sender hears nothing.
  public func holdBack() { plan.withLock { $0 = .holdBack } }

  public func deliverLate() async {
    let request = late.withLock { late in
      defer { late = nil }
      return late
    }
    // Nobody waits for its answer any more.
    if let request { _ = try? await next.send(request) }
  }

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let isSubmission = isSubmission(request)
    if !isSubmission, let answer = takeAnswer() { return answer }
    let plan = isSubmission ? takePlan() : nil
    switch plan {
    case .fault(let fault)?: return try await send(request, fault)
    case .badAnswer(let answer)?: return try await send(request, answer)
    case .holdBack?:
      late.withLock { $0 = request }
      throw FaultyHTTPClient.late
    case nil: return try await next.send(request)
    }
  }

  private func takeAnswer() -> HTTPResponse? {
    nextAnswer.withLock { answer in
      defer { answer = nil }
      return answer
    }
  }

  private func takePlan() -> Plan? {
    plan.withLock { plan in
      defer { plan = nil }
      return plan
    }
  }

  private func send(
    _ request: HTTPRequest, _ fault: ConformanceFault
  ) async throws(HTTPFailure) -> HTTPResponse {
    switch fault {
    case .dropRequest: throw FaultyHTTPClient.lost
    case .loseAnswer:
      _ = try await next.send(request)
      throw FaultyHTTPClient.lost
    case .bookThenAnswer(let status):
      _ = try await next.send(request)
      return HTTPResponse(status: status)
    case .garbleAnswer: return HTTPResponse(status: 200, body: Array("<html><bo".utf8))
    case .throttle: return HTTPResponse(status: 429, headers: ["Retry-After": "1"])
    case .answer(let status, let retryAfter, let body):
      let headers: HTTPHeaders = retryAfter.map { ["Retry-After": "\($0)"] } ?? [:]
      return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    case .refuse, .hide, .loseVerdict, .answerLookUp: return try await next.send(request)
    }
  }

  private func send(
    _ request: HTTPRequest, _ answer: BadAnswer
  ) async throws(HTTPFailure) -> HTTPResponse {
    switch answer {
    case .expiredSession: return HTTPResponse(status: 401)
    case .foreignCertificate:
      throw HTTPFailure(
        progress: .nothingSent, code: .tlsRefused,
        detail: "The certificate is for another name than that of the server")
    default: break
    }
    var response = try await next.send(request)
    switch answer {
    case .truncated: response.body = Array(response.body.prefix(response.body.count / 2))
    case .otherEncoding:
      response.body =
        [0xFF, 0xFE]
        + response.text.utf16.flatMap { unit in
          [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
        }
    case .endless:
      throw HTTPFailure(
        progress: .outcomeUnknown, code: .responseTooLarge,
        detail: "The answer has more than 16 MiB")
    case .slow: throw FaultyHTTPClient.late
    default: response.body = answer.body ?? []
    }
    return response
  }

  private static let late = HTTPFailure(
    progress: .outcomeUnknown, code: .timeout, detail: "No answer came within the time limit")
  private static let lost = HTTPFailure(
    progress: .outcomeUnknown, code: .connectionReset, detail: "The connection was reset")
}
