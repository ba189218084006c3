/// What a journal entry is for.
public enum EntryKind: String, Hashable, Sendable, CaseIterable {
  case invoice, creditMemo, payment, application, fee, refund, chargeback, payout, writeOff
  case recovery, withholding, intercompany, deferralRelease, deferralCatchUp, accrual
  case accrualReversal, revaluation, revaluationReversal, reversal, correction, summary
}
