package import Ledger

/// What the companies of a group have agreed on: who may render services that another one bills,
/// and who may collect money for another.
package struct IntercompanyAgreements: Hashable, Sendable {
  package var deliveries: [DeliveryAgreement]
  package var collections: [CollectionAgreement]

  package init(
    deliveries: [DeliveryAgreement] = [], collections: [CollectionAgreement] = []
  ) {
    self.deliveries = deliveries
    self.collections = collections
  }

  /// The agreement in force on a day; nil when there is none.
  package func delivery(
    biller: LegalEntityID, deliverer: LegalEntityID, on day: CalendarDate
  ) -> DeliveryAgreement? {
    deliveries.first {
      $0.biller == biller && $0.deliverer == deliverer && $0.isInForce(on: day)
    }
  }

  package func collects(_ collector: LegalEntityID, for owner: LegalEntityID) -> Bool {
    collections.contains { $0.owner == owner && $0.collector == collector }
  }
}

/// One entity bills the customer, another renders the service.
package struct DeliveryAgreement: Hashable, Sendable {
  /// Who of the two sells to the customer (IFRS 15.B34–B38).
  package enum Treatment: String, Hashable, Sendable, CaseIterable {
    /// The deliverer: the biller passes the revenue through.
    case passThrough
    /// The biller, who buys from the deliverer.
    case principal
  }

  package var biller: LegalEntityID
  package var deliverer: LegalEntityID
  package var treatment: Treatment
  /// Per cent that the deliverer's price to the biller is above the net amount to the customer;
  /// below zero for a discount. Only for a principal.
  package var markUp: ExactDecimal
  /// The tax code of the supply between the two; nil where it bears none. Only for a principal.
  package var taxCode: String?
  /// The first posting date on which it holds; nil means from the beginning.
  package var from: CalendarDate?
  /// The last posting date on which it holds; nil means for good.
  package var through: CalendarDate?

  package init(
    biller: LegalEntityID, deliverer: LegalEntityID, treatment: Treatment,
    markUp: ExactDecimal = .zero, taxCode: String? = nil, from: CalendarDate? = nil,
    through: CalendarDate? = nil
  ) {
    self.biller = biller
    self.deliverer = deliverer
    self.treatment = treatment
    self.markUp = markUp
    self.taxCode = taxCode
    self.from = from
    self.through = through
  }

  package func isInForce(on day: CalendarDate) -> Bool {
    if let from, day < from { return false }
    if let through, day > through { return false }
    return true
  }
}

/// One entity's customers may pay into another's account.
package struct CollectionAgreement: Hashable, Sendable {
  /// Whose money it is.
  package var owner: LegalEntityID
  package var collector: LegalEntityID

  package init(owner: LegalEntityID, collector: LegalEntityID) {
    self.owner = owner
    self.collector = collector
  }
}

extension Document {
  /// The other entities that it gives entries in, each once, in its order.
  package var partners: [LegalEntityID] {
    var found: [LegalEntityID] = []
    func add(_ other: LegalEntityID?) {
      guard let other, other != entity, !found.contains(other) else { return }
      found.append(other)
    }
    switch body {
    case .invoice(let invoice) where !invoice.isPrepayment:
      for index in invoice.content.lines.indices { add(invoice.content.lines[index].deliveredBy) }
    case .creditMemo(let memo):
      for index in memo.content.lines.indices { add(memo.content.lines[index].deliveredBy) }
    case .payment(let payment): add(payment.collectedFor)
    case .netting(let netting): add(netting.partner)
    default: break
    }
    return found
  }

  /// The entity in whose books the document's open items stand.
  package var itemEntity: LegalEntityID {
    if case .payment(let payment) = body { payment.collectedFor ?? entity } else { entity }
  }

  /// The other entities that it gives entries in, by what it names and by what that concerns: whose
  /// money goes back, and who renders what its contract is about.
  func partners(among references: References) -> [LegalEntityID] {
    switch body {
    case .refund, .chargeback:
      let owner = moneyGivenBack.flatMap { references.document($0)?.itemEntity }
      return [owner].compactMap { $0 }.filter { $0 != entity }
    case .milestone(let milestone): return renderers(of: milestone.contract, references)
    case .contractChange(let change): return renderers(of: change.contract, references)
    default: return partners
    }
  }

  package var givesMoneyBack: Bool { moneyGivenBack != nil }

  /// The payment or credit memo whose money goes back to the customer; nil for other documents.
  var moneyGivenBack: DocumentIdentity? {
    switch body {
    case .refund(let refund): refund.of
    case .chargeback(let chargeback): chargeback.payment
    default: nil
    }
  }

  private func renderers(of contract: String, _ references: References) -> [LegalEntityID] {
    Set(references.schedules(ofContract: contract).map(\.terms.entity)).subtracting([entity])
      .sorted()
  }
}

extension AccountRole {
  var isDue: Bool { self == .dueFrom || self == .dueTo }

  /// The part of an open item that its lines change; nil for other roles.
  var duePart: OpenItem.Part? {
    switch self {
    case .dueFrom: .dueFrom
    case .dueTo: .dueTo
    default: nil
    }
  }

  /// Whether its lines name the other entity.
  var isIntercompany: Bool {
    switch self {
    case .dueFrom, .dueTo, .intercompanyRevenue, .intercompanyCost, .deferredCost: true
    default: false
    }
  }
}
