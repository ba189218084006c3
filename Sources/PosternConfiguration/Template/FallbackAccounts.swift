import Ledger
import PostingRules

/// The accounts that the first configuration gives to each role, from the chart that comes with it.
struct FallbackAccounts {
  struct Row {
    /// The conditions, as the file writes them: `kind: usage`; nil for the row that always holds.
    let when: String?
    let account: String
  }

  /// An account that no chart has, so that it is seen and never booked by mistake.
  static func unmapped(_ role: AccountRole) -> String { "UNMAPPED-\(role.rawValue.uppercased())" }

  /// nil: the chart that comes with the template.
  private let chart: ChartOfAccounts?

  init(chart: ChartOfAccounts?) { self.chart = chart }

  func rows(of role: AccountRole) -> [Row] {
    guard let chart else {
      return Self.special(role) + [Row(when: nil, account: Self.account(of: role))]
    }
    return [Row(when: nil, account: Self.match(role, in: chart) ?? Self.unmapped(role))]
  }

  /// The account whose type is the role's name. Only one that is alone is taken: a mapping is never
  /// guessed.
  private static func match(_ role: AccountRole, in chart: ChartOfAccounts) -> String? {
    let matches = chart.accounts.filter { $0.type?.lowercased() == role.rawValue.lowercased() }
    return matches.count == 1 ? matches.first?.number.code : nil
  }

  /// Rows before the one that always holds.
  private static func special(_ role: AccountRole) -> [Row] {
    switch role {
    case .revenue:
      [("usage", "4100"), ("fee", "4200")].map { Row(when: "kind: \($0.0)", account: $0.1) }
        + [
          (TaxCategory.zeroRated, "4010"), (.exempt, "4020"), (.reverseCharge, "4030"),
          (.intraCommunity, "4040"), (.export, "4050"), (.outOfScope, "4060"),
        ].map {
          Row(when: "kind: charge, taxCategory: \($0.0.rawValue)", account: $0.1)
        }
    case .taxPayable: [Row(when: "taxCategory: [L, M]", account: "2210")]
    default: []
    }
  }

  private static func account(of role: AccountRole) -> String {
    switch role {
    case .receivable: "1100"
    case .revenue: "4000"
    case .discount: "4300"
    case .deferredRevenue: "2100"
    case .unbilledRevenue: "1150"
    case .taxPayable: "2200"
    case .taxRecoverable: "1200"
    case .unappliedCash: "2050"
    case .customerCredit: "2060"
    case .customerAdvance: "2070"
    case .bank: "1000"
    case .processorClearing: "1050"
    case .paymentFee: "6000"
    case .disputeFee: "6010"
    case .bankCharge: "6020"
    case .disputeReceivable: "1120"
    case .chargebackLoss: "6100"
    case .badDebt: "6110"
    case .allowance: "1130"
    case .badDebtRecovered: "4420"
    case .realisedFXGain: "4600"
    case .realisedFXLoss: "6200"
    case .unrealisedFXGain: "4610"
    case .unrealisedFXLoss: "6210"
    case .receivableRevaluation: "1110"
    case .fxClearing: "1390"
    case .taxFXDifference: "6220"
    case .dueFrom: "1300"
    case .dueTo: "2300"
    case .intercompanyRevenue: "4500"
    case .intercompanyCost: "5100"
    case .deferredCost: "1400"
    case .rounding: "6300"
    case .withholdingTaxReceivable: "1210"
    case .earlyPaymentDiscount: "4310"
    case .paymentDifference: "6310"
    case .otherIncome: "4400"
    case .platformFeeIncome: "4410"
    case .platformFeeExpense: "6030"
    case .incomeTaxCreditable: "1220"
    case .taxExpense: "6400"
    case .payable: "2000"
    case .expense: "5000"
    }
  }
}
