public import AdapterKit
import Foundation
public import Ledger
import StrictJSON

extension NetSuiteAdapter {
  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    var last = "0"
    while true {
      let page: (postings: [BookedPosting], last: String?)
      do throws(NetSuiteFailure) {
        page = try await postings(of: period, after: last)
      } catch {
        throw error.problem("Reading the books", settings.table, settings.redaction)
      }
      try consume(page.postings)
      guard let next = page.last, next != last else { return }
      last = next
    }
  }

  /// A page of transactions by rising ids, each read whole; `last` is nil at the end.
  private func postings(
    of period: FiscalPeriod, after last: String
  ) async throws(NetSuiteFailure) -> ([BookedPosting], last: String?) {
    let query = settings.queries.postings.replacing("{from}", with: period.firstDay.text)
      .replacing("{through}", with: period.lastDay.text).replacing("{after}", with: last)
    let rows = try await session.rows(query)
    var postings: [BookedPosting] = []
    for row in rows {
      guard let id = row["id"]?.plain, let type = row["type"]?.string else {
        throw .unreadable("a transaction without id or type")
      }
      for record in settings.records where record.transactionType == type {
        guard let stored = try await session.record(record, id, lines: true) else { continue }
        guard stored.subsidiary.map({ $0 == settings.company }) ?? true, stored.isPosted else {
          break
        }
        postings.append(try await booked(stored))
        break
      }
    }
    let end = rows.count < NetSuiteSession.pageSize ? nil : rows.last?["id"]?.plain
    return (postings, end)
  }

  /// A native record does not show what it comes to in the ledger: that is asked for apart, and stands
  /// in base currency alone.
  private func ledgerLines(
    of stored: NetSuiteStored
  ) async throws(NetSuiteFailure) -> [NetSuiteStored.Line] {
    guard !stored.record.isJournal, (stored.exchangeRate ?? 1) == 1 else { return stored.lines }
    let rows = try await session.rows(
      settings.queries.impact.replacing("{id}", with: stored.id))
    return rows.map(NetSuiteStored.ledgerLine)
  }

  private func booked(_ stored: NetSuiteStored) async throws(NetSuiteFailure) -> BookedPosting {
    guard let id = stored.currency, let currency = try await directory.currency(id),
      let date = stored.date.flatMap({ CalendarDate($0) })
    else { throw .unreadable("currency or day of record \(stored.id)") }
    var lines: [BookedPosting.Line] = []
    for line in try await ledgerLines(of: stored) {
      guard let account = line.account else {
        throw .unreadable("a line without an account in record \(stored.id)")
      }
      guard let amount = try? Money(line.amount, currency) else {
        throw .unreadable("an amount of record \(stored.id) is none of \(currency)")
      }
      lines.append(
        BookedPosting.Line(
          account: AccountCode(try await directory.code(of: .accounts, id: account)),
          side: line.isCredit ? .credit : .debit, amount: amount.magnitude))
    }
    let prefix = settings.keyField.prefix
    return BookedPosting(
      number: stored.number ?? stored.id,
      externalKey: stored.externalID.flatMap {
        $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil
      }, date: date, lines: lines)
  }
}

extension Money {
  /// - Throws: ``AmountFault`` for more decimals than the currency has.
  fileprivate init(_ amount: Decimal, _ currency: Currency) throws(AmountFault) {
    try self.init(ExactDecimal(amount.description), currency)
  }
}
