/// What a line is for; account determination turns it into an account.
///
/// A closed list that grows only with a treatment.
public enum AccountRole: String, Hashable, Sendable, CaseIterable {
  case receivable, revenue, discount, deferredRevenue, unbilledRevenue, taxPayable, taxRecoverable
  case unappliedCash, customerCredit, customerAdvance, bank, processorClearing, paymentFee
  case disputeFee, bankCharge, disputeReceivable, chargebackLoss, badDebt, allowance
  case badDebtRecovered, realisedFXGain, realisedFXLoss, unrealisedFXGain, unrealisedFXLoss
  case receivableRevaluation, fxClearing, taxFXDifference, dueFrom, dueTo, intercompanyRevenue
  case intercompanyCost, rounding, withholdingTaxReceivable, earlyPaymentDiscount
  case paymentDifference, otherIncome, platformFeeIncome, platformFeeExpense, incomeTaxCreditable
  case taxExpense, payable, expense, deferredCost
}
