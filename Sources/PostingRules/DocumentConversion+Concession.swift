import Ledger

// What a payment closed of its invoices besides its money, early-payment discount and small
// differences, was conceded for that money. What of the money goes back takes its share of it along.

/// A part of one application of a payment.
struct AppliedPart {
  /// Which of the payment's applications.
  let place: Int
  /// What of the application goes before the part, and the part itself.
  let before: Int64
  let amount: Int64

  /// Its share of what stands for the whole application: parts that follow each other add up to that.
  func share(of total: Int64, over application: Int64, rounding: Rounding) -> Int64 {
    func through(_ end: Int64) -> Int64 {
      CumulativeSplit.share(of: total, end, over: application, rounding: rounding)
    }
    return through(before + amount) - through(before)
  }
}

/// What was conceded for a part of an application, in the invoice's currency.
struct Concession {
  var discount: Int64 = 0
  var difference: Int64 = 0
  /// What they were carried at; nil where nothing stored is looked at.
  var functionalDiscount: Int64?
  var functionalDifference: Int64?

  var amount: Int64 { discount + difference }
}

extension Payment {
  /// Its applications from the last to the first, cut to the part of their sum between two amounts.
  func applied(from: Int64, through: Int64) -> [AppliedPart] {
    var parts: [AppliedPart] = []
    var start: Int64 = 0
    for (place, application) in applications.enumerated().reversed() where start < through {
      let end = start + application.amount.minorUnits
      let before = max(start, from) - start
      let amount = min(end, through) - start - before
      if amount > 0 { parts.append(AppliedPart(place: place, before: before, amount: amount)) }
      start = end
    }
    return parts
  }
}

extension DocumentConversion {
  /// - Parameters:
  ///   - item: the payment.
  ///   - money: what an application settles with money, by its place, in the invoice's currency.
  func concession(
    for part: AppliedPart, of payment: Payment, _ item: DocumentIdentity,
    on invoice: DocumentIdentity, money: (Int) -> Int64
  ) -> Concession {
    let application = payment.applications[part.place]
    let places = payment.applications.indices.filter {
      payment.applications[$0].invoice == application.invoice
    }
    func discount(_ place: Int) -> Int64 {
      let application = payment.applications[place]
      guard let stated = application.discount, application.amount.minorUnits > 0 else { return 0 }
      return CumulativeSplit.share(
        of: stated.minorUnits, money(place), over: application.amount.minorUnits,
        rounding: .halfAwayFromZero)
    }
    func share(_ amount: Int64) -> Int64 {
      part.share(
        of: amount, over: application.amount.minorUnits, rounding: .halfAwayFromZero)
    }
    var result = Concession(discount: share(discount(part.place)))
    guard let cleared = references.stored(item)?.cleared(of: invoice, in: ledger.name) else {
      return result
    }
    // A small difference is closed with the last application to an invoice.
    if part.place == places.last {
      let paid = places.reduce(Int64(0)) { $0 + money($1) + discount($1) }
      result.difference = share(max(0, cleared.amount.minorUnits - paid))
    }
    func carried(_ amount: Int64) -> Int64 {
      CumulativeSplit.share(
        of: cleared.functional.minorUnits, amount, over: cleared.amount.minorUnits,
        rounding: .halfAwayFromZero)
    }
    result.functionalDiscount = carried(result.discount)
    result.functionalDifference = carried(result.difference)
    return result
  }

  /// What a concession is carried at in functional currency.
  mutating func carried(_ concession: Concession) -> Int64 {
    (concession.functionalDiscount ?? converted(concession.discount))
      + (concession.functionalDifference ?? converted(concession.difference))
  }

  /// The lines of what is conceded.
  ///
  /// - Parameter sign: 1 where it is, -1 where it is taken back.
  mutating func add(
    _ concession: Concession, sign: Int64, of invoice: DocumentIdentity, description: String,
    pointer: String
  ) {
    add(
      .paymentDifference, sign * concession.difference,
      functional: concession.functionalDifference.map { sign * $0 }, description: description,
      pointer: pointer)
    guard concession.discount != 0 else { return }
    addEarlyPaymentDiscount(
      concession.discount, functional: concession.functionalDiscount, sign: sign, of: invoice,
      description: description, pointer: pointer)
  }

  /// Early-payment discount, and the tax in it where that is reduced with it.
  mutating func addEarlyPaymentDiscount(
    _ amount: Int64, functional: Int64?, sign: Int64, of invoice: DocumentIdentity,
    description: String, pointer: String
  ) {
    guard policies.earlyPaymentDiscountTax == .reduce else {
      return add(
        .earlyPaymentDiscount, sign * amount, functional: functional.map { sign * $0 },
        description: description, pointer: pointer)
    }
    guard
      let content = billedContent(
        of: invoice, for: "the tax share of the discount", pointer: pointer)
    else { return }
    addShare(
      of: amount, functional: functional, like: content, role: .earlyPaymentDiscount, sign: sign,
      description: description, pointer: pointer)
  }
}
