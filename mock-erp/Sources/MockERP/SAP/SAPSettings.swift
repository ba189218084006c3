/// How the SAP S/4HANA dialect is set up.
public struct SAPSettings: Hashable, Sendable {
  /// A name and what proves it: a communication user, or an OAuth client.
  public struct Account: Hashable, Sendable {
    public let name: String
    public let secret: String

    public init(name: String, secret: String) {
      self.name = name
      self.secret = secret
    }

    /// Reads `NAME:SECRET`; nil without a colon.
    public init?(_ text: String) {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      self.init(name: String(parts[0]), secret: String(parts[1]))
    }
  }

  /// Basic authentication; nil asks for none.
  public var user: Account?
  /// OAuth 2.0 client credentials; nil issues no tokens. With neither, everybody is let in.
  public var client: Account?
  /// Seconds that a token lives.
  public var tokenLifetime = 3600
  /// The cube shows every line once for each, but for documents of a ledger group.
  public var ledgers = ["0L"]
  /// Ledger groups of one ledger, of the same name.
  public var ledgerGroups = ["2L", "3L"]
  /// The document number of a refusal: ten zeros, or a blank.
  public var numberOfRefusal = "0000000000"

  public init() {}
}
