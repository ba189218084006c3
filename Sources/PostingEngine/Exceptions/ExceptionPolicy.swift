package import Ledger

/// Who owns exceptions, how long they may stay open, and what takes two people.
package struct ExceptionPolicy: Hashable, Sendable {
  /// Owner and time for some exceptions.
  package struct Rule: Hashable, Sendable {
    package var condition: ExceptionCondition
    package var owner: String?
    package var sla: Duration?

    package init(
      _ condition: ExceptionCondition = ExceptionCondition(), owner: String? = nil,
      sla: Duration? = nil
    ) {
      self.condition = condition
      self.owner = owner
      self.sla = sla
    }
  }

  /// The first rule that matches and says it decides owner and time, each on its own.
  package var rules: [Rule]
  /// Actions that another person has to approve.
  package var secondPerson: Set<ExceptionAction.Name>

  package static let standard = ExceptionPolicy()

  package init(rules: [Rule] = [], secondPerson: Set<ExceptionAction.Name> = []) {
    self.rules = rules
    self.secondPerson = secondPerson
  }

  /// What an exception's place in the configuration says about it.
  package struct Terms: Hashable, Sendable {
    /// nil when nobody is named.
    package var owner: String?
    /// When its time is over; nil without a limit.
    package var dueAt: Moment?
  }

  package func terms(of exception: PostingException) -> Terms {
    let matching = rules.filter {
      $0.condition.matches(
        exceptionClass: exception.exceptionClass, entity: exception.entity,
        connection: exception.connection)
    }
    let sla = matching.lazy.compactMap(\.sla).first
    return Terms(
      owner: exception.owner ?? matching.lazy.compactMap(\.owner).first,
      dueAt: sla.map { exception.since + $0 })
  }
}

/// Which exceptions a rule is about; nil matches everything.
package struct ExceptionCondition: Hashable, Sendable {
  package var exceptionClass: String?
  package var entity: LegalEntityID?
  package var connection: ConnectionID?

  package init(
    exceptionClass: String? = nil, entity: LegalEntityID? = nil, connection: ConnectionID? = nil
  ) {
    self.exceptionClass = exceptionClass
    self.entity = entity
    self.connection = connection
  }

  package func matches(
    exceptionClass: String, entity: LegalEntityID, connection: ConnectionID?
  ) -> Bool {
    (self.exceptionClass ?? exceptionClass) == exceptionClass
      && (self.entity ?? entity) == entity
      && (self.connection == nil || self.connection == connection)
  }
}
