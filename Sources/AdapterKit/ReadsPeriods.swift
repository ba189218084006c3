public import Ledger

/// An adapter whose ERP can be asked which periods are open.
public protocol ReadsPeriods: ERPAdapter {
  /// The status of each period asked for; one that the ERP does not know is missing or `unknown`.
  ///
  /// - Throws: ``Problem`` when the ERP gives no answer.
  func periods(_ periods: [FiscalPeriod]) async throws(Problem) -> [FiscalPeriod: PeriodStatus]
}

/// Whether an ERP takes postings into a period.
public enum PeriodStatus: String, Hashable, Sendable, CaseIterable {
  case open, closed, unknown
}
