internal import AdapterKit
internal import PostingRules

/// Every class of exceptions: the closed list that runbooks and configuration refer to.
package enum ExceptionClasses {
  /// The ERP's answer is lost, it never decided, or two documents claim one identity.
  private static let ofDelivery = ["identity_conflict", "no_acknowledgement", "unknown_outcome"]

  /// In alphabetical order.
  package static var all: [String] {
    let ofRules = Stop.ExceptionClass.allCases.map(\.rawValue)
    let ofERPs = Rejection.Class.allCases.map(\.exceptionClass)
    return (ofDelivery + ofRules + ofERPs).sorted()
  }
}
