import Ledger

/// What an entity has to do with a document.
enum EntityShare: Sendable {
  /// It is the document's own.
  case own
  /// It renders services that the document's entity bills.
  case deliverer(IntercompanySupply)
  /// Its customer paid to the document's entity.
  case owner
  /// It settles with the document's entity.
  case partner
  /// It renders what the document's contract is about.
  case renderer

  var isOwn: Bool { if case .own = self { true } else { false } }
}

// What one entity renders to the customer of another. Both sides take their amounts from one
// `IntercompanySupply`, so that they eliminate.

extension DocumentConversion {
  /// Notes that another entity renders a line.
  ///
  /// - Parameter net: of the document's line, as the biller presents discounts.
  /// - Returns: the role of the line in the biller's books; nil for that of its own lines.
  mutating func supplied(by other: LegalEntityID, line index: Int, net: Int64) -> AccountRole? {
    facts.partner = other
    let pointer = "/lines/\(index)/deliveredBy"
    let place: Int
    if let known = supplies.firstIndex(where: { $0.agreement.deliverer == other }) {
      place = known
    } else {
      guard let supply = agreedSupply(by: other, pointer: pointer) else { return nil }
      place = supplies.count
      supplies.append(supply)
    }
    do throws(AmountFault) {
      try supplies[place].add(
        line: index, net: net, currency: currency, rounding: policies.rounding)
    } catch {
      stopTooLarge()
    }
    return supplies[place].agreement.treatment == .passThrough ? .dueTo : nil
  }

  private mutating func agreedSupply(
    by other: LegalEntityID, pointer: String
  ) -> IntercompanySupply? {
    guard ruleBook.entities[other] != nil else {
      stopUnknownPartner(other, pointer: pointer)
      return nil
    }
    guard
      let agreement = ruleBook.intercompany.delivery(
        biller: document.entity, deliverer: other, on: postingDate)
    else {
      stopWithoutAgreement(
        with: other, what: "\(other) delivers what \(document.entity) bills",
        list: "deliveries: biller \(document.entity), deliverer \(other)", pointer: pointer)
      return nil
    }
    var tax: TaxCode?
    if let code = agreement.taxCode {
      tax = ruleBook.taxCodes[code]
      if tax == nil {
        stop(
          .unknownTaxCode, pointer: pointer,
          detail: "The agreement of \(document.entity) and \(other) names the tax code \(code), "
            + "which the configuration does not have",
          fix: "Add \(code) to taxes.yaml, or correct intercompany.yaml",
          cause: "\(document.entity) \(code)")
      }
    }
    return IntercompanySupply(agreement, tax: tax)
  }

  mutating func stopUnknownPartner(_ other: LegalEntityID, pointer: String) {
    stop(
      .unknownEntity, pointer: pointer,
      detail: "\(document.title) names the legal entity \(other), which the configuration does "
        + "not have", fix: "Add entities/\(other).yaml, or correct the document",
      cause: other.code)
  }

  mutating func stopWithoutAgreement(
    with other: LegalEntityID, what: String, list: String, pointer: String
  ) {
    stop(
      .noAgreement, pointer: pointer,
      detail: "\(document.title) needs an agreement between \(document.entity) and \(other): "
        + "\(what), and intercompany.yaml has no such pair on \(postingDate)",
      fix: "Add it to intercompany.yaml (\(list)), or correct the document",
      cause: "\(document.entity) \(other)")
  }

  /// One further entry for each entity that the biller buys from as the principal.
  ///
  /// - Parameter sign: -1 on an invoice, 1 on a credit memo.
  mutating func buyFromPartners(sign: Int64) {
    let billed = billed?.content
    for supply in supplies where supply.agreement.treatment == .principal {
      let partner = supply.agreement.deliverer
      let description = describe("Delivery by \(partner) for")
      facts.partner = partner
      for part in supply.parts {
        enter(part)
        if let content = billed, !policies.deferral.isOff,
          addDeferred(
            content, part.line, -sign * part.price, as: .intercompanyCost, on: .deferredCost,
            tax: nil, description: description)
        {
          continue
        }
        add(
          .intercompanyCost, -sign * part.price, absorbs: true, description: description,
          pointer: "/lines/\(part.line)")
      }
      leaveParts()
      addSupplyTax(supply, sign: sign, isBuyer: true, description: description)
      add(.dueTo, sign * supply.due, description: description, pointer: "/lines")
      finishEntry(.intercompany, description: description)
      openSchedules()
    }
    facts.partner = nil
  }

  /// The deliverer's side: what it gets from the biller, and its revenue.
  mutating func convert(_ supply: IntercompanySupply) {
    guard let (content, sign) = billed else { return }
    let isPrincipal = supply.agreement.treatment == .principal
    let description = describe("Delivery for \(document.entity) on")
    facts.documentLines = content.lines
    facts.partner = document.entity
    add(.dueFrom, -sign * supply.due, description: description, pointer: "/lines")
    for part in supply.parts {
      enter(part)
      let line = content.lines[part.line]
      let role: AccountRole =
        isPrincipal ? .intercompanyRevenue : line.kind == .discount ? .discount : .revenue
      let tax =
        part.tax == 0 || supply.isSelfAssessed
        ? supply.detail(base: money(-sign * part.price)) : nil
      let text = line.description ?? line.product
      if !policies.deferral.isOff,
        addDeferred(content, part.line, sign * part.price, as: role, tax: tax, description: text)
      {
        continue
      }
      add(
        role, sign * part.price, absorbs: role != .discount, tax: tax, description: text,
        pointer: "/lines/\(part.line)")
    }
    leaveParts()
    addSupplyTax(supply, sign: sign, isBuyer: false, description: description)
    finishEntry(.intercompany, description: description)
    openSchedules()
  }

  /// The tax of the supply: charged by the deliverer and recovered by the biller, or assessed by
  /// the biller on both sides of its own return.
  private mutating func addSupplyTax(
    _ supply: IntercompanySupply, sign: Int64, isBuyer: Bool, description: String
  ) {
    guard let tax = supply.tax, supply.taxAmount != 0 else { return }
    let detail = JournalLine.Tax(
      code: tax.code, category: tax.category, rate: tax.rate, base: money(-sign * supply.price))
    facts.taxCode = tax.code
    facts.taxCategory = tax.category
    facts.taxRate = tax.rate
    if isBuyer {
      add(
        .taxRecoverable, -sign * supply.taxAmount, tax: detail, description: description,
        pointer: "/lines")
    }
    if isBuyer == supply.isSelfAssessed {
      add(
        .taxPayable, sign * supply.taxAmount, tax: detail, description: description,
        pointer: "/lines")
    }
    facts.leaveTax()
  }

  private mutating func enter(_ part: IntercompanySupply.Part) {
    facts.lineIndex = part.line
    facts.dimensions = facts.documentLines[part.line].dimensions.filled(from: document.dimensions)
  }

  private mutating func leaveParts() {
    facts.leaveLine()
    facts.dimensions = document.dimensions
  }

  /// What an invoice or credit memo bills, and the sign that its amounts have in the books.
  private var billed: (content: BilledContent, sign: Int64)? {
    switch document.body {
    case .invoice(let invoice): (invoice.content, -1)
    case .creditMemo(let memo): (memo.content, 1)
    default: nil
    }
  }
}

extension IntercompanySupply {
  /// What the deliverer reports for a part without tax of its own; nil where there is no tax code.
  fileprivate func detail(base: Money) -> JournalLine.Tax? {
    tax.map { JournalLine.Tax(code: $0.code, category: $0.category, rate: $0.rate, base: base) }
  }
}
