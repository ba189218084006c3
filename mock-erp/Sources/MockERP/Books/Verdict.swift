public import Foundation

/// What the books say to one delivered entry.
public enum Verdict: Hashable, Sendable {
  case posted(Booking)
  /// The key was booked before with the same content; the first result.
  case repeated(Booking)
  case refused(Refusal)
}

/// The ERP's proof of an entry.
public struct Booking: Hashable, Sendable {
  /// See ``BookedEntry/serial``.
  public let serial: Int
  public let id: String
  /// Position in the company's books, from 1.
  public let sequence: Int
  public let number: String
  public let externalKey: String
  public let postedAt: Date
}

/// Why an entry is not in the books.
public struct Refusal: Error, Hashable, Sendable {
  /// Stable, `snake_case`; the list is in the README.
  public let code: String
  public let message: String
  /// JSON pointer into the entry; nil when the entry as a whole is meant.
  public let field: String?

  public init(code: String, message: String, field: String? = nil) {
    self.code = code
    self.message = message
    self.field = field
  }
}
