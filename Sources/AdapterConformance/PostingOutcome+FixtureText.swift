public import AdapterKit
public import Ledger

extension PostingOutcome {
  /// What a fixture says about an outcome.
  public var fixtureText: String {
    switch self {
    case .posted(let receipt): "posted\n\(receipt.text)"
    case .alreadyPosted(let receipt): "alreadyPosted\n\(receipt.text)"
    case .submitted(let ticket): "submitted\n\(ticket.text)\n"
    case .rejected(let rejection):
      "rejected \(rejection.rejectionClass.rawValue)\n"
        + "erp: \(rejection.erpCode ?? "-"): \(rejection.erpText ?? "-")\n"
        + rejection.problem.fixtureText
    case .retryLater(let postponement):
      "retryLater \(postponement.scope.rawValue) after \(postponement.after.map { "\($0)" } ?? "-")\n"
        + postponement.problem.fixtureText
    case .unknown(let problem): "unknown\n\(problem.fixtureText)"
    }
  }
}

extension Receipt {
  fileprivate var text: String { "\(number) (\(id)) at \(postedAt?.text ?? "-")\n" }
}

extension Problem {
  /// What a fixture says about a problem.
  public var fixtureText: String { "\(code) \(pointer)\n\(detail)\n\(fix)\n" }
}
