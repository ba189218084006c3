package import Ledger

/// Names of accounts that hledger and beancount both take: `Assets:DE01:1200`.
///
/// Beancount knows five roots, and parts of letters, digits and `-` that begin with a capital or a
/// digit. The part below the root is the entity, then the ledger where it is not the primary one,
/// then the account. No two accounts get one name.
package struct AccountPaths: Sendable {
  /// The five kinds of account.
  package enum Root: String, Hashable, Sendable, CaseIterable {
    case assets = "Assets"
    case liabilities = "Liabilities"
    case equity = "Equity"
    case income = "Income"
    case expenses = "Expenses"

    /// Reads a type of a chart of accounts: `asset`, `liability`, `equity`, `income`, `expense`.
    package init?(chartType: String) {
      switch chartType.lowercased() {
      case "asset", "assets": self = .assets
      case "liability", "liabilities": self = .liabilities
      case "equity": self = .equity
      case "income", "revenue": self = .income
      case "expense", "expenses": self = .expenses
      default: return nil
      }
    }
  }

  private struct Account: Hashable {
    let entity: LegalEntityID
    let code: AccountCode
  }

  private var roots: [Account: Root] = [:]

  /// An account that is not told of gets the kind that its role has by nature.
  package init() {}

  package mutating func tell(_ root: Root, of account: AccountCode, in entity: LegalEntityID) {
    roots[Account(entity: entity, code: account)] = root
  }

  package func path(of line: JournalLine, in head: EntryHead) -> String {
    let account = Account(entity: head.legalEntity, code: line.account)
    let root = roots[account] ?? line.role.root
    var path = root.rawValue + ":" + Self.part(head.legalEntity.code)
    if head.ledger != EntryHead.primaryLedger { path += ":" + Self.part(head.ledger) }
    return path + ":" + Self.part(line.account.code)
  }

  /// One part of a name. What beancount does not take is written `-x` and its number, `-`; a small
  /// first letter becomes a capital, and `-x` at the end says so.
  static func part(_ text: String) -> String {
    var result = ""
    let scalars = Array(text.unicodeScalars)
    var wasSmall = false
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "a"..."z" where index == 0:
        wasSmall = true
        result += String(scalar).uppercased()
      case "a"..."z", "A"..."Z", "0"..."9": result.unicodeScalars.append(scalar)
      case "-" where index > 0 && !(index + 1 < scalars.count && scalars[index + 1] == "x"):
        result.append("-")
      default:
        // Nothing but a capital or a digit may be first; no other text begins like this.
        if index == 0 { result += "0-x-" }
        result += "-x" + String(scalar.value, radix: 16, uppercase: true) + "-"
      }
    }
    return wasSmall ? result + "-x" : result
  }
}

extension AccountRole {
  /// The kind of account that its lines belong to by nature.
  var root: AccountPaths.Root {
    switch self {
    case .receivable, .unbilledRevenue, .taxRecoverable, .bank, .processorClearing,
      .disputeReceivable, .allowance, .receivableRevaluation, .fxClearing, .dueFrom,
      .withholdingTaxReceivable, .incomeTaxCreditable, .deferredCost:
      .assets
    case .deferredRevenue, .taxPayable, .unappliedCash, .customerCredit, .customerAdvance, .dueTo,
      .payable:
      .liabilities
    case .revenue, .discount, .badDebtRecovered, .realisedFXGain, .unrealisedFXGain,
      .intercompanyRevenue, .earlyPaymentDiscount, .otherIncome, .platformFeeIncome:
      .income
    case .paymentFee, .disputeFee, .bankCharge, .chargebackLoss, .badDebt, .realisedFXLoss,
      .unrealisedFXLoss, .taxFXDifference, .intercompanyCost, .rounding, .paymentDifference,
      .platformFeeExpense, .taxExpense, .expense:
      .expenses
    }
  }
}
