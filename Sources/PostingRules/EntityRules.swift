package import Ledger

/// What the configuration says about one legal entity.
package struct EntityRules: Sendable {
  package var entity: LegalEntity
  /// The groups it belongs to, in the order of the configuration.
  package var groups: [String]
  /// Those of the leading ledger.
  package var policies: EntityPolicies
  /// Those of the leading ledger.
  package var closedPeriods: Set<FiscalPeriod>
  /// The ERP connection of each ledger, by ledger name.
  package var connections: [String: ConnectionID]
  /// Parallel accounting views besides the leading ledger, in the order of their names.
  package var parallelLedgers: [LedgerRules]

  package init(
    entity: LegalEntity, groups: [String] = [], policies: EntityPolicies = EntityPolicies(),
    closedPeriods: Set<FiscalPeriod> = [], connections: [String: ConnectionID] = [:],
    parallelLedgers: [LedgerRules] = []
  ) {
    self.entity = entity
    self.groups = groups
    self.policies = policies
    self.closedPeriods = closedPeriods
    self.connections = connections
    self.parallelLedgers = parallelLedgers
  }
}

/// One accounting view of an entity: local GAAP, IFRS and the like.
package struct LedgerRules: Hashable, Sendable {
  package var name: String
  package var policies: EntityPolicies
  package var closedPeriods: Set<FiscalPeriod>

  package init(name: String, policies: EntityPolicies, closedPeriods: Set<FiscalPeriod> = []) {
    self.name = name
    self.policies = policies
    self.closedPeriods = closedPeriods
  }
}

extension EntityRules {
  /// The ledger that open items belong to.
  package var leadingLedger: LedgerRules {
    LedgerRules(
      name: EntryHead.primaryLedger, policies: policies, closedPeriods: closedPeriods)
  }

  /// Every ledger, the leading one first.
  package var ledgers: [LedgerRules] { [leadingLedger] + parallelLedgers }

  /// nil when the entity keeps no such ledger.
  package func ledger(_ name: String) -> LedgerRules? {
    name == EntryHead.primaryLedger
      ? leadingLedger : parallelLedgers.first { $0.name == name }
  }
}

/// The choices an accountant signs off for one entity.
package struct EntityPolicies: Hashable, Sendable {
  /// What happens to a document whose period is closed.
  package enum ClosedPeriod: String, Hashable, Sendable, CaseIterable {
    /// It waits until the period is open.
    case hold
    /// It is posted on the first day of the next open period.
    case nextOpen
    /// It stops until a person decides.
    case ask
  }

  /// How much of a document reaches the ERP. Conversion always gives the detail; a summary is made
  /// of its entries.
  package enum PostingDetail: String, Hashable, Sendable, CaseIterable { case detail, summary }

  /// When the summaries of an entity that posts by summary are made.
  package enum Summaries: String, Hashable, Sendable, CaseIterable {
    /// One for each month, when it is over.
    case month
    /// One for each posting date, when it is over.
    case day
    /// When somebody asks for one.
    case byHand
  }

  /// Where discounts on an invoice go.
  package enum DiscountPresentation: String, Hashable, Sendable, CaseIterable {
    /// To the role `discount`.
    case gross
    /// Off the lines of the same tax category and rate, by largest remainder.
    case net
  }

  /// What an early-payment discount does to the tax.
  package enum DiscountTax: String, Hashable, Sendable, CaseIterable { case reduce, unchanged }

  /// Who bears a chargeback that is lost.
  package enum LostChargeback: String, Hashable, Sendable, CaseIterable {
    /// The entity: role `chargebackLoss`.
    case loss
    /// The customer, who owes again: role `receivable`.
    case claim
  }

  /// How a higher revision of a document that is posted reaches the books.
  package enum Revisions: String, Hashable, Sendable, CaseIterable {
    /// What is posted is reversed, and the revision posted in full.
    case whole
    /// One entry of kind `correction` with what differs, where customer, currency, rate and
    /// entities are the same.
    case difference
  }

  /// At which rate a credit memo or write-off takes an invoice in another currency back.
  package enum CorrectionRate: String, Hashable, Sendable, CaseIterable {
    /// The invoice's own: no exchange difference.
    case invoice
    /// That of its own day.
    case day
  }

  /// Whether rated usage that is not billed at the end of a month is accrued.
  package enum UsageAccrual: String, Hashable, Sendable, CaseIterable {
    case off
    /// Until the first day of the next month, in which what is still unbilled is accrued anew.
    case nextDay
    /// Until it is billed, in part as well.
    case whenBilled
  }

  /// Where a write-off goes.
  package enum WriteOffRole: String, Hashable, Sendable, CaseIterable {
    /// To the expense: roles `badDebt` and, for a recovery, `badDebtRecovered`.
    case direct
    /// Against what was provided for: role `allowance`.
    case allowance
  }

  /// What happens to a dispute of more than is left of its payment.
  package enum LargerChargeback: String, Hashable, Sendable, CaseIterable {
    /// It stops until a person decides.
    case ask
    /// It is posted as the money moved.
    case post
  }

  /// Whether and how lines with a service period are deferred.
  package var deferral = Deferral.off
  package var creditReshaping = CreditReshaping.byLine
  package var contractChange = ContractChangePolicy.prospective
  /// Whether the releases of a month are one entry or one for each document.
  package var recognition = PostingDetail.detail
  package var usageAccrual = UsageAccrual.off
  package var closedPeriod = ClosedPeriod.hold
  package var posting = PostingDetail.detail
  package var summaries = Summaries.month
  package var rounding = Rounding.halfAwayFromZero
  /// How far a tax amount may be from base times rate, in units of the document's currency; nil
  /// means one unit.
  package var taxTolerance: ExactDecimal?
  package var discounts = DiscountPresentation.gross
  /// Whether the tax that a document states in the functional currency is the functional tax.
  package var taxAtOfficialRate = false
  /// How old a rate of the table may be on the document date; nil means any age.
  package var rateMaximumAgeDays: Int?
  /// The type of rate taken from the table; nil means any.
  package var rateType: String?
  /// The source of rate taken from the table; nil means any.
  package var rateSource: String?
  package var earlyPaymentDiscountTax = DiscountTax.reduce
  package var lostChargeback = LostChargeback.loss
  package var largerChargeback = LargerChargeback.ask
  package var correctionRate = CorrectionRate.invoice
  package var writeOff = WriteOffRole.direct
  /// How short a payment may fall of what is open and still clear it, by currency.
  package var paymentTolerance: [Currency: PaymentTolerance] = [:]
  package var revisions = Revisions.whole
  /// Whether a write-off takes the tax back at once, and a recovery owes it again.
  package var badDebtTaxRelief = false

  package init() {}
}
