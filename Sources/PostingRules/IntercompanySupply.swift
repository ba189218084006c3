import Ledger

/// What one entity renders to the customer of another by one document, in minor units and with the
/// signs of the document's lines. Both sides take their amounts from it, so that they eliminate.
struct IntercompanySupply: Sendable {
  struct Part: Sendable {
    /// The place of the document's line.
    let line: Int
    /// What the deliverer gets for it from the biller, without tax.
    let price: Int64
    /// What of the tax of the supply is charged or self-assessed.
    let tax: Int64
  }

  let agreement: DeliveryAgreement
  /// nil where the supply bears no tax.
  let tax: TaxCode?
  var parts: [Part] = []

  /// Whether the biller owes the tax itself: reverse charge (Article 196 of Directive 2006/112/EC)
  /// or an intra-Community acquisition.
  var isSelfAssessed: Bool {
    tax?.category == .reverseCharge || tax?.category == .intraCommunity
  }

  var price: Int64 { parts.reduce(0) { $0 + $1.price } }
  var taxAmount: Int64 { parts.reduce(0) { $0 + $1.tax } }
  /// What the biller owes the deliverer.
  var due: Int64 { price + (isSelfAssessed ? 0 : taxAmount) }

  init(_ agreement: DeliveryAgreement, tax: TaxCode?) {
    self.agreement = agreement
    self.tax = tax
  }

  /// Adds a line of the document.
  ///
  /// - Throws: ``AmountFault`` `.tooLarge`.
  mutating func add(
    line: Int, net: Int64, currency: Currency, rounding: Rounding
  ) throws(AmountFault) {
    let net = Money(minorUnits: net, currency)
    let markUp =
      agreement.treatment == .principal
      ? try agreement.markUp.percent(of: net, rounding: rounding) : .zero(currency)
    let price = try Money.sum([net, markUp], in: currency)
    var tax = Money.zero(currency)
    if let rate = self.tax?.rate { tax = try rate.percent(of: price, rounding: rounding) }
    _ = try Money.sum([Money(minorUnits: self.price, currency), price], in: currency)
    _ = try Money.sum(
      [
        Money(minorUnits: self.price, currency), Money(minorUnits: taxAmount, currency), price, tax,
      ],
      in: currency)
    parts.append(Part(line: line, price: price.minorUnits, tax: tax.minorUnits))
  }
}
