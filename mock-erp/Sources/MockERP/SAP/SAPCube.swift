import Foundation

/// `API_OPLACCTGDOCITEMCUBE_SRV/A_OperationalAcctgDocItemCube`: the lines of the books, read only.
struct SAPCube {
  static let entitySet = "A_OperationalAcctgDocItemCube"
  private static let rowsAPage = 1000
  private static let entriesAtOnce = 500

  let books: MockBooks
  let ledgers: [String]

  func answer(_ query: SAPCubeQuery) async -> WireResponse {
    guard query.wantsJSON else { return Self.atom }
    let asked = await rows(query).dropFirst(query.skip).prefix(query.top ?? Int.max)
    let page = asked.prefix(Self.rowsAPage)
    let results = JSONText.array(page.map { $0.json(query.fields) })
    var members: [(String, JSONText?)] = [("results", results)]
    if asked.count > page.count {
      members.append(
        ("__next", .string("\(Self.entitySet)?$skip=\(query.skip + page.count)")))
    }
    return .json(.object([("d", .object(members))]))
  }

  /// The rows asked for from the first on, at least to the end of the page, where there are so many.
  private func rows(_ query: SAPCubeQuery) async -> [SAPCubeRow] {
    // One more than a page tells that there is another.
    let enough = min(query.top ?? Int.max, Self.rowsAPage + 1)
    var rows: [SAPCubeRow] = []
    let companies: [String]
    if let company = query.value(of: "CompanyCode") {
      companies = [company]
    } else {
      companies = await books.companyCodes
    }
    for company in companies {
      var position: Int? = 0
      while let from = position, rows.count - query.skip < enough {
        let candidates = await candidates(query, in: company, from: from)
        for entry in candidates.entries where rows.count - query.skip < enough {
          let reversal = await books.reversal(of: entry)
          rows += SAPCubeRow.rows(of: entry, reversal: reversal, ledgers: ledgers).filter { row in
            query.conditions.allSatisfy { $0.holds(row.text($0.field)) }
          }
        }
        position = candidates.next
      }
    }
    return rows
  }

  /// Entries that may have lines of the kind asked for.
  private func candidates(
    _ query: SAPCubeQuery, in company: String, from position: Int
  ) async -> MockBooks.Page {
    if let key = query.value(of: "Reference1InDocumentHeader"), !key.isEmpty {
      return MockBooks.Page(
        entries: await books.entries(forKey: key, company: company), next: nil)
    }
    if let number = query.value(of: "AccountingDocument") {
      var entry: BookedEntry?
      if let sequence = SAPDocument.sequence(number) {
        entry = await books.entry(id: "\(company)-\(sequence)", company: company)
      }
      return MockBooks.Page(entries: entry.map { [$0] } ?? [], next: nil)
    }
    return await books.page(
      of: company, period: query.period, from: position, limit: Self.entriesAtOnce)
  }

  static let nothing = WireResponse.json(.object([("d", .object([("results", .array([]))]))]))

  /// The service document.
  static let document = WireResponse.json(
    .object([("d", .object([("EntitySets", .array([.string(entitySet)]))]))]))

  /// What comes when nobody asked for JSON.
  private static let atom = WireResponse(
    status: 200, headers: [("Content-Type", "application/atom+xml; charset=utf-8")],
    body: Array("<feed xmlns=\"http://www.w3.org/2005/Atom\"/>".utf8))

  static let fields: Set<String> = Set(SAPCubeRow.columns)
}

extension SAPCubeQuery {
  /// `YYYY-MM` where fiscal year and period are both asked for.
  fileprivate var period: String? {
    guard let year = value(of: "FiscalYear"), let period = value(of: "FiscalPeriod"),
      period.count == 3
    else { return nil }
    return "\(year)-\(period.suffix(2))"
  }
}
