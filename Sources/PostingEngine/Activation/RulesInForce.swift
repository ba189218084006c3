package import Ledger

/// Whether a version of the rules may be used, and who puts one in force.
package struct RulesInForce: Sendable {
  /// What a configuration demands before changed rules are used.
  package enum Demand: String, Hashable, Sendable, CaseIterable {
    /// Nothing: the folder as it is counts.
    case none
    case required
    /// One person proposes, another one puts it in force.
    case secondPerson
  }

  package enum Result: Hashable, Sendable { case activated, proposed, alreadyInForce }

  package let demand: Demand
  package let version: String
  /// The configuration's files with their SHA-256.
  package let files: [String: String]

  package init(_ demand: Demand, version: String, files: [String: String]) {
    self.demand = demand
    self.version = version
    self.files = files
  }

  /// - Throws: ``Problem`` `rules_not_activated` with what changed.
  package func check(in queries: any PostingQueries) throws {
    guard demand != .none else { return }
    let present = try queries.activationInForce()
    guard present?.version != version else { return }
    let change =
      present.map { "they changed since \($0.activatedAt?.text ?? "then"): " + changes(since: $0) }
      ?? "no version ever was"
    throw Problem(
      code: "rules_not_activated", pointer: version,
      detail: "The rules in the folder are not in force; \(change)",
      fix: "Look at 'postern rules diff', then run 'postern rules activate', or take the change "
        + "back")
  }

  /// Puts the version in force, or proposes it.
  ///
  /// - Throws: ``Problem`` `reason_missing`, or `second_person_needed` when who proposed it also
  ///   wants to agree.
  package func activate(
    by actor: String, reason: String, at now: Moment, in transaction: any PostingTransaction
  ) throws -> Result {
    if try transaction.activationInForce()?.version == version { return .alreadyInForce }
    guard demand == .secondPerson else {
      try requireReason(reason)
      try transaction.insert(
        RulesActivation(
          version: version, files: files, reason: reason, proposedAt: now, proposedBy: actor,
          activatedAt: now, activatedBy: actor))
      try record("rules.activated", by: actor, reason, at: now, in: transaction)
      return .activated
    }
    guard let proposed = try transaction.proposedActivation(), proposed.version == version else {
      try requireReason(reason)
      try transaction.insert(
        RulesActivation(
          version: version, files: files, reason: reason, proposedAt: now, proposedBy: actor))
      try record("rules.proposed", by: actor, reason, at: now, in: transaction)
      return .proposed
    }
    guard proposed.proposedBy != actor else {
      throw Problem(
        code: "second_person_needed", pointer: version,
        detail: "\(actor) proposed these rules at \(proposed.proposedAt); another person has to "
          + "put them in force",
        fix: "Have somebody else run 'postern rules activate'")
    }
    try transaction.activate(proposed.number, at: now, by: actor)
    try record(
      "rules.activated", by: actor, reason.isEmpty ? proposed.reason : reason, at: now,
      in: transaction)
    return .activated
  }

  private func requireReason(_ reason: String) throws(Problem) {
    guard reason.isEmpty else { return }
    throw Problem(
      code: "reason_missing", pointer: "--reason",
      detail: "Rules are put in force for a reason, which the audit log keeps",
      fix: "Say why with --reason")
  }

  private func record(
    _ action: String, by actor: String, _ reason: String, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    try transaction.append(
      AuditRecord(at: now, actor: actor, action: action, detail: "\(version): \(reason)"))
  }

  /// The files that differ, by name.
  private func changes(since activation: RulesActivation) -> String {
    let names = Set(files.keys).union(activation.files.keys).filter {
      files[$0] != activation.files[$0]
    }
    return names.isEmpty
      ? "a new version of Postern reads them otherwise"
      : names.sorted().joined(separator: ", ")
  }
}
