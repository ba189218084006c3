package import AdapterKit
package import Ledger

/// The journal's balances by account beside those of an ERP, at the end of a period.
///
/// An ERP holds postings that are none of ours, so a difference asks for a look and is no fault yet.
package struct BalanceComparison: Sendable {
  package struct Row: Hashable, Sendable {
    package let account: AccountCode
    /// Debits minus credits, in functional currency.
    package var journal: Money
    /// nil where the ERP says nothing of the account.
    package var erp: Money?

    package var difference: Money { (erp ?? .zero(journal.currency)) - journal }
  }

  private let period: FiscalPeriod
  private var journal: [AccountCode: Money] = [:]

  package init(atEndOf period: FiscalPeriod) { self.period = period }

  /// Takes in an entry that the ERP holds; later ones than the period do not count.
  package mutating func add(_ entry: JournalEntry) {
    guard entry.head.period <= period else { return }
    for line in entry.lines {
      let amount = line.side == .debit ? line.functionalAmount : -line.functionalAmount
      journal[line.account] = journal[line.account].map { $0 + amount } ?? amount
    }
  }

  /// A row for each account that the journal has posted to, by account.
  package func rows(besides balances: [AccountBalance]) -> [Row] {
    var whole: [AccountCode: Money] = [:]
    var parts: [AccountCode: Money] = [:]
    for balance in balances {
      if balance.party == nil {
        whole[balance.account] = balance.balance
      } else {
        parts[balance.account] =
          parts[balance.account].map { $0 + balance.balance }
          ?? balance.balance
      }
    }
    return journal.sorted { $0.key < $1.key }.map { account, amount in
      Row(account: account, journal: amount, erp: whole[account] ?? parts[account])
    }
  }
}
