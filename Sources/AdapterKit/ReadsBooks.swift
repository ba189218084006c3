public import Ledger

/// An adapter that reads back what the ERP's books hold.
public protocol ReadsBooks: ERPAdapter {
  /// Every posting of a period, page by page, each page handed to `consume`.
  ///
  /// - Throws: ``Problem`` when the books cannot be read to their end.
  func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem)
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
