public import AdapterKit
public import Ledger

extension TrytonAdapter {
  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    var last: Int64 = 0
    while true {
      let page: (postings: [BookedPosting], last: Int64?)
      do throws(TrytonFailure) {
        page = try await postings(of: period, after: last)
      } catch {
        throw error.problem("Reading the books", settings.table, settings.redaction)
      }
      try consume(page.postings)
      guard let next = page.last else { return }
      last = next
    }
  }

  /// A page of posted moves of a period, by rising ids; `last` is nil at the end.
  private func postings(
    of period: FiscalPeriod, after last: Int64
  ) async throws(TrytonFailure) -> ([BookedPosting], last: Int64?) {
    let company = try await session.company()
    let found = try await session.call(
      "model.account.move.search_read",
      [
        [
          ["company", "=", .integer(company.id)], ["state", "=", "posted"],
          ["date", ">=", TrytonValue(period.firstDay)],
          ["date", "<=", TrytonValue(period.lastDay)], ["id", ">", .integer(last)],
        ], 0, .integer(Int64(Self.pageSize)), [["id", "ASC"]],
        ["id", .text(company.postedNumber), "description", "date"],
      ])
    guard let moves = found.list else { throw .unreadable("a page of moves") }
    let ids = moves.compactMap { $0["id"]?.integer }
    guard let end = ids.last else { return ([], nil) }
    let lines = try await session.call(
      "model.account.move.line.search_read",
      [
        [["move", "in", .list(ids.map(TrytonValue.integer))]], 0, .null, [["id", "ASC"]],
        [
          "move", "account.code", "debit", "credit", "second_currency.code",
          "amount_second_currency",
        ],
      ])
    guard let rows = lines.list else { throw .unreadable("the lines of a page") }
    let byMove = Dictionary(grouping: rows) { $0["move"]?.integer ?? 0 }
    var postings: [BookedPosting] = []
    for move in moves {
      guard
        let posting = BookedPosting(
          move, lines: byMove[move["id"]?.integer ?? 0] ?? [], of: company)
      else { throw .unreadable("move \(move["id"]?.integer ?? 0) of the books") }
      postings.append(posting)
    }
    return (postings, moves.count < Self.pageSize ? nil : end)
  }

  /// Moves in one page of the books.
  static let pageSize = 200
}
