internal import AdapterKit
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import StrictJSON

/// Reads what an ERP's books hold, through its adapter or from the connection's `readBack` address,
/// and compares the journal with it.
struct BooksReader {
  let connection: ConnectionConfiguration
  let adapter: any ERPAdapter

  /// Journal entries in one page.
  private static let page = 500
  private static let largestBooks = 512 << 20
  private static let timeout: Duration = .seconds(300)

  /// One result for each period; without periods, for each that the journal has.
  func reconcile(
    _ entity: LegalEntityID, periods: [FiscalPeriod], with store: any PostingStore
  ) async throws -> [ReconciliationResult] {
    var results: [ReconciliationResult] = []
    let wanted = periods.isEmpty ? try journalPeriods(of: entity, in: store) : periods
    for period in wanted {
      var reconciliation = Reconciliation()
      try await readBooks(of: period) { reconciliation.add($0) }
      try forEachEntry(of: entity, in: period, store) { reconciliation.compare($0) }
      reconciliation.finish()
      results.append(
        ReconciliationResult(
          entity: entity, period: period, connection: connection.id,
          reconciliation: reconciliation))
    }
    return results
  }

  private func journalPeriods(
    of entity: LegalEntityID, in store: any PostingStore
  ) throws -> [FiscalPeriod] {
    var periods: Set<FiscalPeriod> = []
    try forEachEntry(of: entity, in: nil, store) { listed in
      // What was cancelled was never meant to reach the ERP: it alone makes no period.
      guard listed.postingState != .cancelled else { return }
      periods.insert(listed.record.entry.head.period)
    }
    return periods.sorted()
  }

  /// What accounts come to here and in the ERP; nil where the ERP does not tell.
  func balances(
    of entity: LegalEntityID, atEndOf period: FiscalPeriod, with store: any PostingStore
  ) async throws -> [BalanceComparison.Row]? {
    guard let reader = adapter.balanceReader else { return nil }
    var comparison = BalanceComparison(atEndOf: period)
    try forEachEntry(of: entity, in: nil, store) { listed in
      if [.posted, .reversed].contains(listed.postingState) { comparison.add(listed.record.entry) }
    }
    return comparison.rows(besides: try await reader.balances(atEndOf: period))
  }

  private func forEachEntry(
    of entity: LegalEntityID, in period: FiscalPeriod?, _ store: any PostingStore,
    _ body: (ListedEntry) -> Void
  ) throws {
    var filter = ListFilter()
    filter.entities = [entity]
    filter.period = period
    filter.connection = connection.id
    filter.limit = BooksReader.page
    while true {
      let page = try store.read { try $0.entries(filter) }
      for entry in page { body(entry) }
      guard page.count == filter.limit, let last = page.last else { return }
      filter.cursor = last.number
    }
  }

  /// Whether the ERP's books can be read at all.
  var canRead: Bool { connection.readBack != nil || adapter.booksReader != nil }

  func postings(of period: FiscalPeriod) async throws -> [BookedPosting] {
    var postings: [BookedPosting] = []
    try await readBooks(of: period) { postings.append($0) }
    return postings
  }

  private func readBooks(
    of period: FiscalPeriod, _ consume: (BookedPosting) -> Void
  ) async throws {
    if let address = connection.readBack {
      for booked in try await booksJSON(address, period) { consume(booked) }
    } else if let reader = adapter.booksReader {
      try await reader.readPostings(of: period) { (page: [BookedPosting]) throws(Problem) in
        for booked in page { consume(booked) }
      }
    } else {
      throw Problem(
        code: "books_unreadable", pointer: connection.place,
        detail: "Adapter \(connection.adapter) cannot read the ERP's books",
        fix: "Set 'readBack' in the connection's file to an address that returns them as JSON")
    }
  }

  /// `{ "entries": [ { "number", "externalKey", "date", "currency", "lines": [ … ] } ] }`
  private func booksJSON(
    _ address: String, _ period: FiscalPeriod
  ) async throws -> [BookedPosting] {
    var settings = HTTPClientSettings()
    settings.maximumResponseBytes = BooksReader.largestBooks
    let company = (try? connection.settings.text("company")) ?? ""
    let url = address.replacing("{company}", with: company)
      .replacing("{period}", with: period.text)
    func unreadable(_ detail: String) -> Problem {
      Problem(
        code: "books_unreadable", pointer: connection.place,
        detail: "The books at \(url) cannot be read: \(detail)",
        fix: "Check 'readBack' of the connection, and the server behind it")
    }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await CurlHTTPClient(settings).send(
        HTTPRequest(.get, url, timeout: BooksReader.timeout))
    } catch {
      throw unreadable(error.detail)
    }
    guard response.isSuccess else { throw unreadable("it answered \(response.status)") }
    let json: JSONText
    do throws(JSONFault) {
      json = try JSONText(
        response.body, limits: JSONLimits(stringBytes: 1 << 20, nodes: .max))
    } catch {
      throw unreadable(error.detail)
    }
    guard let entries = json.root["entries"]?.array else {
      throw unreadable("it has no list 'entries'")
    }
    return try entries.map { view in
      guard let booked = BookedPosting(view) else {
        throw unreadable("an entry is not in the shape expected")
      }
      return booked
    }
  }
}

extension BookedPosting {
  fileprivate init?(_ view: JSONView) {
    guard let number = view["number"]?.string,
      let date = view["date"]?.string.flatMap({ CalendarDate($0) }),
      let currency = view["currency"]?.string.flatMap({ Currency($0) }),
      let lines = view["lines"]?.array
    else { return nil }
    var read: [Line] = []
    for line in lines {
      guard let account = line["account"]?.string,
        let side = line["side"]?.string.flatMap(Side.init(rawValue:)),
        let text = line["amount"]?.string, let amount = try? Money(text, currency)
      else { return nil }
      read.append(Line(account: AccountCode(account), side: side, amount: amount))
    }
    self.init(
      number: number, externalKey: view["externalKey"]?.string, date: date, lines: read)
  }
}
