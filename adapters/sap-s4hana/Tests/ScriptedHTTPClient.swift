import HTTPTransport

/// Gives the answers it was told to give, in order, and keeps what was asked.
actor ScriptedHTTPClient: HTTPClient {
  enum Step: Sendable {
    case answer(HTTPResponse)
    case failure(HTTPFailure)
  }

  private var steps: [Step]
  private let make: (@Sendable (HTTPRequest) -> HTTPResponse)?
  private(set) var requests: [HTTPRequest] = []

  init(_ steps: [Step]) {
    self.steps = steps
    make = nil
  }

  /// Every request gets an answer made of it.
  init(always make: @escaping @Sendable (HTTPRequest) -> HTTPResponse) {
    steps = []
    self.make = make
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
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

extension HTTPResponse {
  /// A SOAP 1.1 envelope around `body`.
  static func soap(_ status: Int, _ body: String) -> HTTPResponse {
    let envelope =
      #"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>"#
      + body + "</s:Body></s:Envelope>"
    return HTTPResponse(status: status, body: [UInt8](envelope.utf8))
  }
}
