/// Why a request has no answer.
public struct HTTPFailure: Error, Hashable, Sendable {
  /// How far the request came.
  public enum Progress: String, Hashable, Sendable {
    /// Proven: no byte of the request left. Sending again is safe.
    case nothingSent
    /// The server may have acted on the request.
    case outcomeUnknown
  }

  /// Stable snake_case word for the cause.
  public struct Code: Hashable, Sendable, RawRepresentable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  public let progress: Progress
  public let code: Code
  /// One sentence without secrets.
  public let detail: String

  public init(progress: Progress, code: Code, detail: String) {
    self.progress = progress
    self.code = code
    self.detail = detail
  }
}

extension HTTPFailure.Code: CustomStringConvertible, ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(rawValue: value)
  }

  public var description: String { rawValue }

  /// The request itself is not sendable: address, header or method.
  public static let invalidRequest: Self = "invalid_request"
  /// The client's settings do not work: a certificate file is missing, for example.
  public static let invalidSettings: Self = "invalid_settings"
  public static let nameNotResolved: Self = "name_not_resolved"
  public static let connectFailed: Self = "connect_failed"
  public static let proxyFailed: Self = "proxy_failed"
  /// The certificate or the handshake was not acceptable, to us or to the server.
  public static let tlsRefused: Self = "tls_refused"
  public static let timeout: Self = "timeout"
  /// The connection ended before the answer was complete.
  public static let connectionReset: Self = "connection_reset"
  public static let malformedResponse: Self = "malformed_response"
  public static let responseTooLarge: Self = "response_too_large"
  public static let cancelled: Self = "cancelled"
  /// The authorization server gave no usable token.
  public static let tokenRefused: Self = "token_refused"
  public static let transferFailed: Self = "transfer_failed"
}

extension HTTPFailure: CustomStringConvertible {
  public var description: String { "\(code): \(detail) (\(progress.rawValue))" }
}
