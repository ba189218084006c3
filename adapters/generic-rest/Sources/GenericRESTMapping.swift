import AdapterKit
import Ledger

extension WireEntry {
  /// The message for an entry. Nothing is rounded or cut; empty texts are left out.
  init(_ submission: Submission) {
    let head = submission.entry.head
    self.init(
      externalKey: submission.key.text, postingDate: head.postingDate.text,
      documentDate: head.documentDate.text, currency: head.currency.code,
      functionalCurrency: head.functionalCurrency.code, reference: head.reference.filled,
      description: head.description.filled, lines: submission.entry.lines.map(WireLine.init))
  }
}

extension WireLine {
  init(_ line: JournalLine) {
    self.init(
      account: line.account.code, side: line.side.rawValue, amount: line.amount.text,
      functionalAmount: line.functionalAmount.text, party: line.party?.filled,
      tax: line.tax.map { tax in
        WireTax(code: tax.code, rate: tax.rate?.text, base: tax.base?.text)
      },
      dimensions: line.dimensions.isEmpty
        ? nil
        : Dictionary(line.dimensions.pairs.map { ($0.name, $0.value) }) { first, _ in first },
      description: line.description.filled)
  }
}

extension BookedPosting {
  /// The posting behind an entry of the books.
  ///
  /// - Throws: ``Problem`` `books_unreadable` when a date, currency, side or amount is none.
  init(_ entry: WireBooked) throws(Problem) {
    func unreadable(_ what: String) -> Problem {
      Problem(
        code: "books_unreadable",
        detail: "The ERP's document \(entry.number) cannot be read: \(what)",
        fix: "Compare the ERP's answer with the adapter's README")
    }
    guard let date = CalendarDate(entry.postingDate) else {
      throw unreadable("its postingDate is not a day")
    }
    guard let currency = Currency(entry.currency) else {
      throw unreadable("its currency is not one of ISO 4217")
    }
    var lines: [Line] = []
    lines.reserveCapacity(entry.lines.count)
    for line in entry.lines {
      guard let side = Side(rawValue: line.side) else { throw unreadable("a side is neither") }
      guard let amount = try? Money(line.amount, currency) else {
        throw unreadable("an amount is none of \(currency)")
      }
      lines.append(Line(account: AccountCode(line.account), side: side, amount: amount))
    }
    self.init(
      number: entry.number, externalKey: entry.externalKey?.filled, date: date, lines: lines)
  }
}

extension String {
  /// nil when empty.
  var filled: String? { isEmpty ? nil : self }
}
