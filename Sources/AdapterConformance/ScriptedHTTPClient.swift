public import HTTPTransport

/// Gives the answers it was told to give, in order, and keeps what was asked.
public actor ScriptedHTTPClient: HTTPClient {
  public enum Step: Sendable {
    case answer(HTTPResponse)
    case failure(HTTPFailure)
  }

  private var steps: [Step]
  private let make: (@Sendable (HTTPRequest) -> HTTPResponse)?
  public private(set) var requests: [HTTPRequest] = []

  public init(_ steps: [Step]) {
    self.steps = steps
    make = nil
  }

  /// Every request gets an answer made of it.
  public init(always make: @escaping @Sendable (HTTPRequest) -> HTTPResponse) {
    steps = []
    self.make = make
  }

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    requests.append(request)
    if let make { return make(request) }
    guard !steps.isEmpty else {
      throw HTTPFailure(progress: .nothingSent, code: .cancelled, detail: "the script is over")
    }
    switch steps.removeFirst() {
    case .answer(let response): return response
    case .failure(let failure): throw failure
    }
  }
}
