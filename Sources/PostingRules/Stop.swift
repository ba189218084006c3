package import Ledger

/// Why a document cannot be converted until a cause is fixed or a person decides.
package struct Stop: Hashable, Sendable {
  /// The closed set of causes, named as exceptions show them.
  package enum ExceptionClass: String, Hashable, Sendable, CaseIterable {
    case missingMapping = "missing_mapping"
    case unknownEntity = "unknown_entity"
    case unknownTaxCode = "unknown_tax_code"
    case unknownMoneyAccount = "unknown_money_account"
    case moneyAccountMismatch = "money_account_mismatch"
    case taxDifference = "tax_difference"
    case totalsMismatch = "totals_mismatch"
    case overSettled = "over_settled"
    case overApplied = "over_applied"
    case referenceMissing = "reference_missing"
    case periodClosed = "period_closed"
    case rateMissing = "rate_missing"
    case settlementCurrency = "settlement_currency"
    case customerMismatch = "customer_mismatch"
    case entityMismatch = "entity_mismatch"
    case chargebackBeyondPayment = "chargeback_beyond_payment"
    case revisionBelowSettled = "revision_below_settled"
    case amountTooLarge = "amount_too_large"
    case creditBeyondLine = "credit_beyond_line"
    case contractUnknown = "contract_unknown"
    case contractLineUnknown = "contract_line_unknown"
    case milestoneMismatch = "milestone_mismatch"
    case payoutMismatch = "payout_mismatch"
    case usageQuantityMissing = "usage_quantity_missing"
    case servicePeriodTooLong = "service_period_too_long"
    case settledSince = "settled_since"
    case notVoidable = "not_voidable"
    case noAgreement = "no_intercompany_agreement"
    case dimensionMissing = "dimension_missing"
    case unknownDimension = "unknown_dimension_value"
  }

  package var exceptionClass: ExceptionClass
  package var problem: Problem
  /// Two documents stopped for the same cause share it: `missing_mapping revenue ACME-DE
  /// product=API-CALLS`.
  package var cause: String
  /// What is at stake.
  package var amount: Money

  package init(
    _ exceptionClass: ExceptionClass, pointer: String = "", detail: String, fix: String,
    cause: String, amount: Money
  ) {
    self.exceptionClass = exceptionClass
    problem = Problem(code: exceptionClass.rawValue, pointer: pointer, detail: detail, fix: fix)
    self.cause = "\(exceptionClass.rawValue) \(cause)"
    self.amount = amount
  }
}
