import AdapterKit
import HTTPTransport
import Ledger

/// Why a call has no result.
enum TrytonFailure: Error, Hashable {
  case transport(HTTPFailure)
  /// The server's own refusal, with its status; the code is the class of the error. Its transaction
  /// was rolled back.
  case refused(ERPAnswer)
  /// HTTP said no before the server looked at the call, or something between us and it did.
  case status(ERPAnswer)
  /// Not a reply of Tryton: HTML, a cut answer, a member of another kind.
  case unreadable(String)
  /// The connection's user does not see what it has to.
  case unfit(Problem)
  /// The company's books lack what an entry names; found before anything was sent.
  case lacking(Rejection)
}

extension TrytonFailure {
  /// What it means for an entry when the call changes something in the ERP.
  func outcome(
    ofChange subject: String, _ table: OutcomeTable, _ redact: SecretRedaction
  ) -> PostingOutcome {
    switch self {
    case .transport(let failure) where failure.progress == .outcomeUnknown:
      .answerLost(subject, because: redact(failure.detail))
    case .transport(let failure): .notSent(subject, because: redact(failure.detail))
    case .refused(let answer): table.outcome(ofRejected: answer, about: subject)
    case .status(let answer): table.outcome(ofRequest: answer, about: subject)
    case .unreadable(let detail):
      .unknown(.outcomeUnknown("\(subject) was sent, and the answer cannot be read: \(detail)"))
    case .unfit(let problem): .retryLater(Postponement(problem, scope: .connection))
    case .lacking(let rejection): .rejected(rejection)
    }
  }

  /// What it means for an entry when the call only reads, before anything was changed: whatever went
  /// wrong, nothing is booked.
  func outcome(
    ofReading subject: String, _ table: OutcomeTable, _ redact: SecretRedaction
  ) -> PostingOutcome {
    if case .lacking(let rejection) = self { return .rejected(rejection) }
    switch outcome(ofChange: subject, table, redact) {
    case .unknown(let problem):
      return .retryLater(
        Postponement(
          Problem(code: "erp_not_reached", detail: problem.detail, fix: "Wait: it is tried again"),
          scope: .connection))
    case .rejected(let rejection):
      return .retryLater(
        Postponement(
          Problem(
            code: "connection_misconfigured", detail: rejection.problem.detail,
            fix: "Check the connection's company, journal and the rights of its user"),
          scope: .connection))
    case let certain: return certain
    }
  }

  /// In one sentence, for look-ups and checks.
  func problem(_ what: String, _ table: OutcomeTable, _ redact: SecretRedaction) -> Problem {
    switch self {
    case .transport(let failure):
      Problem(
        code: "erp_not_reached", detail: "\(what): no answer: \(redact(failure.detail))",
        fix: "Check 'url' of the connection, and the network")
    case .refused(let answer), .status(let answer):
      if case .retryLater(let postponement) = table.outcome(ofRequest: answer, about: what) {
        postponement.problem
      } else {
        Problem(
          code: "erp_refused", detail: "\(what) was refused by the ERP: \(answer.words)",
          fix: "Check the connection's company, journal and the rights of its user")
      }
    case .unreadable(let detail):
      Problem(
        code: "erp_refused", detail: "\(what): the answer cannot be read: \(detail)",
        fix: "Check 'url' and 'database' of the connection")
    case .unfit(let problem): problem
    case .lacking(let rejection): rejection.problem
    }
  }
}
