/// Why a line has its account: the table, its row and what made the row match.
///
/// One object for each row of the configuration, shared by every line the row decided.
public final class AccountReason: Sendable {
  /// The file of the table: `accounts/revenue.yaml`.
  public let table: String
  /// The row's number in the table, from 1; 0 where no table decided.
  public let row: Int
  /// The conditions that held: `entity = ACME-DE, product = API-CALLS`.
  public let because: String

  public init(table: String, row: Int, because: String) {
    self.table = table
    self.row = row
    self.because = because
  }
}

extension AccountReason: Hashable {
  public static func == (left: AccountReason, right: AccountReason) -> Bool {
    left === right
      || (left.table == right.table && left.row == right.row && left.because == right.because)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(table)
    hasher.combine(row)
    hasher.combine(because)
  }
}
