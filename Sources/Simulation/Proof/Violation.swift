/// A promise of the design that was broken.
package struct Violation: Error, Hashable, Sendable {
  /// The promises, named as in the design.
  package enum Promise: String, Hashable, Sendable, CaseIterable {
    case nothingLost, nothingTwice, balanced, sameResult, immutable, nothingSilent, inOrder
    case replayIsNoOp, auditChain, neverGuessed
    /// Everything comes to an end.
    case settles
    /// The engine or the store failed in a way that no fault explains.
    case noDefect
  }

  package let promise: Promise
  package let detail: String

  package init(_ promise: Promise, _ detail: String) {
    self.promise = promise
    self.detail = detail
  }
}
