import AdapterKit
import HTTPTransport
import SOAPTransport
import XMLTree

extension OutcomeTable.Row {
  /// What the service's codes, SOAP's fault codes and HTTP's statuses mean. What is not here is
  /// unknown, a bare fault `Client` or `Server` included.
  static let genericSOAP: [OutcomeTable.Row] = [
    codes(["closed_period"], .rejected(.periodClosed)),
    codes(["unknown_account", "blocked_account"], .rejected(.unknownAccount)),
    codes(["unknown_party", "party_required"], .rejected(.unknownParty)),
    codes(["invalid_tax"], .rejected(.tax)),
    codes(["duplicate_key"], .rejected(.duplicateWithOtherContent)),
    codes(
      [
        "missing_field", "external_key_too_long", "invalid_date", "unknown_currency",
        "wrong_functional_currency", "too_few_lines", "invalid_side", "invalid_amount",
        "too_many_decimals", "unbalanced", "duplicate_number", "reserved_number", "malformed",
        "batch_too_large", "body_too_large",
      ], .rejected(.validation)),
    codes(
      ["unauthorized", "forbidden", "FailedAuthentication", "FailedCheck", "InvalidSecurity"],
      .retryLater(.connection, .credentials)),
    codes(
      ["unknown_company", "unknown_operation", "MustUnderstand", "VersionMismatch"],
      .retryLater(.connection, .configuration)),
    codes(["too_many_requests"], .retryLater(.connection, .throttled)),
    statuses([401, 403], .retryLater(.connection, .credentials)),
    statuses([404, 405, 407, 415], .retryLater(.connection, .configuration)),
    statuses([413], .rejected(.validation)),
    statuses([429], .retryLater(.connection, .throttled)),
  ].flatMap { $0 }
}

extension SOAPFault {
  /// The code that decides: the service's own, else the innermost of SOAP's.
  var decidingCode: String {
    problem?.part("Code") ?? subcodes.last { !$0.isEmpty } ?? code
  }

  /// The service's own text, else the reason.
  var decidingText: String { problem?.part("Message") ?? reason }

  private var problem: XMLElement? { detail?.first(WireName.of("Problem")) }
}

extension SOAPFailure {
  /// The outcome of a request without an answer.
  func outcome(about subject: String, _ redact: SecretRedaction) -> PostingOutcome {
    switch self {
    case .notWritten(let fault): .notSent(subject, because: redact(fault.detail))
    case .http(let failure):
      switch failure.progress {
      case .nothingSent: .notSent(subject, because: redact(failure.detail))
      case .outcomeUnknown: .answerLost(subject, because: redact(failure.detail))
      }
    }
  }

  var detail: String {
    switch self {
    case .notWritten(let fault): fault.detail
    case .http(let failure): failure.detail
    }
  }
}
