/// Why a file operation did not work.
public struct FileFailure: Error, Hashable, Sendable {
  /// How far a delivery or a move came. Reading alone always says `nothingDelivered`.
  public enum Progress: String, Hashable, Sendable {
    /// Proven: the final name was not made. Trying again is safe.
    case nothingDelivered
    /// The file may stand under its final name, or may have been taken already.
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

extension FileFailure.Code: CustomStringConvertible, ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(rawValue: value)
  }

  public var description: String { rawValue }

  /// A file or folder name is empty, hidden, temporary, or leads out of the root.
  public static let invalidName: Self = "invalid_name"
  /// The settings do not work: no pinned host key, or a key file is missing.
  public static let invalidSettings: Self = "invalid_settings"
  public static let notFound: Self = "not_found"
  public static let permissionDenied: Self = "permission_denied"
  /// Another file stands under that name.
  public static let conflict: Self = "conflict"
  /// Somebody else is writing the same file right now.
  public static let busy: Self = "busy"
  public static let fileTooLarge: Self = "file_too_large"
  public static let noSpace: Self = "no_space"
  /// What arrived is not what was sent.
  public static let verificationFailed: Self = "verification_failed"
  public static let nameNotResolved: Self = "name_not_resolved"
  public static let connectFailed: Self = "connect_failed"
  /// The server's host key is not the pinned one.
  public static let hostKeyRefused: Self = "host_key_refused"
  public static let loginRefused: Self = "login_refused"
  public static let timeout: Self = "timeout"
  public static let connectionLost: Self = "connection_lost"
  public static let cancelled: Self = "cancelled"
  public static let transferFailed: Self = "transfer_failed"
}

extension FileFailure: CustomStringConvertible {
  public var description: String { "\(code): \(detail) (\(progress.rawValue))" }
}
