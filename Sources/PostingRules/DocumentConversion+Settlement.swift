import Ledger

/// What a settlement takes off one invoice, in the invoice's currency.
private struct Clearing {
  let item: DocumentIdentity
  let name: String
  let pointer: String
  let money: Int64
  let discount: Int64
  /// A short payment within the entity's tolerance.
  let difference: Int64
  /// What each of them relieved, in functional currency.
  let carriedMoney: Int64
  let carriedDiscount: Int64
  let carriedDifference: Int64

  var amount: Int64 { money + discount + difference }
  var carried: Int64 { carriedMoney + carriedDiscount + carriedDifference }
}

extension DocumentConversion {
  /// Makes the entries of the applications to invoices in other currencies: the invoice is cleared
  /// against `fxClearing` in its own currency, at what it is carried at.
  ///
  /// - Returns: what the money of each such application clears in functional currency, by place.
  mutating func settleInOtherCurrencies(_ applications: [InvoiceApplication]) -> [Int: Int64] {
    var carried: [Int: Int64] = [:]
    let own = (currency: currency, rate: rate)
    for (place, application) in applications.enumerated() {
      let item = document.invoiceIdentity(application.invoice)
      let pointer = "/applications/\(place)"
      guard let other = references.document(item), other.currency != own.currency else {
        checkOwnCurrency(application, isHere: references.document(item) != nil, pointer)
        continue
      }
      guard
        let paid = amountInCurrency(
          of: other, application.amountInInvoiceCurrency,
          pointer: pointer + "/amountInInvoiceCurrency")
      else { continue }
      change(to: other.currency, at: bookedRate(of: other))
      var discount: Int64 = 0
      if let stated = application.discount, application.amount.minorUnits > 0 {
        let split = Rounding.halfAwayFromZero.divide(
          Int128(stated.minorUnits) * Int128(paid.minorUnits),
          by: Int128(application.amount.minorUnits))
        discount = Int64(clamping: split)
      }
      if let clearing = clear(
        item, money: paid.minorUnits, discount: discount, worth: nil, isLast: true, pointer: pointer
      ) {
        add(
          .fxClearing, clearing.money, functional: clearing.carriedMoney,
          description: clearing.name, pointer: pointer)
        addLines(of: clearing)
        finishEntry(.application, description: describe("Settlement"))
        carried[place] = clearing.carriedMoney
      }
      change(to: own.currency, at: own.rate)
    }
    return carried
  }

  /// The rate at which a document that is here was booked; where nothing stored is looked at, its
  /// own or the table's.
  mutating func bookedRate(of other: Document) -> ExchangeRate? {
    if let stored = references.stored(other.identity) { return stored.rate(in: books) }
    guard other.currency != functionalCurrency else { return nil }
    if let own = other.exchangeRate, own.from == other.currency, own.to == functionalCurrency {
      return own
    }
    let found = tableRate(from: other.currency)
    if found == nil { stopRateMissing(from: other.currency) }
    return found
  }

  mutating func amountInCurrency(
    of other: Document, _ stated: ExactDecimal?, pointer: String
  ) -> Money? {
    if let stated, let amount = try? Money(stated, other.currency), !amount.isNegative {
      return amount
    }
    let reason =
      stated.map { "\($0) is no amount of \(other.currency)" }
      ?? "it does not say how much that is in \(other.currency)"
    let field = pointer.split(separator: "/").last ?? ""
    stop(
      .settlementCurrency, pointer: pointer,
      detail: "\(document.title) in \(currency) settles \(other.title), and \(reason)",
      fix: "State the amount in \(other.currency) as \(field)",
      cause: "\(document.entity) \(currency) \(other.currency)")
    return nil
  }

  /// In one currency the two amounts are the same.
  private mutating func checkOwnCurrency(
    _ application: InvoiceApplication, isHere: Bool, _ pointer: String
  ) {
    guard let other = application.amountInInvoiceCurrency,
      other != ExactDecimal(application.amount)
    else { return }
    if isHere {
      stop(
        .settlementCurrency, pointer: pointer + "/amountInInvoiceCurrency",
        detail: "\(document.title) settles \(application.invoice) in \(currency) with "
          + "\(application.amount.text), but states \(other) in the currency of the invoice, which "
          + "is \(currency), too",
        fix: "Leave amountInInvoiceCurrency out, or correct it",
        cause: "\(document.entity) \(currency) \(currency)")
    } else {
      stop(
        .referenceMissing, pointer: pointer + "/invoice",
        detail: "\(document.title) settles \(application.invoice) in another currency, and the "
          + "invoice is not here",
        fix: "Hand the invoice over first, or together with this document",
        cause: "\(document.entity) \(document.invoiceIdentity(application.invoice))")
    }
  }

