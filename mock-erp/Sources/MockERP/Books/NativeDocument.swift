/// What an ERP's own document says beyond the entry that it turns into.
public struct NativeDocument: Hashable, Sendable, Codable {
  /// What becomes of a document whose key is booked already, where the sender asks to change it.
  public enum Change: String, Hashable, Sendable, Codable {
    /// The lines take the place of those that are there.
    case replaceLines
    /// The lines come after those that are there.
    case addLines
  }

  /// A part of another document that this one pays.
  public struct Settlement: Hashable, Sendable, Codable {
    /// See ``BookedEntry/serial``.
    public var serial: Int
    /// Decimal text in the entry's currency.
    public var amount: String

    public init(serial: Int, amount: String) {
      self.serial = serial
      self.amount = amount
    }
  }

  /// What the dialect calls it: `invoice`.
  public var kind: String
  /// `YYYY-MM`; nil is that of the posting date.
  public var period: String?
  /// What the dialect shows again.
  public var facts: [String: String]
  public var settles: [Settlement]
  /// A closed period silently gives way to the next one that is open.
  public var movesToOpenPeriod: Bool
  /// nil leaves what is booked as it is.
  public var change: Change?

  public init(
    kind: String, period: String? = nil, facts: [String: String] = [:],
    settles: [Settlement] = [], movesToOpenPeriod: Bool = false, change: Change? = nil
  ) {
    self.kind = kind
    self.period = period
    self.facts = facts
    self.settles = settles
    self.movesToOpenPeriod = movesToOpenPeriod
    self.change = change
  }
}
