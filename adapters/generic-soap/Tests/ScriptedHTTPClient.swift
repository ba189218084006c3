import HTTPTransport

/// Gives the answers it was told to give, in order, and keeps what was asked.
actor ScriptedHTTPClient: HTTPClient {
  enum Step: Sendable {
    case answer(HTTPResponse)
    case failure(HTTPFailure)
    /// Made of the request's body.
    case make(@Sendable (HTTPRequest) -> HTTPResponse)
  }

  private var steps: [Step]
  private(set) var requests: [HTTPRequest] = []

  init(_ steps: [Step]) { self.steps = steps }

  /// Every request gets the same answer.
  init(always make: @escaping @Sendable (HTTPRequest) -> HTTPResponse) {
    steps = [.make(make)]
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    requests.append(request)
    guard let step = steps.first else {
      throw HTTPFailure(progress: .nothingSent, code: .cancelled, detail: "the script is over")
    }
    if case .make(let make) = step { return make(request) }
    steps.removeFirst()
    switch step {
    case .answer(let response): return response
    case .failure(let failure): throw failure
    case .make: throw HTTPFailure(progress: .nothingSent, code: .cancelled, detail: "unreachable")
    }
  }
}

extension HTTPResponse {
  /// A SOAP 1.1 envelope around `body`.
  static func soap(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
    let envelope =
      #"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:j="urn:generic-erp:journal:1">"#
      + "<s:Body>\(body)</s:Body></s:Envelope>"
    return HTTPResponse(status: status, headers: headers, body: [UInt8](envelope.utf8))
  }
}
