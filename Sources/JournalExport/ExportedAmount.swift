import Ledger

/// One line's amount as plain text accounting writes it: with its sign, and where the books are kept in
/// another currency with what it is worth there, in total.
struct ExportedAmount {
  let money: Money
  let isCredit: Bool
  /// nil: the books are in the same currency.
  let cost: Money?

  init(_ line: JournalLine) {
    isCredit = line.side == .credit
    let isOneCurrency = line.amount.currency == line.functionalAmount.currency
    // An exchange difference has no amount but in the books.
    if isOneCurrency || line.amount.minorUnits == 0 {
      money = line.functionalAmount
      cost = nil
    } else {
      money = line.amount
      cost = line.functionalAmount
    }
  }

  /// `-540.00 USD @@ 500.00 EUR`
  ///
  /// - Parameter decimals: at least so many are written.
  func text(decimals: Int = 0) -> String {
    let sign = isCredit && money.minorUnits != 0 ? "-" : ""
    let text = sign + Self.text(money, decimals)
    return cost.map { text + " @@ " + Self.text($0, decimals) } ?? text
  }

  var currencies: [Currency] { [money.currency] + (cost.map { [$0.currency] } ?? []) }

  private static func text(_ money: Money, _ decimals: Int) -> String {
    var text = money.text
    let present = money.currency.decimals
    if present < decimals {
      if present == 0 { text += "." }
      text += String(repeating: "0", count: decimals - present)
    }
    return text + " " + money.currency.code
  }
}
