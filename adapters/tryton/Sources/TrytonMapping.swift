import AdapterKit
import Ledger

/// An entry as Tryton's `account.move`, with the ERP's ids: a pure value.
struct TrytonMove: Hashable, Sendable {
  var company: Int64
  var period: Int64
  var journal: Int64
  var date: CalendarDate
  /// Our key. The move has no other field that is free for it.
  var description: String
  /// The move that this one reverses; nil for none.
  var origin: Int64?
  var lines: [Line]

  struct Line: Hashable, Sendable {
    var account: Int64
    var party: Int64?
    /// In the company's currency; one of the two is zero.
    var debit: Money
    var credit: Money
    var description: String
    /// The document's currency and the signed amount in it, where it is another than the company's.
    var second: Second?
  }

  struct Second: Hashable, Sendable {
    var currency: Int64
    /// Positive for a debit.
    var amount: Money
  }
}

extension TrytonMove.Line {
  /// - Parameters:
  ///   - secondCurrency: the ERP's id of the entry's currency; nil for the company's own.
  init(_ line: JournalLine, account: Int64, party: Int64?, secondCurrency: Int64?) {
    let zero = Money.zero(line.functionalAmount.currency)
    self.init(
      account: account, party: party,
      debit: line.side == .debit ? line.functionalAmount : zero,
      credit: line.side == .credit ? line.functionalAmount : zero, description: line.description,
      second: secondCurrency.flatMap { currency in
        guard line.amount.minorUnits != 0 else { return nil }
        return TrytonMove.Second(
          currency: currency, amount: line.side == .debit ? line.amount : -line.amount)
      })
  }

  var record: TrytonValue {
    var record: [String: TrytonValue] = [
      "account": .integer(account), "debit": TrytonValue(debit), "credit": TrytonValue(credit),
      "description": .text(description),
    ]
    if let party { record["party"] = .integer(party) }
    if let second {
      record["second_currency"] = .integer(second.currency)
      record["amount_second_currency"] = TrytonValue(second.amount)
    }
    return .object(record)
  }
}

extension TrytonMove {
  /// What `model.account.move.create` is given.
  var record: TrytonValue {
    var record: [String: TrytonValue] = [
      "company": .integer(company), "period": .integer(period), "journal": .integer(journal),
      "date": TrytonValue(date), "description": .text(description),
      "lines": [["create", .list(lines.map(\.record))]],
    ]
    if let origin { record["origin"] = .text("account.move,\(origin)") }
    return .object(record)
  }

  /// Whether a draft that the ERP shows has the lines of this move: account, party and amounts, in
  /// whatever order.
  func hasLines(of draft: [TrytonBookedLine]) -> Bool {
    func counted(_ lines: [TrytonBookedLine]) -> [TrytonBookedLine: Int] {
      lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    let ours = lines.map { line in
      TrytonBookedLine(
        account: line.account, party: line.party, debit: line.debit, credit: line.credit)
    }
    return counted(ours) == counted(draft)
  }
}

/// What of a stored line decides whether it is the one that was sent.
struct TrytonBookedLine: Hashable {
  var account: Int64
  var party: Int64?
  var debit: Money
  var credit: Money
}

extension TrytonBookedLine {
  /// nil for a record without an account or with amounts that are none of the currency.
  init?(_ record: TrytonValue, _ currency: Currency) {
    guard let account = record["account"]?.integer,
      let debit = record["debit"]?.text.flatMap({ try? Money($0, currency) }),
      let credit = record["credit"]?.text.flatMap({ try? Money($0, currency) })
    else { return nil }
    self.init(
      account: account, party: record["party"]?.integer, debit: debit, credit: credit)
  }
}
