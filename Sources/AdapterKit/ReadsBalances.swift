public import Ledger

/// An adapter that reads the balances of the ERP's accounts.
public protocol ReadsBalances: ERPAdapter {
  /// The balance of every account at the end of a period, in functional currency; accounts that were
  /// never used may be missing.
  ///
  /// - Throws: ``Problem`` when the balances cannot be read to their end.
  func balances(atEndOf period: FiscalPeriod) async throws(Problem) -> [AccountBalance]
}

/// What an account comes to.
public struct AccountBalance: Hashable, Sendable {
  public let account: AccountCode
  /// nil for the account as a whole.
  public let party: String?
  /// Debits minus credits.
  public let balance: Money

  public init(account: AccountCode, party: String? = nil, balance: Money) {
    self.account = account
    self.party = party
    self.balance = balance
  }
}
