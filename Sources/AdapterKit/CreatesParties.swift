public import Ledger

/// An adapter that creates a customer whom the ERP does not know.
public protocol CreatesParties: ERPAdapter {
  /// Creates the customer under our id, once: a repeat finds the one that is there.
  func create(_ customer: Customer) async -> PartyOutcome
}

/// What became of a customer that was to be created.
public enum PartyOutcome: Hashable, Sendable {
  /// The code by which entries name the party.
  case created(code: String)
  case existing(code: String)
  case rejected(Rejection)
  case retryLater(Postponement)
  /// The request left and no clear answer came: a further call finds out.
  case unknown(Problem)
}
