import Ledger

/// The arithmetic of EN 16931: BR-CO-10 to BR-CO-18. Each rule is checked by itself, so that every
/// fault shows at once.
struct EN16931Checks {
  private let invoice: EN16931Invoice
  private let currency: Currency
  private let totals: EN16931Totals
  private var reader: TermReader

  /// Notes every rule that `invoice` breaks. A rule with an amount that could not be read is left
  /// out: that amount has its fault already.
  static func run(on invoice: EN16931Invoice, _ reader: inout TermReader) {
    guard let currency = invoice.currency?.value, let totals = invoice.totals else { return }
    var checks = EN16931Checks(
      invoice: invoice, currency: currency, totals: totals, reader: reader)
    checks.checkSums()
    checks.checkTotals()
    checks.checkTaxes()
    reader = checks.reader
  }

  private static let fixSum = "Correct the total or its parts in the billing system and send again"

  private mutating func checkSums() {
    let charges = invoice.adjustments.filter(\.isCharge).map(\.amount)
    let allowances = invoice.adjustments.filter { !$0.isCharge }.map(\.amount)
    // Without lines, or with too many, that is the fault.
    if !invoice.lines.isEmpty {
      check(
        "br_co_10", "BT-106, the sum of the lines,", totals.lines,
        against: invoice.lines.map(\.net), "the net amounts of its lines (BT-131)")
    }
    check(
      "br_co_11", "BT-107, the sum of allowances,", totals.allowances,
      against: allowances, "the document's allowances (BT-92)")
    check(
      "br_co_12", "BT-108, the sum of charges,", totals.charges, against: charges,
      "the document's charges (BT-99)")
  }

  private mutating func check(
    _ code: String, _ term: String, _ total: Term<Money>, against parts: [Term<Money>?],
    _ what: String
  ) {
    let known = parts.compactMap(\.?.value)
    guard known.count == parts.count else { return }
    do throws(AmountFault) {
      let sum = try Money.sum(known, in: currency)
      guard sum != total.value else { return }
      reader.note(
        code, at: total.path, "\(term) is \(total.value), but \(what) add up to \(sum)",
        fix: Self.fixSum)
    } catch {
      reader.note(
        code, at: total.path, "\(what) add up to more than can be held", fix: Self.fixSum)
    }
  }

  private mutating func checkTotals() {
    let net = totals.lines.value - totals.allowances.value + totals.charges.value
    if net != totals.net.value {
      reader.note(
        "br_co_13", at: totals.net.path,
        "BT-109, the total without VAT, is \(totals.net.value), but BT-106 \(totals.lines.value) "
          + "less BT-107 \(totals.allowances.value) plus BT-108 \(totals.charges.value) is \(net)",
        fix: Self.fixSum)
    }
    check(
      "br_co_14", "BT-110, the total VAT,", totals.tax, against: invoice.taxes.map(\.amount),
      "the tax amounts of the VAT breakdown (BT-117)")
    let gross = totals.net.value + totals.tax.value
    if gross != totals.gross.value {
      reader.note(
        "br_co_15", at: totals.gross.path,
        "BT-112, the total with VAT, is \(totals.gross.value), but BT-109 \(totals.net.value) "
          + "plus BT-110 \(totals.tax.value) is \(gross)",
        fix: Self.fixSum)
    }
    let payable = totals.gross.value - totals.prepaid.value + totals.rounding.value
    if payable != totals.payable.value {
      reader.note(
        "br_co_16", at: totals.payable.path,
        "BT-115, the amount due, is \(totals.payable.value), but BT-112 \(totals.gross.value) "
          + "less BT-113 \(totals.prepaid.value) plus BT-114 \(totals.rounding.value) is \(payable)",
        fix: Self.fixSum)
    }
  }

  private mutating func checkTaxes() {
    for tax in invoice.taxes {
      guard let code = tax.tax, let base = tax.base, let amount = tax.amount else { continue }
      let rate = code.rate ?? .zero
      guard let expected = Self.tax(on: base.value, at: rate) else { continue }
      let unit = currency.minorUnitsPerUnit
      let isWithin = [expected.halfUp, expected.halfAway].contains {
        ($0 - Int128(amount.value.minorUnits)).magnitude <= unit
      }
      guard !isWithin else { continue }
      let stated = Int64(exactly: expected.halfAway).map { Money(minorUnits: $0, currency).text }
      reader.note(
        "br_co_17", at: amount.path,
        "BT-117, the tax for \(code.code), is \(amount.value), but \(rate) per cent of "
          + "\(base.value) is \(stated ?? "more than can be held")",
        fix:
          "Correct base, rate or tax of the VAT breakdown; a difference of up to one \(currency) passes"
      )
    }
    if invoice.taxes.isEmpty {
      reader.note(
        "br_co_18", at: totals.tax.path, "the document has no VAT breakdown (BG-23)",
        fix: "Give one group for each VAT category and rate, also where no VAT is due")
    }
  }

  /// The tax in minor units: halves towards plus infinity as XPath rounds, and away from zero as
  /// commerce does.
  private static func tax(
    on base: Money, at rate: ExactDecimal
  ) -> (halfUp: Int128, halfAway: Int128)? {
    let divisor = (0..<(rate.scale + 2)).reduce(Int128(1)) { product, _ in product * 10 }
    let product = Int128(base.minorUnits) * Int128(rate.coefficient)
    let doubled = product * 2 + divisor
    let (quotient, remainder) = doubled.quotientAndRemainder(dividingBy: divisor * 2)
    let halfUp = remainder < 0 ? quotient - 1 : quotient
    return (halfUp, Rounding.halfAwayFromZero.divide(product, by: divisor))
  }
}