  /// Credits the receivable of each application.
  ///
  /// - Parameters:
  ///   - elsewhere: what ``settleInOtherCurrencies(_:)`` gave.
  ///   - value: what the money that is applied is worth in functional currency.
  mutating func settle(
    _ applications: [InvoiceApplication], elsewhere: [Int: Int64],
    value: inout FunctionalSplit
  ) {
    for (place, application) in applications.enumerated() {
      let amount = application.amount.minorUnits
      let worth = value.next(amount)
      let item = document.invoiceIdentity(application.invoice)
      let pointer = "/applications/\(place)"
      if let carried = elsewhere[place] {
        let name = references.document(item)?.reference ?? item.id
        add(
          .fxClearing, currency == functionalCurrency ? -carried : -amount, functional: -carried,
          description: name, pointer: pointer)
        addExchangeDifference(carried - worth, description: name, pointer: pointer)
        continue
      }
      if let other = references.document(item), other.currency != currency { continue }
      let isLast = !applications[(place + 1)...].contains { $0.invoice == application.invoice }
      guard
        let clearing = clear(
          item, money: amount, discount: application.discount?.minorUnits ?? 0, worth: worth,
          isLast: isLast, pointer: pointer)
      else { continue }
      addLines(of: clearing)
      addExchangeDifference(
        clearing.carriedMoney - worth, description: clearing.name, pointer: pointer)
    }
  }

  /// Takes money and what goes with it off an invoice.
  ///
  /// - Parameter worth: what the money counts for where nothing stored is looked at; nil is its
  ///   amount at the rate of the entry.
  private mutating func clear(
    _ item: DocumentIdentity, money: Int64, discount: Int64, worth: Int64?, isLast: Bool,
    pointer: String
  ) -> Clearing? {
    let difference = isLast ? toleratedDifference(on: item, after: money + discount) : 0
    let amount = money + discount + difference
    guard let taken = take(amount, of: item, part: .receivable, pointer: pointer) else {
      return nil
    }
    guard let functional = taken.functional else {
      return Clearing(
        item: item, name: taken.name, pointer: pointer, money: money, discount: discount,
        difference: 0, carriedMoney: worth ?? converted(money),
        carriedDiscount: converted(discount), carriedDifference: 0)
    }
    var split = FunctionalSplit(amount, functional: functional)
    return Clearing(
      item: item, name: taken.name, pointer: pointer, money: money, discount: discount,
      difference: difference, carriedMoney: split.next(money),
      carriedDiscount: split.next(discount), carriedDifference: split.next(difference))
  }

  /// What would stay open of an invoice, where that is within the entity's tolerance: not more than
  /// either limit.
  private func toleratedDifference(on item: DocumentIdentity, after amount: Int64) -> Int64 {
    guard amount > 0, let tolerance = policies.paymentTolerance[currency],
      let open = openItem(item, .receivable)
    else { return 0 }
    let rest = open.open.amount.minorUnits - amount
    return rest > 0 && rest <= tolerance.limit(on: open.opened.amount) ? rest : 0
  }

  private mutating func addLines(of clearing: Clearing) {
    if clearing.discount != 0 {
      addEarlyPaymentDiscount(
        clearing.discount, functional: clearing.carriedDiscount, sign: 1, of: clearing.item,
        description: clearing.name, pointer: clearing.pointer + "/discount")
    }
    add(
      .paymentDifference, clearing.difference, functional: clearing.carriedDifference,
      description: clearing.name, pointer: clearing.pointer)
    addReceivable(
      -clearing.amount, functional: -clearing.carried, of: clearing.item,
      description: clearing.name, pointer: clearing.pointer)
  }

  /// A line on the receivables of the customer that the invoice is for, who may be another than the
  /// one who pays.
  mutating func addReceivable(
    _ amount: Int64, functional: Int64? = nil, of item: DocumentIdentity, description: String,
    pointer: String
  ) {
    let own = (facts.customer, facts.country)
    if let customer = references.document(item)?.customer {
      facts.customer = customer.id
      facts.country = customer.country
    }
    add(
      .receivable, amount, functional: functional, description: description, pointer: pointer)
    (facts.customer, facts.country) = own
  }

  /// A difference in functional currency, debits positive: a loss, or a gain.
  mutating func addExchangeDifference(
    _ functional: Int64, description: String, pointer: String
  ) {
    add(
      functional > 0 ? .realisedFXLoss : .realisedFXGain,
      currency == functionalCurrency ? functional : 0, functional: functional,
      description: description, pointer: pointer)
  }
}
