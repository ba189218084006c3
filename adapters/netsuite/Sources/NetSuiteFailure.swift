import AdapterKit
import HTTPAdapterKit
import HTTPTransport
import Ledger

/// Why a request has no result.
enum NetSuiteFailure: Error, Hashable {
  case transport(HTTPFailure)
  /// Any status but success.
  case refused(ERPAnswer)
  /// A success that is not what was asked for: HTML, a cut answer, a member of another kind.
  case unreadable(String)
  /// What the connection needs and the ERP does not show.
  case unfit(Problem)
  /// What an entry names and the ERP lacks; found before anything was sent.
  case lacking(Rejection)
}

extension NetSuiteFailure {
  /// What it means for an entry when the request creates something.
  func outcome(
    ofChange subject: String, _ table: OutcomeTable, _ redact: SecretRedaction
  ) -> PostingOutcome {
    switch self {
    case .transport(let failure): failure.outcome(about: subject, redact)
    case .refused(let answer): table.outcome(ofRequest: answer, about: subject)
    case .unreadable(let detail):
      .unknown(.outcomeUnknown("\(subject) was sent, and the answer cannot be read: \(detail)"))
    case .unfit(let problem): .retryLater(Postponement(problem, scope: .connection))
    case .lacking(let rejection): .rejected(rejection)
    }
  }

  /// What it means for an entry when the request only reads, before anything was changed: nothing is
  /// booked.
  func outcome(
    ofReading subject: String, _ table: OutcomeTable, _ redact: SecretRedaction
  ) -> PostingOutcome {
    if case .lacking(let rejection) = self { return .rejected(rejection) }
    switch outcome(ofChange: subject, table, redact) {
    case .retryLater(let postponement): return .retryLater(postponement)
    case .posted, .alreadyPosted, .submitted, .rejected, .unknown:
      return .retryLater(
        Postponement(problem("\(subject) was not sent", table, redact), scope: .connection))
    }
  }

  /// In one sentence, for look-ups and checks.
  func problem(_ what: String, _ table: OutcomeTable, _ redact: SecretRedaction) -> Problem {
    switch self {
    case .transport(let failure):
      Problem(
        code: "erp_not_reached", detail: "\(what): no answer: \(redact(failure.detail))",
        fix: "Check 'url' of the connection, and the network")
    case .refused(let answer):
      if case .retryLater(let postponement) = table.outcome(ofRequest: answer, about: what) {
        Problem(
          code: postponement.problem.code, detail: "\(what): refused by the ERP: \(answer.words)",
          fix: postponement.problem.fix)
      } else {
        Problem(
          code: "erp_refused", detail: "\(what): refused by the ERP: \(answer.words)",
          fix: "Check the connection's keys, and the rights of its role in NetSuite")
      }
    case .unreadable(let detail):
      Problem(
        code: "erp_refused", detail: "\(what): the answer cannot be read: \(detail)",
        fix: "Check 'url' of the connection")
    case .unfit(let problem): problem
    case .lacking(let rejection): rejection.problem
    }
  }
}

extension Rejection {
  /// What was found before anything was sent.
  static func unsent(
    _ rejectionClass: Class, _ key: PostingKey, _ reason: String, fix: String? = nil
  ) -> Rejection {
    Rejection(
      rejectionClass,
      Problem(
        code: rejectionClass.problemCode, detail: "Entry \(key) was not sent: \(reason)",
        fix: fix ?? rejectionClass.fix))
  }
}
