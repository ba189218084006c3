public import Ledger

/// An adapter that can tell which periods of the ERP's books take postings.
public protocol ReadsPeriods: ERPAdapter {
  /// The status of those of `periods` that the ERP tells; one that is missing is not known, and is
  /// posted into until the ERP refuses. Empty when the ERP cannot be asked just now.
  func periods(_ periods: Set<FiscalPeriod>) async -> [FiscalPeriod: PeriodStatus]
}

/// Whether a period of the ERP's books takes postings.
public enum PeriodStatus: String, Hashable, Sendable, CaseIterable {
  case open
  /// Closed or locked for us, for good or for now.
  case closed
}
