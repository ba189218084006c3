import AdapterKit
import Ledger

extension PostingOutcome {
  /// What a fixture says about an outcome.
  var fixtureText: String {
    switch self {
    case .posted(let receipt): "posted\n\(receipt.text)"
    case .alreadyPosted(let receipt): "alreadyPosted\n\(receipt.text)"
    case .submitted(let ticket): "submitted\n\(ticket.text)\n"
    case .rejected(let rejection):
      "rejected \(rejection.rejectionClass.rawValue)\n"
        + "erp: \(rejection.erpCode ?? "-"): \(rejection.erpText ?? "-")\n"
        + rejection.problem.text
    case .retryLater(let postponement):
      "retryLater \(postponement.scope.rawValue) after \(postponement.after.map { "\($0)" } ?? "-")\n"
        + postponement.problem.text
    case .unknown(let problem): "unknown\n\(problem.text)"
    }
  }
}

extension Receipt {
  fileprivate var text: String { "\(number) (\(id)) at \(postedAt?.text ?? "-")\n" }
}

extension Problem {
  var text: String { "\(code) \(pointer)\n\(detail)\n\(fix)\n" }
}
