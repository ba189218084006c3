package import Ledger

/// A version of the rules that was put in force, or proposed for it.
package struct RulesActivation: Hashable, Sendable {
  package var number: Int64
  /// The content address of the rules: `sha256:…`.
  package var version: String
  /// The configuration's files with their SHA-256, to tell what changed since.
  package var files: [String: String]
  package var reason: String
  package var proposedAt: Moment
  package var proposedBy: String
  /// nil while a second person has to agree.
  package var activatedAt: Moment?
  package var activatedBy: String?

  package init(
    number: Int64 = 0, version: String, files: [String: String], reason: String,
    proposedAt: Moment, proposedBy: String, activatedAt: Moment? = nil,
    activatedBy: String? = nil
  ) {
    self.number = number
    self.version = version
    self.files = files
    self.reason = reason
    self.proposedAt = proposedAt
    self.proposedBy = proposedBy
    self.activatedAt = activatedAt
    self.activatedBy = activatedBy
  }
}

package protocol ActivationQueries {
  /// What was put in force last; nil when nothing was.
  func activationInForce() throws -> RulesActivation?
  /// What was proposed last and is not in force; nil when nothing is open.
  func proposedActivation() throws -> RulesActivation?
}

package protocol ActivationTransaction {
  func insert(_ activation: RulesActivation) throws
  /// Completes one that was proposed.
  func activate(_ number: Int64, at now: Moment, by actor: String) throws
}
