/// A password, token or key. Prints as `[redacted]` everywhere; only ``reveal()`` gives it away.
public struct Secret: Hashable, Sendable {
  private let value: String

  public init(_ value: String) {
    self.value = value
  }

  /// The value itself. Call it where it goes onto the wire, and nowhere else.
  public func reveal() -> String { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What stands in a log in place of a secret.
  public static let mask = "[redacted]"

  public var description: String { Self.mask }
  public var debugDescription: String { Self.mask }
  public var customMirror: Mirror { Mirror(reflecting: Self.mask) }
}
