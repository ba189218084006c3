package import Ledger

/// Carries an action out on a selection of exceptions, many in one transaction.
package struct ExceptionActionRun: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let acceptance: Acceptance
  private var policy: ExceptionPolicy
  private let clock: any EngineClock
  private let actor: String

  /// Exceptions in one transaction.
  private static let batch = 200

  package init(
    store: any PostingStore, commit: GroupCommit, acceptance: Acceptance,
    policy: ExceptionPolicy = .standard,
    clock: any EngineClock, actor: String
  ) {
    self.store = store
    self.commit = commit
    self.acceptance = acceptance
    self.policy = policy
    self.clock = clock
    self.actor = actor
  }

  /// The same for what was approved before, or takes no approval.
  package var withoutSecondPerson: ExceptionActionRun {
    var run = self
    run.policy.secondPerson = []
    return run
  }

  /// What became of one exception.
  package struct Row: Sendable {
    package let exception: PostingException
    package let document: DocumentIdentity?
    package let result: ExceptionResult
    package let entries: EntryChange
  }

  package enum Outcome: Sendable {
    /// One row for each exception, in the order of their ids.
    case rows([Row])
    /// Another person has to approve it first.
    case proposed(ExceptionProposal)

    package var rows: [Row] {
      if case .rows(let rows) = self { rows } else { [] }
    }
  }

  /// Carries the action out, or stores it as a proposal where it takes a second person.
  ///
  /// - Parameter isDryRun: does everything in a transaction that is undone: the rows tell exactly
  ///   what would happen.
  /// - Throws: ``Problem`` `one_exception_only`, and what the store throws.
  package func run(
    _ action: ExceptionAction, _ selection: ExceptionSelection, isDryRun: Bool = false
  ) async throws -> Outcome {
    let now = clock.now
    // What is put aside is tried again only by its id.
    let selected = try store.read { try selection.exceptions(in: $0) }.filter { exception in
      action != .retry || !selection.ids.isEmpty || !exception.isHeld(at: now)
    }
    if case .resolve = action, selected.count > 1 {
      throw Problem(
        code: "one_exception_only",
        detail: "\(selected.count) exceptions are selected, and one number names one entry",
        fix: "Resolve them one by one, each with its own number")
    }
    if !isDryRun, policy.secondPerson.contains(action.name), !selected.isEmpty {
      return .proposed(try await propose(action, selected))
    }
    return .rows(try await perform(action, on: selected, isDryRun: isDryRun))
  }

  private func propose(
    _ action: ExceptionAction, _ selected: [PostingException]
  ) async throws -> ExceptionProposal {
    var proposal = ExceptionProposal(
      at: clock.now, actor: actor, action: action, exceptions: selected.compactMap(\.id))
    let new = proposal
    proposal.id = try await commit.write { transaction in
      let id = try transaction.insert(new)
      try transaction.append(
        AuditRecord(
          at: new.at, actor: new.actor, action: "proposal.made",
          detail: "\(id): \(new.action.text), for \(new.exceptions.count) exceptions"))
      return id
    }
    return proposal
  }

  /// Carries a proposal out in the name of the one who approves it.
  ///
  /// - Throws: ``Problem`` `not_found`, `second_person_needed`.
  package func approve(_ id: Int64) async throws -> (ExceptionProposal, [Row]) {
    let proposal = try await decide(id, .approved)
    let selected = try store.read {
      try ExceptionSelection(ids: proposal.exceptions).exceptions(in: $0)
    }
    return (proposal, try await perform(proposal.action, on: selected, isDryRun: false))
  }

  /// - Throws: ``Problem`` `not_found`.
  package func reject(_ id: Int64) async throws -> ExceptionProposal {
    try await decide(id, .rejected)
  }

  private func decide(
    _ id: Int64, _ state: ExceptionProposal.State
  ) async throws -> ExceptionProposal {
    let now = clock.now
    return try await commit.write { [actor] transaction in
      guard let proposal = try transaction.proposal(id), proposal.state == .open else {
        throw Problem(
          code: "not_found", pointer: String(id), detail: "No open proposal has this id",
          fix: "See 'postern exceptions proposals'")
      }
      guard state == .rejected || proposal.actor != actor else {
        throw Problem(
          code: "second_person_needed", pointer: String(id),
          detail: "\(actor) made this proposal and cannot approve it",
          fix: "Let another person approve it")
      }
      try transaction.decide(proposal: id, state, by: actor, at: now)
      try transaction.append(
        AuditRecord(
          at: now, actor: actor, action: "proposal.\(state.rawValue)",
          detail: "\(id) of \(proposal.actor): \(proposal.action.text)"))
      return proposal
    }
  }

  // MARK: Batches

  /// Takes the rows of a dry run past the transaction that it undoes.
  private struct Undone: Error { let rows: [Row] }

  private func perform(
    _ action: ExceptionAction, on selected: [PostingException], isDryRun: Bool
  ) async throws -> [Row] {
    var rows: [Row] = []
    var rest = selected[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(ExceptionActionRun.batch))
      rest = rest.dropFirst(ExceptionActionRun.batch)
      let now = clock.now
      do {
        rows += try await commit.write(weight: part.count) { transaction in
          let rows = try self.rows(action, part, at: now, in: transaction)
          if isDryRun { throw Undone(rows: rows) }
          return rows
        }
      } catch let undone as Undone {
        rows += undone.rows
      }
    }
    return rows
  }

  private func rows(
    _ action: ExceptionAction, _ part: [PostingException], at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> [Row] {
    var work = ExceptionWork(
      acceptance: acceptance, actor: actor, at: now, in: transaction)
    return try part.map { exception in
      let document = try exception.document.flatMap { try transaction.document($0)?.identity }
      guard action.touchesBooks, let number = exception.document else {
        return Row(
          exception: exception, document: document, result: try work.perform(action, exception),
          entries: EntryChange(before: [], after: []))
      }
      let before = try EntryChange.standing(number, in: transaction)
      let result = try work.perform(action, exception)
      let after = try EntryChange.standing(number, in: transaction)
      return Row(
        exception: exception, document: document, result: result,
        entries: EntryChange(before: before, after: after))
    }
  }
}
