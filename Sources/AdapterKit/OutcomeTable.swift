public import Ledger

/// What an ERP's codes, statuses and texts mean: the rows of an adapter, those of the configuration
/// before them.
public struct OutcomeTable: Hashable, Sendable {
  /// What a row says.
  public enum Verdict: Hashable, Sendable {
    case rejected(Rejection.Class)
    /// Nothing was booked.
    case retryLater(Postponement.Scope, Hindrance)
    case unknown
  }

  /// Why a further try comes later.
  public enum Hindrance: Hashable, Sendable {
    case unavailable, throttled, credentials, configuration
  }

  /// One row. Every part that is given must hold.
  public struct Row: Hashable, Sendable {
    public var status: Int?
    public var code: String?
    /// Stands somewhere in the ERP's text, in capitals or not.
    public var text: String?
    public var verdict: Verdict

    public init(
      status: Int? = nil, code: String? = nil, text: String? = nil, _ verdict: Verdict
    ) {
      self.status = status
      self.code = code
      self.text = text
      self.verdict = verdict
    }

    /// One row for each of several codes that mean the same.
    public static func codes(_ codes: [String], _ verdict: Verdict) -> [Row] {
      codes.map { Row(code: $0, verdict) }
    }

    /// One row for each of several statuses that mean the same.
    public static func statuses(_ statuses: [Int], _ verdict: Verdict) -> [Row] {
      statuses.map { Row(status: $0, verdict) }
    }

    func matches(_ answer: ERPAnswer) -> Bool {
      if let status, status != answer.status { return false }
      if let code, code != answer.code { return false }
      if let text {
        return answer.text?.lowercased().contains(text.lowercased()) ?? false
      }
      return true
    }
  }

  public var rows: [Row]

  public init(_ rows: [Row]) { self.rows = rows }

  /// The first row that matches; nil when none does.
  public func verdict(on answer: ERPAnswer) -> Verdict? {
    rows.first { $0.matches(answer) }?.verdict
  }

  /// What the first row that matches makes of an answer; without one the outcome is unknown, as a
  /// refusal is never guessed.
  ///
  /// - Parameter subject: What was sent, for the sentence: `Entry 7KQ… of DE01`.
  public func outcome(of answer: ERPAnswer, about subject: String) -> PostingOutcome {
    switch verdict(on: answer) {
    case .rejected(let rejectionClass): .rejected(answer.rejection(rejectionClass, of: subject))
    case .retryLater(let scope, let hindrance):
      .retryLater(
        Postponement(
          hindrance.problem(answer, about: subject), scope: scope, after: answer.retryAfter))
    case .unknown, nil: .unknown(answer.uncertainty(about: subject))
    }
  }
}

extension OutcomeTable {
  /// What a request comes to that was refused as a whole.
  ///
  /// A 503 without a row is certain only where it says when to come back: without `Retry-After` it may
  /// stem from a gateway whose server was at work.
  public func outcome(ofRequest answer: ERPAnswer, about subject: String) -> PostingOutcome {
    guard verdict(on: answer) == nil, answer.status == 503, answer.retryAfter != nil else {
      return outcome(of: answer, about: subject)
    }
    return .retryLater(
      Postponement(
        Hindrance.unavailable.problem(answer, about: subject), scope: .connection,
        after: answer.retryAfter))
  }

  /// What an entry comes to that the ERP itself calls rejected: certain, be its code known or not.
  public func outcome(ofRejected answer: ERPAnswer, about subject: String) -> PostingOutcome {
    verdict(on: answer) == nil
      ? .rejected(answer.rejection(.validation, of: subject)) : outcome(of: answer, about: subject)
  }
}

extension ERPAnswer {
  /// A refusal in the ERP's words.
  public func rejection(_ rejectionClass: Rejection.Class, of subject: String) -> Rejection {
    Rejection(
      rejectionClass,
      Problem(
        code: rejectionClass.problemCode, pointer: field ?? "",
        detail: "\(subject) was refused by the ERP: \(words)", fix: rejectionClass.fix),
      erpCode: code, erpText: text)
  }

  /// An answer that says neither yes nor no.
  public func uncertainty(about subject: String) -> Problem {
    .outcomeUnknown(
      "\(subject) was sent, and the ERP's answer does not tell whether it is booked: \(words)")
  }
}

extension OutcomeTable.Hindrance {
  func problem(_ answer: ERPAnswer, about subject: String) -> Problem {
    let (code, fix) =
      switch self {
      case .unavailable: ("erp_unavailable", "Wait: it is tried again")
      case .throttled: ("erp_throttles", "Wait, or lower 'limits' of the connection")
      case .credentials:
        ("credentials_refused", "Check the secrets under 'auth', and the user's rights in the ERP")
      case .configuration:
        ("connection_misconfigured", "Check 'url', 'company' and the paths of the connection")
      }
    return Problem(
      code: code, pointer: answer.field ?? "",
      detail: "\(subject) was not booked: \(answer.words)", fix: fix)
  }
}

extension Rejection.Class {
  /// The code of the problem that a rejection of this class carries.
  public var problemCode: String {
    switch self {
    case .periodClosed: "period_closed"
    case .unknownAccount: "unknown_account"
    case .unknownParty: "unknown_party"
    case .tax: "tax_refused"
    case .duplicateWithOtherContent: "duplicate_with_other_content"
    case .validation: "refused_by_erp"
    case .permission: "not_permitted"
    }
  }

  /// What to do about it.
  public var fix: String {
    switch self {
    case .periodClosed: "Reopen the period in the ERP, or post into the next open one"
    case .unknownAccount: "Create or unblock the account in the ERP, or change the account table"
    case .unknownParty: "Create the party in the ERP, then retry"
    case .tax: "Correct the tax code in taxes.yaml, or create it in the ERP"
    case .duplicateWithOtherContent:
      "Compare the ERP's document with the entry, and decide which one stands"
    case .validation: "Correct what the ERP names, in the configuration or in the ERP, then retry"
    case .permission: "Give the connection's user the right to post this, then retry"
    }
  }
}
