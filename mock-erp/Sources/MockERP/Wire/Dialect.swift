/// One face of the ERP over HTTP: reads requests into calls on the books and words the answers.
public protocol Dialect: Sendable {
  /// What fault files call it: `generic-rest`.
  var name: String { get }
  /// The start of its paths: `["generic", "rest"]`.
  var root: [String] { get }
  /// What all its requests together are held to; nil holds them to nothing.
  var limits: CompanySeed.Limits? { get }

  /// Reads a request; whatever is wrong with it becomes a call that answers so.
  func read(_ request: WireRequest) -> DialectCall

  /// Forgets what it keeps besides the books.
  func reset()

  /// Shows the sender no document any more, as to a user without rights, or all again; false where
  /// that is not imitated.
  func hideDocuments(_ isHidden: Bool) -> Bool
}

extension Dialect {
  public func reset() {}
  public func hideDocuments(_ isHidden: Bool) -> Bool { false }
}

extension Dialect {
  public var limits: CompanySeed.Limits? { nil }
}

/// What a request asks, in the words all dialects share, and how to word the answers.
public struct DialectCall: Sendable {
  public enum Work: Sendable {
    /// The books are not asked.
    case answer(WireResponse)
    /// Entries to be booked; one verdict each, in order.
    case post([EntryDraft], answer: @Sendable ([Verdict]) -> WireResponse)
    case read(@Sendable (MockBooks) async -> WireResponse)
    /// Entries that can be worded only with the company's master data at hand.
    case prepare(@Sendable (MockBooks) async -> Work)
  }

  /// What fault files call it: `PostJournalEntry`.
  public let operation: String
  /// nil when the request names none.
  public let company: String?
  public let keys: [String]
  public let work: Work
  /// Words a trouble that is not about one entry.
  public let trouble: @Sendable (Trouble) -> WireResponse

  /// The call with its work settled: never `prepare`.
  func prepared(from books: MockBooks) async -> DialectCall {
    guard case .prepare(let prepare) = work else { return self }
    return DialectCall(
      operation: operation, company: company, keys: keys, work: await prepare(books),
      trouble: trouble)
  }

  public init(
    operation: String, company: String?, keys: [String]? = nil, work: Work,
    trouble: @escaping @Sendable (Trouble) -> WireResponse
  ) {
    self.operation = operation
    self.company = company
    self.work = work
    self.trouble = trouble
    if let keys {
      self.keys = keys
    } else if case .post(let drafts, _) = work {
      self.keys = drafts.map(\.externalKey)
    } else {
      self.keys = []
    }
  }
}

/// Why a request as a whole got no proper answer.
public struct Trouble: Error, Hashable, Sendable, CustomStringConvertible {
  /// HTTP status as REST words it; 4xx is the sender's doing.
  public let status: Int
  public let code: String
  public let message: String
  /// JSON pointer into the request; nil when there is none.
  public let field: String?
  /// Seconds after which to come again.
  public let retryAfter: Int?

  public init(
    status: Int, code: String, message: String, field: String? = nil, retryAfter: Int? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.field = field
    self.retryAfter = retryAfter
  }

  public var description: String { message + (field.map { " (\($0))" } ?? "") }

  static func unknownCompany(_ code: String) -> Trouble {
    Trouble(status: 404, code: "unknown_company", message: "There is no company \(code)")
  }

  /// The dialect as a whole has as many requests as it takes.
  static func limitReached(after seconds: Int) -> Trouble {
    Trouble(
      status: 429, code: "limit_reached", message: "Too many requests at once; nothing was booked",
      retryAfter: seconds)
  }

  static func tooManyRequests(after seconds: Int) -> Trouble {
    Trouble(
      status: 429, code: "too_many_requests", message: "Too many requests; nothing was booked",
      retryAfter: seconds)
  }
}
