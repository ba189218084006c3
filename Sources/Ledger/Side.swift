/// The sign of a journal line; amounts are never negative.
public enum Side: String, Hashable, Sendable, CaseIterable {
  case debit, credit

  public var opposite: Side { self == .debit ? .credit : .debit }
}
