public import Ledger

extension PostingOutcome {
  /// What every entry of a batch comes to that was refused as a whole by an ERP that may have booked
  /// a part of it and would not notice a repeat: the engine looks each up, and sends what is absent
  /// in smaller batches.
  public static func inRefusedBatch(_ rejection: Rejection) -> PostingOutcome {
    .unknown(
      Problem(
        code: Problem.batchRefusedCode,
        detail: "\(rejection.problem.detail). A part of the batch may be booked",
        fix: "Nothing: each entry is looked up, and what is absent goes in smaller batches"))
  }
}

extension Problem {
  public static let batchRefusedCode = "batch_refused"
}
