public import AdapterKit
public import HTTPTransport
import Ledger

extension HTTPFailure {
  /// The outcome of a request without an answer.
  public func outcome(about subject: String, _ redact: SecretRedaction) -> PostingOutcome {
    switch progress {
    case .nothingSent: .notSent(subject, because: redact(detail))
    case .outcomeUnknown: .answerLost(subject, because: redact(detail))
    }
  }
}
