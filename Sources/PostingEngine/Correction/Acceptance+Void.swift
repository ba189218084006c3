internal import Ledger
internal import PostingRules

// A void takes back everything that another document gave. What was never sent is cancelled; what
// was never converted is given up.

/// What a void takes back.
struct VoidedDocument: Sendable {
  var revisions: [StoredDocument]
  /// Empty where no entry of the document stands.
  var steps: [Compensation.Step]
  /// On which it is taken back where no entry says so.
  var day: CalendarDate

  var summary: String {
    steps.isEmpty
      ? "Nothing of the document stood"
      : steps.count == 1 ? "1 entry is reversed" : "\(steps.count) entries are reversed"
  }
}

extension Acceptance {
  /// - Parameter earlier: earlier revisions of the void itself.
  func voidPlan(
    _ document: Document, of target: DocumentIdentity, inPlaceOf earlier: [StoredDocument],
    in queries: any PostingQueries
  ) throws -> ConversionPlan {
    func plan(_ conversion: Conversion) -> ConversionPlan {
      ConversionPlan(conversion, records: [], for: document, self)
    }
    if let stop = try stop(for: document, of: target, inPlaceOf: earlier, in: queries) {
      return plan(.stopped([stop]))
    }
    let revisions = try queries.revisions(of: target)
    guard !revisions.isEmpty else { return plan(.waiting(.reference([target]))) }
    let hindrances = try compensation.hindrances(revisions, in: queries)
    let standing = try compensation.standing(revisions, in: queries)
    let isFelt = try compensation.isFelt(revisions, in: queries)
    guard hindrances.isEmpty || (standing.isEmpty && !isFelt) else {
      let problem = Problem.settledSince(target, hindrances)
      return plan(
        .stopped([
          Stop(
            .settledSince, pointer: "/of", detail: problem.detail, fix: problem.fix,
            cause: "\(document.entity) \(target)",
            amount: revisions.last?.receivable ?? .zero(document.currency))
        ]))
    }
    switch voidDay(document, standing.map(\.record.entry.head)) {
    case .on: break
    case .held(let period, let entity): return plan(.waiting(.period(period, of: entity)))
    case .refused(let period, let entity):
      return plan(.stopped([.periodClosed(period, of: entity, for: document)]))
    }
    var result = plan(.entries([], effects: Effects()))
    result.voided = VoidedDocument(
      revisions: revisions,
      steps: try compensation.steps(
        for: standing, notBefore: document.wantedPostingDate, unsent: .cancelled, in: queries),
      day: document.wantedPostingDate)
    // Nothing of it goes to an ERP.
    if result.voided?.steps.allSatisfy(\.isCancelled) ?? true { result.state = .posted }
    return result
  }

  private func voidDay(_ document: Document, _ heads: [EntryHead]) -> PostingDay {
    let books = heads.compactMap { head in
      ruleBook.entities[head.legalEntity]?.ledger(head.ledger)
        .map { PostingDay.Books(head.legalEntity, $0) }
    }
    let latest = heads.map(\.postingDate).max() ?? .first
    return PostingDay.choose(from: max(latest, document.wantedPostingDate), in: books)
  }

  private func stop(
    for document: Document, of target: DocumentIdentity, inPlaceOf earlier: [StoredDocument],
    in queries: any PostingQueries
  ) throws -> Stop? {
    func notVoidable(_ why: String, fix: String) -> Stop {
      Stop(
        .notVoidable, pointer: "/of", detail: "\(document.title) takes nothing back: \(why)",
        fix: fix, cause: "\(document.entity) \(target)", amount: .zero(document.currency))
    }
    if target.type == .void {
      return notVoidable(
        "\(target) is a void itself",
        fix: "Hand the voided document over again under a new id, or with a higher revision")
    }
    if let before = earlier.last, before.state != .discarded, before.state != .exception {
      return notVoidable(
        "revision \(before.revision) of it is carried out already",
        fix: "Discard it, and hand over a void with an id of its own")
    }
    guard let latest = try queries.document(target), latest.entity != document.entity else {
      return nil
    }
    return notVoidable(
      "\(target) is \(latest.entity)'s, and the void is for \(document.entity)",
      fix: "Correct the entity of the void")
  }

  func carryOut(
    _ voided: VoidedDocument, by number: DocumentNumber, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    var sent = try compensation.carryOut(
      voided.steps, ownedBy: number,
      after: try compensation.pendingReversals(concerning: voided.revisions, in: transaction),
      at: now, by: "intake", in: transaction)
    let isFelt = try compensation.isFelt(voided.revisions, in: transaction)
    if !voided.steps.isEmpty || isFelt {
      try compensation.giveBack(voided.revisions, with: voided.steps, in: transaction)
      sent += try compensation.takeBackMovements(
        of: voided.revisions, with: voided.steps, by: number, otherwiseOn: voided.day, at: now,
        in: transaction)
    }
    for revision in voided.revisions
    where revision.state != .discarded && revision.state != .reversed {
      try transaction.append(
        AuditRecord(
          at: now, actor: "intake", action: "document.voided", document: revision.number,
          detail: voided.summary))
      if try transaction.entries(of: revision.number).isEmpty {
        try giveUp(revision.number, at: now, in: transaction)
      } else if sent.isEmpty {
        try transaction.setState(.reversed, of: revision.number)
      }
    }
  }

  /// What a document that was not converted means for those that wait for it: a void takes it back
  /// all the same.
  func convertFollowers(
    of identity: DocumentIdentity, _ plan: ConversionPlan, at now: Moment,
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws {
    if case .entries = plan.conversion {
      return try convertWaiting(
        for: identity, at: now, actor: "intake", using: &converter, in: transaction)
    }
    guard try transaction.anyDocumentWaits() else { return }
    for number in try transaction.documentsWaiting(for: identity) {
      guard try transaction.document(number)?.identity.type == .void else { continue }
      _ = try reconvert(number, at: now, actor: "intake", using: &converter, in: transaction)
    }
  }
}
