public import HTTPTransport
public import XMLTree

/// Sends messages to one service, each at most once.
public struct SOAPClient: Sendable {
  public let http: any HTTPClient
  public let url: String
  /// Sent with every request.
  public let headers: HTTPHeaders
  public let timeout: Duration
  /// What is read of an answer.
  public let limits: XMLLimits

  public init(
    http: any HTTPClient, url: String, headers: HTTPHeaders = [:],
    timeout: Duration = HTTPRequest.defaultTimeout, limits: XMLLimits = .standard
  ) {
    self.http = http
    self.url = url
    self.headers = headers
    self.timeout = timeout
    self.limits = limits
  }

  /// The answer, whatever it says.
  ///
  /// - Throws: ``SOAPFailure`` when there is none.
  public func send(_ message: SOAPMessage) async throws(SOAPFailure) -> SOAPAnswer {
    let request: HTTPRequest
    do throws(XMLFault) {
      request = try message.request(to: url, headers: headers, timeout: timeout)
    } catch {
      throw .notWritten(error)
    }
    do throws(HTTPFailure) {
      return SOAPAnswer(try await http.send(request), limits: limits)
    } catch {
      throw .http(error)
    }
  }
}

/// Why there is no answer.
public enum SOAPFailure: Error, Hashable, Sendable {
  /// The message holds what XML cannot carry; nothing was sent.
  case notWritten(XMLFault)
  /// Says itself whether the request may have arrived.
  case http(HTTPFailure)
}
