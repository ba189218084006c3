/// The code of a company with its own books, such as `ACME-DE`.
public struct LegalEntityID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let code: String
  public init(_ code: String) { self.code = code }
  public var description: String { code }
  public static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}

/// The number or code of an account in an entity's chart.
public struct AccountCode: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let code: String
  public init(_ code: String) { self.code = code }
  public var description: String { code }
  public static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}

/// The code of an ERP connection in the configuration.
public struct ConnectionID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let code: String
  public init(_ code: String) { self.code = code }
  public var description: String { code }
  public static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}
