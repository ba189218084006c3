internal import AdapterKit
internal import Digest
internal import Ledger

extension Delivery {
  /// Stops a posting with an exception; one in doubt with all that is known of it.
  func raise(
    _ exceptionClass: String, _ problem: Problem, erpCode: String?, for posting: StoredPosting,
    _ record: EntryRecord, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    var problem = problem
    if exceptionClass == "unknown_outcome" {
      let evidence = try transaction.attempts(of: posting.number).suffix(Delivery.mostEvidence)
        .map(\.account).joined(separator: "; ")
      let total = record.entry.total.map { " of \($0)" } ?? ""
      problem = Problem(
        code: problem.code, pointer: problem.pointer,
        detail: "\(problem.detail). Entry \(record.key)\(total), \(record.entry.head.reference): "
          + evidence, fix: problem.fix)
    }
    try DocumentProgress.raise(
      exceptionClass, problem, erpCode: erpCode, for: posting, record, at: now, in: transaction)
  }

  private static let mostEvidence = 6

  /// An answer that comes when somebody else has claimed the posting or decided on it is dropped,
  /// unless it says that the entry is in the ERP: that is true whenever it is said.
  func takeLate(
    _ answer: Answer, of claimed: Claimed, _ current: StoredPosting, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard let receipt = answer.receipt else { return }
    switch current.state {
    // Nothing is under way: the entry is posted, whatever was going to happen to it.
    case .due, .waiting, .unknown, .rejected:
      guard current.leasedUntil == nil else { return }
      var posting = current
      posting.state = .posted
      posting.reason = nil
      posting.notBefore = nil
      posting.isDoubtful = false
      posting.receipt = receipt
      posting.fence += 1
      try transaction.update(posting)
      try DocumentProgress.posted(posting, claimed.record, receipt, at: now, in: transaction)
    case .posted, .reversed:
      guard let known = current.receipt, known.number != receipt.number else { return }
      let problem = Problem.lateSuccess(known.number, receipt.number)
      try raise(
        "late_success", problem, erpCode: nil, for: current, claimed.record, at: now,
        in: transaction)
    case .cancelled:
      try raise(
        "late_success",
        Problem(
          code: "late_success",
          detail: "It was given up here, and is in the ERP all the same, as \(receipt.number)",
          fix: "Reverse \(receipt.number) in the ERP, then retry the exception"), erpCode: nil,
        for: current, claimed.record, at: now, in: transaction)
    // The call that is under way, or the look-up after it, finds what this one did.
    case .sending, .submitted: break
    }
  }
}

extension Delivery.Answer {
  /// The ERP's proof, where it says that the entry is posted.
  fileprivate var receipt: Receipt? {
    switch self {
    case .submitted(.posted(let receipt)?), .submitted(.alreadyPosted(let receipt)?),
      .polled(.posted(let receipt)?), .polled(.alreadyPosted(let receipt)?),
      .found(.found(let receipt)):
      receipt
    default: nil
    }
  }
}

extension Attempt {
  /// What was done, when, and what came back.
  fileprivate var account: String {
    let what =
      switch purpose {
      case .submit: "sent"
      case .find: "looked up"
      case .poll: "asked for its verdict"
      }
    let back = [code, message].compactMap { $0 }.joined(separator: ": ")
    let kept = evidence.map { ", kept as sha256:\(Hex.encode($0))" } ?? ""
    return
      "\(what) at \(startedAt): \(outcome ?? "no answer")\(back.isEmpty ? "" : " (\(back))")\(kept)"
  }
}
