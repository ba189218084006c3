import Foundation

extension EntryDraft {
  /// The draft in the functional currency, where the sender gave a rate instead of functional amounts:
  /// each line is rounded by itself, half away from zero, and the largest takes what is left over.
  ///
  /// - Parameter own: the company's functional currency; nil takes the draft's.
  func translated(to own: String?) throws(Refusal) -> EntryDraft {
    guard let exchangeRate else { return self }
    guard let rate = Decimal(string: exchangeRate), rate > 0 else {
      throw Refusal(
        code: "invalid_rate", message: "\(exchangeRate.prefix(40)) is not an exchange rate",
        field: "/exchangeRate")
    }
    var draft = self
    draft.exchangeRate = nil
    draft.functionalCurrency = own ?? functionalCurrency
    guard let decimals = CurrencyTable.decimals(of: draft.functionalCurrency),
      let given = CurrencyTable.decimals(of: currency)
    else { return draft }
    if currency == draft.functionalCurrency, rate != 1 {
      throw Refusal(
        code: "invalid_rate", message: "The rate of \(currency) to itself is 1",
        field: "/exchangeRate")
    }
    var units: [Int64] = []
    var difference: Int64 = 0
    for (index, line) in lines.enumerated() {
      guard let amount = try? ExactAmount.minorUnits(line.amount, decimals: given) else {
        // The usual check says what is wrong with it.
        draft.lines[index].functionalAmount = line.amount
        return draft
      }
      var exact = Decimal(amount) * rate
      var rounded = Decimal()
      exact *= Decimal(sign: .plus, exponent: decimals - given, significand: 1)
      NSDecimalRound(&rounded, &exact, 0, .plain)
      let unit = NSDecimalNumber(decimal: rounded).int64Value
      units.append(unit)
      difference += line.side == "debit" ? unit : -unit
    }
    let debits = try? balance(decimals: given)
    if debits == 0, difference != 0,
      let largest = units.indices.max(by: { units[$0] < units[$1] })
    {
      units[largest] -= lines[largest].side == "debit" ? difference : -difference
    }
    for index in units.indices {
      draft.lines[index].functionalAmount = ExactAmount.text(units[index], decimals: decimals)
    }
    return draft
  }

  /// Debits minus credits in minor units of the entry's currency.
  private func balance(decimals: Int) throws(ExactAmount.Fault) -> Int128 {
    var balance: Int128 = 0
    for line in lines {
      let amount = Int128(try ExactAmount.minorUnits(line.amount, decimals: decimals))
      balance += line.side == "debit" ? amount : -amount
    }
    return balance
  }
}
