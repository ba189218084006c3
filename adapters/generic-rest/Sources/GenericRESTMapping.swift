import AdapterKit
import HTTPAdapterKit
import Ledger

extension JSONBody {
  /// The message of a batch.
  mutating func write(_ batch: ArraySlice<Submission>) {
    object {
      $0.key("entries")
      $0.array(batch) { $0.write($1) }
    }
  }

  /// The message of an entry. Nothing is rounded or cut; empty texts are left out, and members come in
  /// the order of their names.
  mutating func write(_ submission: Submission) {
    let head = submission.entry.head
    object { body in
      body.member("currency", head.currency.code)
      body.member("description", head.description.filled)
      body.member("documentDate", head.documentDate.text)
      body.member("externalKey", submission.key.text)
      body.member("functionalCurrency", head.functionalCurrency.code)
      body.key("lines")
      body.array(submission.entry.lines) { $0.write($1) }
      body.member("postingDate", head.postingDate.text)
      body.member("reference", head.reference.filled)
    }
  }

  private mutating func write(_ line: JournalLine) {
    object { body in
      body.member("account", line.account.code)
      body.member("amount", line.amount.text)
      body.member("description", line.description.filled)
      if !line.dimensions.isEmpty {
        body.key("dimensions")
        body.object { body in
          for pair in line.dimensions.pairs.sorted(by: { $0.name < $1.name }) {
            body.key(pair.name)
            body.string(pair.value)
          }
        }
      }
      body.member("functionalAmount", line.functionalAmount.text)
      body.member("party", line.party?.filled)
      body.member("side", line.side.rawValue)
      guard let tax = line.tax else { return }
      body.key("tax")
      body.object { body in
        body.member("base", tax.base?.text)
        body.member("code", tax.code)
        body.member("rate", tax.rate?.text)
      }
    }
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
        detail: "The ERP's document \(entry.number.text) cannot be read: \(what)",
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
      number: entry.number.text, externalKey: entry.externalKey?.filled, date: date, lines: lines)
  }
}

extension String {
  /// nil when empty.
  var filled: String? { isEmpty ? nil : self }
}
