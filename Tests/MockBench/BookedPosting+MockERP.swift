package import AdapterKit
import Ledger
package import MockERP

extension BookedPosting {
  /// A document of the mock ERP's books.
  ///
  /// - Parameter number: by which the dialect calls it; nil for that of the books.
  package init(_ entry: BookedEntry, number: String? = nil) {
    guard let currency = Currency(entry.content.currency),
      let date = CalendarDate(entry.content.postingDate)
    else { preconditionFailure("the mock ERP checks currencies and dates") }
    self.init(
      number: number ?? entry.number, externalKey: entry.content.externalKey, date: date,
      lines: entry.content.lines.map { line in
        Line(
          account: AccountCode(line.account), side: line.side == .debit ? .debit : .credit,
          amount: Money(minorUnits: line.amount, currency))
      })
  }
}
