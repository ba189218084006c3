import WireTranscript

extension Transcript {
  private static let log = HTTPExchangeLog(bodyLimit: .max)

  /// Notes a request and its answer, without what looks secret by its name.
  func note(
    _ request: HTTPRequest, _ send: () async throws(HTTPFailure) -> HTTPResponse
  ) async throws(HTTPFailure) -> HTTPResponse {
    for secret in Self.log.credentials(of: request) { hide(secret) }
    let place = sends(Self.log.render(request))
    do throws(HTTPFailure) {
      let response = try await send()
      hears(Self.log.render(response), to: place)
      return response
    } catch {
      hears("no answer: \(error)", to: place)
      throw error
    }
  }
}
