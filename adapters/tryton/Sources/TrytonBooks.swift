import AdapterKit
import Ledger

/// A move as the ERP shows it when it is looked up.
struct TrytonStoredMove: Hashable {
  var id: Int64
  var number: String?
  var isPosted: Bool
  var description: String?

  /// nil without an id.
  init?(_ record: TrytonValue, numberIn field: String) {
    guard let id = record["id"]?.integer else { return nil }
    self.id = id
    number = record[field]?.text
    isPosted = record["state"]?.text == "posted"
    description = record["description"]?.text
  }

  var document: FoundDocument {
    FoundDocument(key: description, id: String(id), number: number, isPosted: isPosted)
  }

  /// nil without a number.
  var receipt: Receipt? { number.map { Receipt(id: String(id), number: $0) } }
}

extension BookedPosting {
  /// A posted move with its lines; nil when a date, account or amount is none.
  ///
  /// Amounts are those of the second currency where a line has one. In a move with a second currency
  /// a line without one moves the company's amount alone: its own amount is zero.
  init?(_ move: TrytonValue, lines: [TrytonValue], of company: TrytonSession.Company) {
    guard let number = move[company.postedNumber]?.text ?? move["id"]?.integer.map(String.init),
      let date = move["date"]?.calendarDate, let own = Currency(company.currency)
    else { return nil }
    let second = lines.lazy.compactMap { $0["second_currency."]?["code"]?.text }.first
    var booked: [Line] = []
    for record in lines {
      guard let line = Line(record, own: own, second: second.flatMap { Currency($0) }) else {
        return nil
      }
      booked.append(line)
    }
    self.init(
      number: number, externalKey: move["description"]?.text, date: date, lines: booked)
  }
}

extension BookedPosting.Line {
  fileprivate init?(_ record: TrytonValue, own: Currency, second: Currency?) {
    guard let account = record["account."]?["code"]?.text,
      let debit = record["debit"]?.text.flatMap({ try? Money($0, own) }),
      let credit = record["credit"]?.text.flatMap({ try? Money($0, own) })
    else { return nil }
    var amount = debit - credit
    if let second {
      amount = .zero(second)
      if record["second_currency."]?["code"]?.text == second.code {
        guard let text = record["amount_second_currency"]?.text,
          let signed = try? Money(text, second)
        else { return nil }
        amount = signed
      }
    }
    let isCredit = amount.isZero ? debit < credit : amount.isNegative
    self.init(
      account: AccountCode(account), side: isCredit ? .credit : .debit, amount: amount.magnitude)
  }
}
