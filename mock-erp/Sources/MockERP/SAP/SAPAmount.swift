import Foundation
import XMLTree

/// A signed amount as it stands on a line.
struct SAPAmount {
  let value: Decimal
  let currency: String

  /// nil when the element is absent; the schema has checked it.
  init?(_ element: XMLElement?) {
    guard let element, let currency = element.attribute("currencyCode"),
      let value = Decimal(string: element.trimmedText)
    else { return nil }
    self.value = value
    self.currency = currency
  }

  init(value: Decimal, currency: String) {
    self.value = value
    self.currency = currency
  }

  /// Rounded to the decimals of its currency, halves away from zero, as SAP does without a word.
  var rounded: Decimal {
    var value = value
    var result = Decimal()
    NSDecimalRound(&result, &value, CurrencyTable.decimals(of: currency) ?? 2, .plain)
    return result
  }
}

extension Decimal {
  /// Digits and a point, whatever the locale.
  var plainText: String { description }
}
