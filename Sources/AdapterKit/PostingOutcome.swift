public import Ledger

/// What became of one posting: a closed set.
public enum PostingOutcome: Hashable, Sendable {
  case posted(Receipt)
  /// An earlier attempt had booked it.
  case alreadyPosted(Receipt)
  /// The ERP took the entry and decides later; the ticket asks.
  case submitted(Ticket)
  /// The ERP refused; sending it again unchanged cannot help.
  case rejected(Rejection)
  /// Nothing was booked (no connection, quota, maintenance); sending again is safe.
  case retryLater(Postponement)
  /// The request left and no clear answer came; only a look-up or a person can tell.
  case unknown(Problem)
}

/// The ERP's proof of a posting.
public struct Receipt: Hashable, Sendable {
  /// The ERP's internal id.
  public let id: String
  /// The number that people see in the ERP.
  public let number: String
  /// When the ERP says it posted; nil where it does not say.
  public let postedAt: Moment?
  public let url: String?

  public init(id: String, number: String, postedAt: Moment? = nil, url: String? = nil) {
    self.id = id
    self.number = number
    self.postedAt = postedAt
    self.url = url
  }
}

/// What an asynchronous ERP is asked by: a job id, a file name.
public struct Ticket: Hashable, Sendable {
  public let text: String
  /// How far the ERP has come, in its own words: `accepted`, `imported`; nil where it does not say.
  public let progress: String?

  public init(_ text: String, progress: String? = nil) {
    self.text = text
    self.progress = progress
  }
}

/// Why an ERP refused.
public struct Rejection: Error, Hashable, Sendable {
  public enum Class: String, Hashable, Sendable, CaseIterable {
    case periodClosed, unknownAccount, unknownParty, tax, duplicateWithOtherContent, validation
    case permission
  }

  public let rejectionClass: Class
  public let problem: Problem
  /// The ERP's own code and text, kept beside ours.
  public let erpCode: String?
  public let erpText: String?

  public init(
    _ rejectionClass: Class, _ problem: Problem, erpCode: String? = nil, erpText: String? = nil
  ) {
    self.rejectionClass = rejectionClass
    self.problem = problem
    self.erpCode = erpCode
    self.erpText = erpText
  }
}

/// Nothing was booked; when and for whom a further try makes sense.
public struct Postponement: Hashable, Sendable {
  /// Whom the reason concerns.
  public enum Scope: String, Hashable, Sendable { case entry, connection }

  public let problem: Problem
  public let scope: Scope
  /// The ERP's own wish (`Retry-After`); nil leaves it to our backoff.
  public let after: Duration?

  public init(_ problem: Problem, scope: Scope, after: Duration? = nil) {
    self.problem = problem
    self.scope = scope
    self.after = after
  }
}

/// What a look-up by key says.
public enum Finding: Hashable, Sendable {
  case found(Receipt)
  /// Proven absent: sending again is safe.
  case absent
  case cannotTell(Problem)
}
