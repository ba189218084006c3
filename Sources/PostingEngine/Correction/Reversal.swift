package import Ledger

/// Compensates a posted document because somebody asks for it.
///
/// The reversals belong to the document itself; it is `reversed` when the last of them is in its
/// ERP. Asked again, it does nothing more and says what there is.
package struct Reversal: Sendable {
  private let compensation: Compensation
  private let actor: String

  package init(_ compensation: Compensation, actor: String) {
    self.compensation = compensation
    self.actor = actor
  }

  /// Codes of problems that say that it cannot be reversed; nothing was written before them.
  static let refusals: Set<String> = ["not_found", "not_reversible", "settled_since"]

  /// What a reversal comes to.
  package struct Result: Hashable, Sendable {
    package var document: StoredDocument
    /// The reversals, whether made now or earlier, with what each reverses.
    package var reversals: [EntryRecord]
    /// Keys of those that never go to an ERP: what they reverse was never sent.
    package var cancelled: Set<PostingKey>
    /// Whether all was there already.
    package var isRepeat: Bool
  }

  /// What ``reverse(_:on:reason:at:in:)`` would do.
  ///
  /// - Throws: ``Problem`` `not_found`, `not_reversible` or `settled_since`.
  package func preview(
    _ identity: DocumentIdentity, on day: CalendarDate?, in queries: any PostingQueries
  ) throws -> Result {
    try plan(identity, on: day, in: queries).result
  }

  /// Reverses everything that the document gave and gives its open items back.
  ///
  /// - Parameters:
  ///   - day: the earliest posting date; nil means each original's own. A closed period moves it
  ///     to the next open one.
  ///   - reason: kept in the audit trail.
  /// - Throws: as ``preview(_:on:in:)``.
  package func reverse(
    _ identity: DocumentIdentity, on day: CalendarDate? = nil, reason: String, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Result {
    var plan = try plan(identity, on: day, in: transaction)
    guard !plan.result.isRepeat else { return plan.result }
    let revisions = plan.revisions
    let number = plan.result.document.number
    var sent = try compensation.carryOut(
      plan.steps, ownedBy: number,
      after: try compensation.pendingReversals(concerning: revisions, in: transaction), at: now,
      by: actor, in: transaction)
    try compensation.giveBack(revisions, with: plan.steps, in: transaction)
    sent += try compensation.takeBackMovements(
      of: revisions, with: plan.steps, by: number,
      otherwiseOn: day ?? plan.result.document.documentDate, at: now, in: transaction)
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "document.reversing", document: number,
        detail: plan.steps.count == 1
          ? "1 entry is reversed: \(reason)"
          : "\(plan.steps.count) entries are reversed: \(reason)"))
    if sent.isEmpty {
      for revision in revisions where revision.state != .discarded {
        try transaction.setState(.reversed, of: revision.number)
      }
    } else {
      try DocumentProgress.refresh(number, in: transaction)
    }
    plan.result.document = try transaction.document(number) ?? plan.result.document
    return plan.result
  }

  private struct Plan {
    var revisions: [StoredDocument]
    var steps: [Compensation.Step]
    var result: Result
  }

  private func plan(
    _ identity: DocumentIdentity, on day: CalendarDate?, in queries: any PostingQueries
  ) throws -> Plan {
    let revisions = try queries.revisions(of: identity)
    guard let document = revisions.last else {
      throw Problem(
        code: "not_found", pointer: identity.description, detail: "No such document is here",
        fix: "See 'postern list documents'")
    }
    guard identity.type != .void else {
      throw Problem.notReversible(
        identity, "a void takes another document back, and cannot be taken back itself",
        fix: "Hand the document over again under a new id, or with a higher revision")
    }
    guard !identity.isSummary else {
      throw Problem.notReversible(
        identity, "a summary only carries entries of documents to the ERP",
        fix: "Reverse the documents that it carries: 'postern show \(identity)' lists them")
    }
    let isFelt = try compensation.isFelt([document], in: queries)
    if document.state == .accepted || document.state == .exception,
      try queries.entries(of: document.number).isEmpty, !isFelt
    {
      throw Problem.notReversible(
        identity, "its revision \(document.revision) has no entries yet",
        fix: "Wait until it has, or discard it")
    }
    let standing = try compensation.standing(revisions, in: queries)
    guard !standing.isEmpty || isFelt else {
      return try planOfReversed(document, revisions, in: queries)
    }
    let hindrances = try compensation.hindrances(revisions, in: queries)
    guard hindrances.isEmpty else { throw Problem.settledSince(identity, hindrances) }
    let steps = try compensation.steps(
      for: standing, notBefore: day, unsent: .cancelled, in: queries)
    return Plan(
      revisions: revisions, steps: steps,
      result: Result(
        document: document, reversals: steps.map(\.reversal),
        cancelled: Set(steps.filter(\.isCancelled).map(\.reversal.key)), isRepeat: false))
  }

  /// Nothing stands: it is reversed already, or there is nothing to reverse.
  private func planOfReversed(
    _ document: StoredDocument, _ revisions: [StoredDocument], in queries: any PostingQueries
  ) throws -> Plan {
    let reversals = try queries.entries(from: document.identity)
      .filter { $0.entry.head.kind == .reversal }
    guard !reversals.isEmpty, document.state != .discarded else {
      throw Problem.notReversible(
        document.identity, "it is \(document.state.rawValue) and has no entries that stand",
        fix: "Nothing of it is in any ERP, and nothing has to be done")
    }
    let cancelled = try reversals.map(\.key).filter { key in
      try queries.posting(of: key)?.state == .cancelled
    }
    return Plan(
      revisions: revisions, steps: [],
      result: Result(
        document: document, reversals: reversals, cancelled: Set(cancelled), isRepeat: true))
  }
}

extension Problem {
  fileprivate static func notReversible(
    _ identity: DocumentIdentity, _ why: String, fix: String
  ) -> Problem {
    Problem(
      code: "not_reversible", pointer: identity.description,
      detail: "\(identity) is not reversed: \(why)", fix: fix)
  }

  /// What others did with a document has to be taken back first.
  static func settledSince(
    _ identity: DocumentIdentity, _ hindrances: [Compensation.Hindrance]
  ) -> Problem {
    let settled = hindrances.map { hindrance in
      hindrance.document.description + (hindrance.amount.map { " (\($0))" } ?? "")
    }.joined(separator: ", ")
    return Problem(
      code: "settled_since", pointer: identity.description,
      detail: "\(identity) cannot be taken back: later documents settle or use it: \(settled)",
      fix: "Reverse those first, then try again")
  }
}
