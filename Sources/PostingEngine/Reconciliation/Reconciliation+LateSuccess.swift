internal import AdapterKit
package import Ledger

extension Reconciliation {
  /// Attempts that came through after all, which the books show and no answer ever said: what the ERP
  /// holds twice, or was given up here, becomes the exception `late_success`, once.
  ///
  /// - Returns: how many of the differences are such.
  @discardableResult
  package func raiseLateSuccesses(
    at now: Moment, in transaction: any PostingTransaction
  ) throws -> Int {
    var count = 0
    for difference in differences
    where difference.kind == .bookedTwice || difference.kind == .givenUp {
      guard let key = PostingKey(difference.key), let posting = try transaction.posting(of: key),
        let record = try transaction.entry(key)
      else { continue }
      let number = difference.erpNumber ?? "?"
      try DocumentProgress.raise(
        "late_success",
        Problem(
          code: "late_success", detail: "\(difference.detail): found by reconciling",
          fix: difference.kind == .givenUp
            ? "Reverse \(number) in the ERP, then retry the exception"
            : "Reverse one of the two in the ERP, then retry the exception"),
        erpCode: nil, for: posting, record, at: now, in: transaction)
      count += 1
    }
    return count
  }
}
