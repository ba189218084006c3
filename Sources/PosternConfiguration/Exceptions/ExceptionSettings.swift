package import Ledger

/// What `exceptions.yaml` says: who owns exceptions, how long they may stay open, and what takes
/// two people.
package struct ExceptionSettings: Hashable, Sendable {
  /// What may take a second person, by the names of the API.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case retry, nextPeriod, resolve, declareAbsent, reverse, discard
  }

  package struct Rule: Hashable, Sendable {
    package var match: ExceptionMatch
    package var owner: String?
    package var sla: Duration?
  }

  /// In the order of the file: the first that matches decides.
  package var rules: [Rule] = []
  package var secondPerson: Set<Action> = []

  package init() {}
}

/// Which exceptions a rule is about; nil matches everything.
package struct ExceptionMatch: Hashable, Sendable {
  package var exceptionClass: String?
  package var entity: LegalEntityID?
  package var connection: ConnectionID?
}
