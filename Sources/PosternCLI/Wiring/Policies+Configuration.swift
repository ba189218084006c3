internal import PosternConfiguration
internal import PostingEngine

extension ExceptionPolicy {
  init(_ settings: ExceptionSettings) {
    self.init(
      rules: settings.rules.map { rule in
        Rule(ExceptionCondition(rule.match), owner: rule.owner, sla: rule.sla)
      },
      secondPerson: Set(
        settings.secondPerson.compactMap { ExceptionAction.Name(rawValue: $0.rawValue) }))
  }
}

extension ExceptionCondition {
  init(_ match: ExceptionMatch) {
    self.init(
      exceptionClass: match.exceptionClass, entity: match.entity, connection: match.connection)
  }
}

extension AlertPolicy {
  init(_ settings: AlertSettings) {
    self.init(
      rules: settings.rules.map { rule in
        Rule(
          ExceptionCondition(rule.match),
          steps: rule.steps.map { Step(after: $0.after, recipients: $0.recipients) })
      })
  }
}
