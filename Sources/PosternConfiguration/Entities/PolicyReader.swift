import Ledger
import PostingRules

/// Reads the `policies` of an entity.
struct PolicyReader {
  let findings: FindingList

  private static let mostDays = 36_600

  /// - Parameter base: what holds where a policy is absent.
  func read(_ value: YAMLValue?, over base: EntityPolicies = EntityPolicies()) -> EntityPolicies {
    var policies = base
    guard let value, var table = TableReader(value, .policies, findings) else { return policies }
    policies.deferral = table.boolean("deferral", default: policies.deferral)
    policies.closedPeriod = table.choice("closedPeriod") ?? policies.closedPeriod
    policies.posting = table.choice("posting") ?? policies.posting
    policies.rounding = table.choice("rounding") ?? policies.rounding
    if let tolerance = table.decimal("taxTolerance") {
      if tolerance.isNegative {
        findings.error(
          "wrong_type", table.place(of: "taxTolerance"), "'taxTolerance' is negative",
          fix: "Write zero or more, in units of the document's currency")
      } else {
        policies.taxTolerance = tolerance
      }
    }
    policies.discounts = table.choice("discounts") ?? policies.discounts
    policies.taxAtOfficialRate = table.boolean(
      "taxAtOfficialRate", default: policies.taxAtOfficialRate)
    policies.rateMaximumAgeDays =
      table.integer("rateMaximumAgeDays", in: 0...Self.mostDays) ?? policies.rateMaximumAgeDays
    policies.rateType = table.text("rateType") ?? policies.rateType
    policies.rateSource = table.text("rateSource") ?? policies.rateSource
    policies.earlyPaymentDiscountTax =
      table.choice("earlyPaymentDiscountTax") ?? policies.earlyPaymentDiscountTax
    policies.lostChargeback = table.choice("lostChargeback") ?? policies.lostChargeback
    policies.badDebtTaxRelief = table.boolean(
      "badDebtTaxRelief", default: policies.badDebtTaxRelief)
    policies.revisions = table.choice("revisions") ?? policies.revisions
    table.finish()
    return policies
  }
}
