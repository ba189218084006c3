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
    policies.deferral = DeferralReader(findings: findings).read(&table)
    policies.creditReshaping = table.choice("creditReshaping") ?? policies.creditReshaping
    policies.contractChange = table.choice("contractChange") ?? policies.contractChange
    policies.recognition = table.choice("recognition") ?? policies.recognition
    policies.usageAccrual = table.choice("usageAccrual") ?? policies.usageAccrual
    policies.closedPeriod = table.choice("closedPeriod") ?? policies.closedPeriod
    policies.posting = table.choice("posting") ?? policies.posting
    policies.summaries = table.choice("summaries") ?? policies.summaries
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
    policies.largerChargeback = table.choice("largerChargeback") ?? policies.largerChargeback
    policies.correctionRate = table.choice("correctionRate") ?? policies.correctionRate
    policies.writeOff = table.choice("writeOff") ?? policies.writeOff
    if let tolerances = table.value("paymentTolerance") {
      policies.paymentTolerance = read(tolerances: tolerances, in: &table)
    }
    policies.revisions = table.choice("revisions") ?? policies.revisions
    table.finish()
    return policies
  }

  /// By currency: `EUR: { absolute: 1.00, percent: 0.5 }`.
  private func read(
    tolerances value: YAMLValue, in table: inout TableReader
  ) -> [Currency: PaymentTolerance] {
    guard let fields = value.fields else {
      table.wrongType("paymentTolerance", value, expected: "a table of currencies")
      return [:]
    }
    var tolerances: [Currency: PaymentTolerance] = [:]
    for field in fields {
      guard let currency = Currency(field.key) else {
        findings.error(
          "unknown_currency", field.place, "'\(field.key)' is no currency of ISO 4217",
          fix: "Write three capital letters such as EUR")
        continue
      }
      guard var limits = TableReader(field.value, .paymentTolerance, findings) else { continue }
      for key in ["absolute", "percent"] where limits.value(key) == nil { limits.missing(key) }
      if let absolute = limits.decimal("absolute"), let percent = limits.decimal("percent") {
        if let money = try? Money(absolute, currency), !money.isNegative, !percent.isNegative {
          tolerances[currency] = PaymentTolerance(absolute: money, percent: percent)
        } else {
          findings.error(
            "wrong_type", field.place, "The limits for \(currency) are no amount or below zero",
            fix: "Write 'absolute' as an amount of \(currency) and 'percent' as zero or more")
        }
      }
      limits.finish()
    }
    return tolerances
  }
}
