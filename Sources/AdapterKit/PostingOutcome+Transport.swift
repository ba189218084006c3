public import Ledger

extension PostingOutcome {
  /// Proven that nothing left: `reason` has no secrets.
  public static func notSent(_ subject: String, because reason: String) -> PostingOutcome {
    .retryLater(
      Postponement(
        Problem(
          code: "erp_not_reached", detail: "\(subject) was not sent: \(reason)",
          fix: "Wait: it is tried again. If it goes on, check 'url' and the network"),
        scope: .connection))
  }

  /// Something left and no answer came: `reason` has no secrets.
  public static func answerLost(_ subject: String, because reason: String) -> PostingOutcome {
    .unknown(.outcomeUnknown("\(subject) was sent, and no answer came: \(reason)"))
  }
}

extension Problem {
  /// A request left and nothing tells what became of it.
  public static func outcomeUnknown(_ detail: String) -> Problem {
    Problem(
      code: "outcome_unknown", detail: detail,
      fix: "The ERP is asked by the key; where it cannot tell, look the key up there and decide")
  }
}
