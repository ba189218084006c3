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
    var rows: [SAPCubeRow] = []
    for entry in await candidates(query) {
      let reversal = await books.reversal(of: entry)
      for row in SAPCubeRow.rows(of: entry, reversal: reversal, ledgers: ledgers)
      where query.conditions.allSatisfy({ $0.holds(row.text($0.field)) }) {
        rows.append(row)
      }
    }
    let asked = rows.dropFirst(query.skip).prefix(query.top ?? Int.max)
    let page = asked.prefix(Self.rowsAPage)
    let results = JSONText.array(page.map { $0.json(query.fields) })
    var members: [(String, JSONText?)] = [("results", results)]
    if asked.count > page.count {
      members.append(
        ("__next", .string("\(Self.entitySet)?$skip=\(query.skip + page.count)")))
    }
    return .json(.object([("d", .object(members))]))
  }

  /// Entries that may have lines of the kind asked for.
  private func candidates(_ query: SAPCubeQuery) async -> [BookedEntry] {
    var found: [BookedEntry] = []
    let companies: [String]
    if let company = query.value(of: "CompanyCode") {
      companies = [company]
    } else {
      companies = await books.companyCodes
    }
    for company in companies {
      if let key = query.value(of: "Reference1InDocumentHeader"), !key.isEmpty {
        found += await books.entries(forKey: key, company: company)
      } else if let number = query.value(of: "AccountingDocument") {
        guard let sequence = SAPDocument.sequence(number) else { continue }
        if let entry = await books.entry(id: "\(company)-\(sequence)", company: company) {
          found.append(entry)
        }
      } else {
        found += await all(of: company, period: query.period)
      }
    }
    return found
  }

  private func all(of company: String, period: String?) async -> [BookedEntry] {
    var found: [BookedEntry] = []
    var position: Int? = 0
    while let from = position {
      let page = await books.page(
        of: company, period: period, from: from, limit: Self.entriesAtOnce)
      found += page.entries
      position = page.next
    }
    return found
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
