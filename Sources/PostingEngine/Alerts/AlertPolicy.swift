package import Ledger

/// Who is told about the causes of exceptions, and who next.
package struct AlertPolicy: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    /// After the alert was raised.
    package var after: Duration
    /// Names of recipients in the configuration.
    package var recipients: [String]

    package init(after: Duration, recipients: [String]) {
      self.after = after
      self.recipients = recipients
    }
  }

  package struct Rule: Hashable, Sendable {
    package var condition: ExceptionCondition
    /// In the order of their time.
    package var steps: [Step]

    package init(_ condition: ExceptionCondition = ExceptionCondition(), steps: [Step]) {
      self.condition = condition
      self.steps = steps
    }
  }

  /// The first that matches decides.
  package var rules: [Rule]

  package init(rules: [Rule] = []) { self.rules = rules }

  /// nil when nobody is to be told.
  package func steps(for group: ExceptionGroup) -> [Step]? {
    rules.first {
      $0.condition.matches(
        exceptionClass: group.exceptionClass, entity: group.entity, connection: group.connection)
    }?.steps
  }
}

/// What somebody is told about a cause.
package struct AlertMessage: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case raised
    /// Somebody was told before, and the cause is still there.
    case escalated
    /// Nothing is open any more.
    case ended
  }

  package var kind: Kind
  package var group: ExceptionGroup
  package var raisedAt: Moment

  package init(kind: Kind, group: ExceptionGroup, raisedAt: Moment) {
    self.kind = kind
    self.group = group
    self.raisedAt = raisedAt
  }
}
