extension FaultPlan.Entry {
  /// The rule in the shape it is written in, with its counts.
  var json: JSONText {
    .object([
      ("name", .optional(rule.name)), ("match", rule.match.json), ("act", rule.actJSON),
      ("probability", rule.probability.map { .number($0) }), ("times", .optional(rule.times)),
      ("matched", .integer(matched)), ("acted", .integer(acted)),
    ])
  }
}

extension FaultRule.Match {
  fileprivate var json: JSONText {
    .object([
      ("dialect", .optional(dialect)), ("company", .optional(company)),
      ("operation", .optional(operation)), ("externalKey", .optional(externalKey)),
      ("call", calls.isEmpty ? nil : .array(calls.map { .integer($0) })),
    ])
  }
}

extension FaultRule {
  fileprivate var actJSON: JSONText {
    let delay: JSONText? = delayMilliseconds > 0 ? .integer(delayMilliseconds) : nil
    guard let details = act.details else { return .object([("delay", delay ?? .integer(0))]) }
    return .object([("delay", delay), (act.word, details)])
  }
}

extension FaultRule.Act {
  /// nil for the act that is nothing but a delay.
  fileprivate var details: JSONText? {
    switch self {
    case .wait: nil
    case .status(let status), .bookThenStatus(let status): .integer(status)
    case .bookThenDelay(let milliseconds), .dropThenBook(let milliseconds):
      .integer(milliseconds)
    case .reset, .bookThenDrop, .duplicate: .boolean(true)
    case .malformed(let booked): .object([("booked", .boolean(booked))])
    case .throttle(let seconds): .object([("retryAfter", .integer(seconds))])
    case .refuse(let refusal): .object(refusal.details)
    case .refusePart(.every(let step), let refusal):
      .object([("every", .integer(step))] + refusal.details)
    case .refusePart(.keys(let keys), let refusal):
      .object([("keys", .array(keys.map { .string($0) }))] + refusal.details)
    }
  }
}

extension Refusal {
  fileprivate var details: [(String, JSONText?)] {
    [
      ("code", .string(code)), ("message", .string(message)), ("field", .optional(field)),
    ]
  }
}
