import AdapterKit
import Ledger

/// An entry as records, without header, totals and trailer.
struct MappedEntry: Hashable {
  let records: [WireRecord]

  init(_ submission: Submission) {
    let head = submission.entry.head
    let key = WireField.plain(submission.key.text)
    var records = [
      WireRecord(
        letter: .entry,
        fields: [
          key, .plain(head.postingDate.text), .plain(head.documentDate.text),
          .plain(head.currency.code), .plain(head.functionalCurrency.code), .plain(""),
          .code(head.reference, pointer: "/reference"), .text(head.description),
          .count(submission.entry.lines.count),
        ])
    ]
    records.reserveCapacity(submission.entry.lines.count + 1)
    for (index, line) in submission.entry.lines.enumerated() {
      let pointer = "/lines/\(index)"
      records.append(
        WireRecord(letter: .line, fields: [key, .count(index + 1)] + line.fields(at: pointer)))
      for pair in line.dimensions.pairs {
        records.append(
          WireRecord(
            letter: .dimension,
            fields: [
              key, .count(index + 1), .code(pair.name, pointer: pointer + "/dimensions"),
              .code(pair.value, pointer: pointer + "/dimensions/\(pair.name)"),
            ]))
      }
    }
    self.records = records
  }
}

extension JournalLine {
  /// Account to description.
  fileprivate func fields(at pointer: String) -> [WireField] {
    [
      .code(account.code, pointer: pointer + "/account"),
      .plain(side == .debit ? "D" : "C"),
      .number(amount.text, pointer: pointer + "/amount"),
      .number(functionalAmount.text, pointer: pointer + "/functionalAmount"),
      .code(party ?? "", pointer: pointer + "/party"),
      .code(tax?.code ?? "", pointer: pointer + "/tax/code"),
      .number(tax?.rate?.text ?? "", pointer: pointer + "/tax/rate"),
      .number(tax?.base?.text ?? "", pointer: pointer + "/tax/base"),
      .text(description),
    ]
  }
}

/// Debits and credits per currency, in minor units.
struct ControlTotals: Hashable {
  struct Sum: Hashable {
    var debit: Int128 = 0
    var credit: Int128 = 0
  }

  private(set) var transaction: [Currency: Sum] = [:]
  private(set) var functional: [Currency: Sum] = [:]

  mutating func add(_ entry: JournalEntry) {
    var amounts = transaction[entry.head.currency] ?? Sum()
    var functionalAmounts = functional[entry.head.functionalCurrency] ?? Sum()
    for line in entry.lines {
      amounts.add(line.amount, line.side)
      functionalAmounts.add(line.functionalAmount, line.side)
    }
    transaction[entry.head.currency] = amounts
    functional[entry.head.functionalCurrency] = functionalAmounts
  }

  /// `C` records: transaction currencies, then functional ones, by code.
  var records: [WireRecord] {
    func records(_ kind: String, _ sums: [Currency: Sum]) -> [WireRecord] {
      sums.sorted { $0.key < $1.key }.map { currency, sum in
        WireRecord(
          letter: .control,
          fields: [
            .plain(kind), .plain(currency.code),
            .number(text(sum.debit, currency), pointer: ""),
            .number(text(sum.credit, currency), pointer: ""),
          ])
      }
    }
    return records("T", transaction) + records("F", functional)
  }

  /// `minorUnits`, not negative, with the currency's decimals.
  private func text(_ minorUnits: Int128, _ currency: Currency) -> String {
    let digits = String(minorUnits)
    guard currency.decimals > 0 else { return digits }
    let padded =
      String(repeating: "0", count: max(0, currency.decimals + 1 - digits.count)) + digits
    return padded.dropLast(currency.decimals) + "." + padded.suffix(currency.decimals)
  }
}

extension ControlTotals.Sum {
  fileprivate mutating func add(_ amount: Money, _ side: Side) {
    switch side {
    case .debit: debit += Int128(amount.minorUnits)
    case .credit: credit += Int128(amount.minorUnits)
    }
  }
}
