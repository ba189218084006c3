/// Sends requests, each at most once: it repeats nothing and follows no redirect.
public protocol HTTPClient: Sendable {
  /// The answer, whatever its status.
  ///
  /// - Throws: ``HTTPFailure`` when there is no complete answer, and how far the request came.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}
