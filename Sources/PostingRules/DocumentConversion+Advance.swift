import Ledger

/// An amount split into net and the taxes in it, in minor units.
struct TaxSplit {
  var net: Int64
  var parts: [TaxGroup]
  /// The group whose detail belongs on the net line, because its tax is zero.
  var zeroPart: TaxGroup?

  /// Splits an amount, tax included, as a billed content is composed, by largest remainder.
  init(
    of amount: Money, like content: BilledContent, known: [String: TaxCode],
    functionalCurrency: Currency
  ) {
    let groups = TaxGroups(content, known: known, functionalCurrency: functionalCurrency).groups
    let weights =
      [max(0, content.totals.net.minorUnits)] + groups.map { max(0, Int64(clamping: $0.amount)) }
    let shares = amount.shared(by: weights)
    let gross = Int128(content.totals.gross.minorUnits)
    net = shares[0].minorUnits
    parts = []
    for (group, share) in zip(groups, shares.dropFirst()) {
      var part = TaxGroup(key: group.key)
      part.amount = Int128(share.minorUnits)
      part.base =
        gross > 0
        ? Rounding.halfAwayFromZero.divide(
          group.base * Int128(amount.minorUnits), by: gross) : 0
      part.accounting = group.accounting.map {
        ($0.amount.share(part.amount, of: group.amount), $0.currency)
      }
      if group.isOnLines {
        if zeroPart == nil { zeroPart = part }
      } else {
        parts.append(part)
      }
    }
  }
}

extension DocumentConversion {
  /// Debits what was paid before: money of the payments and credit memos that the invoice names,
  /// advances of prepayment invoices that are here, with their tax, and unapplied cash for the rest.
  mutating func addPrepaid(
    _ content: BilledContent, by credits: [Invoice.Credit], taxes: inout TaxGroups,
    description: String
  ) {
    var rest = content.totals.prepaid.minorUnits
    for (index, credit) in credits.enumerated() {
      let amount = credit.amount.minorUnits
      guard amount <= rest else {
        stop(
          .overApplied, pointer: "/prepaidBy/\(index)/amount",
          detail: "\(document.title) uses more of payments and credit memos than the "
            + "\(content.totals.prepaid.text) \(currency) that its totals call prepaid",
          fix: "Correct prepaidBy or totals.prepaid", cause: "\(document.entity)")
        return
      }
      rest -= amount
      addCredit(amount, of: credit.from, pointer: "/prepaidBy/\(index)")
    }
    for (index, id) in content.precedingInvoices.enumerated() where rest > 0 {
      let item = document.invoiceIdentity(id)
      guard let other = references.document(item), case .invoice(let prepayment) = other.body,
        prepayment.isPrepayment
      else { continue }
      let amount = min(rest, open(item, .advance) ?? prepayment.content.totals.gross.minorUnits)
      guard amount > 0,
        let taken = take(amount, of: item, part: .advance, pointer: "/precedingInvoices/\(index)")
      else { continue }
      rest -= amount
      let split = TaxSplit(
        of: money(amount), like: prepayment.content, known: ruleBook.taxCodes,
        functionalCurrency: functionalCurrency)
      addAdvance(
        split, functional: rate == nil ? nil : taken.functional, description: taken.name,
        pointer: "/precedingInvoices/\(index)")
      for part in split.parts where !taxes.takeBack(part) { addTax(part, sign: 1) }
      facts.leaveTax()
    }
    add(.unappliedCash, rest, description: description, pointer: "/totals/prepaid")
  }

  /// Uses the unused money of a payment or credit memo. An advance keeps its own rate, which the
  /// revenue then takes over (IFRIC 22); other money gives an exchange difference.
  private mutating func addCredit(_ amount: Int64, of item: DocumentIdentity, pointer: String) {
    guard let taken = take(amount, of: item, part: .credit, pointer: pointer) else { return }
    let role = creditRole(of: item)
    add(role, amount, functional: taken.functional, description: taken.name, pointer: pointer)
    guard role != .customerAdvance, let functional = taken.functional else { return }
    addExchangeDifference(
      converted(amount) - functional, description: taken.name, pointer: pointer)
  }

  private mutating func addAdvance(
    _ split: TaxSplit, functional: Int64?, description: String, pointer: String
  ) {
    if let key = split.parts.first?.key ?? split.zeroPart?.key { facts.take(key) }
    add(
      .customerAdvance, split.net, functional: functional, tax: zeroTax(split, sign: 1),
      description: description, pointer: pointer)
    facts.leaveTax()
  }

  /// The detail of a tax of zero that a net line carries.
  func zeroTax(_ split: TaxSplit, sign: Int64) -> JournalLine.Tax? {
    split.zeroPart.map {
      JournalLine.Tax($0.key, base: money(-sign * Int64(clamping: $0.base)))
    }
  }

  /// Adds the net line and the tax lines of an amount that takes back, or owes again, a share of
  /// what an invoice billed.
  ///
  /// - Parameters:
  ///   - functional: what the amount is carried at; nil where each line is converted by itself and
  ///     the net line takes the residue.
  ///   - sign: 1 where they are debited, -1 where credited.
  ///   - taken: of the net, what stands on another line already.
  mutating func addShare(
    of amount: Int64, functional: Int64? = nil, like content: BilledContent, role: AccountRole,
    sign: Int64, less taken: Int64 = 0, description: String, pointer: String
  ) {
    let split = TaxSplit(
      of: money(amount), like: content, known: ruleBook.taxCodes,
      functionalCurrency: functionalCurrency)
    var carried = functional.map { FunctionalSplit(amount, functional: $0) }
    let taxes = split.parts.map { part in
      (part, carried?.next(Int64(clamping: part.amount)))
    }
    add(
      role, sign * (split.net - taken), functional: carried.map { sign * $0.rest }, absorbs: true,
      tax: zeroTax(split, sign: sign), description: description, pointer: pointer)
    for (part, functional) in taxes { addTax(part, sign: sign, functional: functional) }
    facts.leaveTax()
  }

  /// What an invoice that is here billed; nil, and a stop, when its content is not known.
  mutating func billedContent(
    of item: DocumentIdentity, for purpose: String, pointer: String
  ) -> BilledContent? {
    if case .invoice(let invoice)? = references.document(item)?.body { return invoice.content }
    stop(
      .referenceMissing, pointer: pointer,
      detail: "\(document.title) needs the content of invoice \(item.id) for \(purpose), and it "
        + "is not here",
      fix: "Hand the invoice over first, or together with this document",
      cause: "\(document.entity) \(item)")
    return nil
  }
}

extension Int128 {
  /// In proportion to a part of a whole; nothing where the whole is zero.
  fileprivate func share(_ part: Int128, of whole: Int128) -> Int128 {
    guard whole != 0 else { return 0 }
    return Rounding.halfAwayFromZero.divide(
      self * part * whole.signum(), by: Int128(whole.magnitude))
  }
}
