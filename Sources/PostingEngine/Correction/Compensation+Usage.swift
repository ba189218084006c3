internal import AdapterKit
internal import Ledger
internal import PostingRules

extension Compensation {
  /// What documents billed is unbilled again, and accruals are what they were before the entries
  /// that `steps` reverse.
  func takeBackUsage(
    of revisions: [StoredDocument], with steps: [Step], by number: DocumentNumber,
    otherwiseOn day: CalendarDate, in transaction: any PostingTransaction
  ) throws {
    for step in steps {
      let kind = step.original.entry.head.kind
      guard kind == .accrual || kind == .accrualReversal else { continue }
      for (origin, accrual) in try transaction.accruals(in: step.original.key) {
        var opposite = accrual
        opposite.amount = -accrual.amount
        opposite.by = number
        opposite.postingDate = step.reversal.entry.head.postingDate
        opposite.entry = step.reversal.key
        opposite.basis = accrual.basis ?? origin
        _ = try transaction.insert(opposite)
      }
    }
    for revision in revisions {
      let first = steps.first { $0.posting.document == revision.number }
      try transaction.takeBackUsage(
        of: revision.number, by: number,
        postingDate: first?.reversal.entry.head.postingDate ?? day)
    }
  }
}
