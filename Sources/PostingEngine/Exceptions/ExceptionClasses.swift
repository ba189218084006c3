internal import AdapterKit
internal import PostingRules

/// Every class of exceptions: the closed list that runbooks and configuration refer to.
package enum ExceptionClasses {
  /// Neither of a rule nor of an ERP's refusal.
  private static let ofDelivery = [
    "half_posted", "identity_conflict", "late_success", "no_acknowledgement", "set_compensated",
    "unacknowledged", "unknown_outcome",
  ]

  /// In alphabetical order.
  package static var all: [String] {
    let ofRules = Stop.ExceptionClass.allCases.map(\.rawValue)
    let ofERPs = Rejection.Class.allCases.map(\.exceptionClass)
    return (ofDelivery + ofRules + ofERPs).sorted()
  }
}
