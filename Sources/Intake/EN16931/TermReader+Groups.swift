import Ledger

extension TermReader {
  /// A code of ISO 4217.
  mutating func currency(_ located: LocatedElement, _ term: String) -> Term<Currency>? {
    guard let code = required(located, term) else { return nil }
    guard let currency = Currency(code.value) else {
      note(
        "unknown_currency", at: located.path,
        "\(term) is “\(code.value.excerpt)”, which is no currency of ISO 4217",
        fix: "Use a code of three capital letters such as EUR")
      return nil
    }
    return Term(value: currency, path: located.path)
  }

  /// Whether an allowance or charge is a charge.
  mutating func indicator(_ located: LocatedElement) -> Bool {
    switch located.text {
    case "true", "1": return true
    case "false", "0": return false
    default:
      note(
        "unknown_value", at: located.path,
        "an allowance or charge does not say which of the two it is",
        fix: "Set the charge indicator to true for a charge, to false for an allowance")
      return false
    }
  }

  /// BT-146 divided by BT-149, where the quotient is exact; nothing is computed from it.
  mutating func unitPrice(_ price: LocatedElement, base: LocatedElement) -> ExactDecimal? {
    let price = number(price, "BT-146, the price,")
    let base = number(base, "BT-149, the price's base quantity,")
    guard let price, let base, base != ExactDecimal(1) else { return price }
    guard base.coefficient > 0 else { return nil }
    let decimals = ExactDecimal.maximumDecimals
    let scaled = Int128(price.coefficient) * power(decimals - price.scale + base.scale)
    let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: Int128(base.coefficient))
    guard remainder == 0 else { return nil }
    let magnitude = String(quotient.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - magnitude.count)) + magnitude
    let sign = quotient < 0 ? "-" : ""
    let text = "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    do throws(AmountFault) { return try ExactDecimal(text) } catch { return nil }
  }

  private func power(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }

  /// BG-22; nil when one of them is missing or wrong, which is noted.
  mutating func totals(
    lines: LocatedElement, allowances: LocatedElement, charges: LocatedElement,
    net: LocatedElement, tax: LocatedElement, gross: LocatedElement, prepaid: LocatedElement,
    rounding: LocatedElement, payable: LocatedElement
  ) -> EN16931Totals? {
    let lines = requiredAmount(lines, "BT-106, the sum of the lines,")
    let allowances = amountOrZero(allowances, "BT-107, the sum of allowances,")
    let charges = amountOrZero(charges, "BT-108, the sum of charges,")
    let net = requiredAmount(net, "BT-109, the total without VAT,")
    let tax = amountOrZero(tax, "BT-110, the total VAT,")
    let gross = requiredAmount(gross, "BT-112, the total with VAT,")
    let prepaid = amountOrZero(prepaid, "BT-113, the paid amount,")
    let rounding = amountOrZero(rounding, "BT-114, the rounding amount,")
    let payable = requiredAmount(payable, "BT-115, the amount due,")
    guard let lines, let allowances, let charges, let net, let tax, let gross, let prepaid,
      let rounding, let payable
    else { return nil }
    return EN16931Totals(
      lines: lines, allowances: allowances, charges: charges, net: net, tax: tax, gross: gross,
      prepaid: prepaid, rounding: rounding, payable: payable)
  }
}
