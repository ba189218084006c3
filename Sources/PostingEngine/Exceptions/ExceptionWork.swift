internal import Ledger
internal import PostingRules

/// Carries actions out on exceptions one by one, in one transaction.
struct ExceptionWork {
  private let acceptance: Acceptance
  private let actor: String
  private let now: Moment
  private let transaction: any PostingTransaction
  private var converter: Converter
  /// One document may have several exceptions; converting it once settles them all.
  private var converted: [DocumentNumber: ExceptionResult] = [:]

  /// Codes of problems that say that an action does not fit; nothing was written before them.
  private static let refusals: Set<String> = [
    "not_resolvable", "not_discardable", "not_movable", "not_reversible", "settled_since",
  ]

  init(
    acceptance: Acceptance, actor: String, at now: Moment, in transaction: any PostingTransaction
  ) {
    self.acceptance = acceptance
    self.actor = actor
    self.now = now
    self.transaction = transaction
    converter = acceptance.makeConverter()
  }

  mutating func perform(
    _ action: ExceptionAction, _ selected: PostingException
  ) throws -> ExceptionResult {
    guard let id = selected.id else { return .done }
    if selected.posting == nil, let number = selected.document, let result = converted[number] {
      return result
    }
    // What was done for the exception before it may have settled this one too.
    guard let exception = try transaction.exception(id), exception.state == .open else {
      return .done
    }
    do {
      return try carryOut(action, exception, id)
    } catch let problem as Problem where ExceptionWork.refusals.contains(problem.code) {
      return .refused(problem)
    }
  }

  private mutating func carryOut(
    _ action: ExceptionAction, _ exception: PostingException, _ id: Int64
  ) throws -> ExceptionResult {
    let decision = ExceptionDecision(actor: actor)
    switch action {
    case .retry, .nextPeriod:
      let retry = ExceptionRetry(acceptance: acceptance, actor: actor)
      let result =
        action == .retry
        ? try retry.retry(exception, at: now, using: &converter, in: transaction)
        : try retry.moveToNextPeriod(exception, at: now, using: &converter, in: transaction)
      if exception.posting == nil, exception.exceptionClass != EntrySet.exceptionClass,
        let number = exception.document
      {
        converted[number] = result
      }
      return result
    case .resolve(let number):
      try decision.resolve(exception, erpNumber: number, at: now, in: transaction)
    case .declareAbsent:
      try decision.declareAbsent(exception, at: now, in: transaction)
    case .discard(let reason):
      try decision.discard(exception, reason: reason, at: now, in: transaction)
    case .reverse(let reason): try reverse(exception, reason: reason)
    case .hold(let until):
      try update(exception, "held", "until \(until)") { $0.heldUntil = until }
    case .release: try update(exception, "released") { $0.heldUntil = nil }
    case .assign(let owner): try update(exception, "assigned", "to \(owner)") { $0.owner = owner }
    case .tag(let tag):
      try update(exception, "tagged", tag) { exception in
        if !exception.tags.contains(tag) { exception.tags.append(tag) }
      }
    case .untag(let tag):
      try update(exception, "untagged", tag) { exception in
        exception.tags.removeAll { $0 == tag }
      }
    case .comment(let text):
      try transaction.insert(
        ExceptionComment(exception: id, at: now, actor: actor, text: text))
      try note(exception, "commented", text)
    }
    return .done
  }

  private func reverse(_ exception: PostingException, reason: String) throws {
    guard let number = exception.document, let document = try transaction.document(number) else {
      throw Problem(
        code: "not_reversible",
        detail: "Exception \(exception.id ?? 0) concerns no document that could be reversed",
        fix: "Discard it instead")
    }
    let compensation = Compensation(ruleBook: acceptance.ruleBook, keys: acceptance.keys)
    _ = try Reversal(compensation, actor: actor).reverse(
      document.identity, reason: reason, at: now, in: transaction)
  }

  private func update(
    _ exception: PostingException, _ what: String, _ detail: String = "",
    _ change: (inout PostingException) -> Void
  ) throws {
    var exception = exception
    change(&exception)
    try transaction.update(exception)
    try note(exception, what, detail)
  }

  private func note(
    _ exception: PostingException, _ what: String, _ detail: String
  ) throws {
    try transaction.append(
      AuditRecord(
        at: now, actor: actor, action: "exception.\(what)", document: exception.document,
        posting: exception.posting,
        detail: "Exception \(exception.id ?? 0), \(exception.exceptionClass)"
          + (detail.isEmpty ? "" : ": \(detail)")))
  }
}
