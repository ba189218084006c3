public import Ledger

/// Carries journal entries into one ERP.
///
/// An adapter sends once and reports; only the engine retries.
public protocol ERPAdapter: Sendable {
  /// What the ERP behind it can do.
  var descriptor: AdapterDescriptor { get }

  /// Whether the ERP can be reached and takes our credentials and company; empty when all is well.
  func check() async -> [Problem]

  /// Submits a batch no larger than the descriptor allows; one outcome per key.
  ///
  /// Called again with the same key, it must not create a second document where the descriptor
  /// promises so. A key without an outcome in the answer counts as unknown.
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome]
}

/// An adapter whose ERP can be asked what became of a key.
public protocol FindsPostings: ERPAdapter {
  /// `absent` promises that a posting, draft or job would have been seen; otherwise `cannotTell`.
  func find(_ key: PostingKey) async -> Finding
}

/// An adapter whose ERP takes an entry first and decides later.
public protocol PollsTickets: ERPAdapter {
  /// The verdicts that are there by now; a ticket without one is missing from the answer.
  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome]
}

/// An adapter that reads back what the ERP's books hold.
public protocol ReadsBooks: ERPAdapter {
  /// Every posting of a period, page by page, each page handed to `consume`.
  ///
  /// - Throws: ``Problem`` when the books cannot be read to their end.
  func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem)
}

/// One entry on its way to an ERP.
public struct Submission: Hashable, Sendable {
  public let key: PostingKey
  public let entry: JournalEntry

  public init(key: PostingKey, entry: JournalEntry) {
    self.key = key
    self.entry = entry
  }
}

/// What an ERP's books hold under an external key.
public struct BookedPosting: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public let account: AccountCode
    public let side: Side
    public let amount: Money

    public init(account: AccountCode, side: Side, amount: Money) {
      self.account = account
      self.side = side
      self.amount = amount
    }
  }

  /// The ERP's own number.
  public let number: String
  /// Our key; nil for postings that did not come from us.
  public let externalKey: String?
  public let date: CalendarDate
  public let lines: [Line]

  public init(number: String, externalKey: String?, date: CalendarDate, lines: [Line]) {
    self.number = number
    self.externalKey = externalKey
    self.date = date
    self.lines = lines
  }
}
