internal import Ledger

/// Retries a selection of exceptions, many in one transaction.
package struct ExceptionRetryRun: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let acceptance: Acceptance
  private let clock: any EngineClock
  private let actor: String

  private static let batch = 200

  package init(
    store: any PostingStore, commit: GroupCommit, acceptance: Acceptance,
    clock: any EngineClock, actor: String
  ) {
    self.store = store
    self.commit = commit
    self.acceptance = acceptance
    self.clock = clock
    self.actor = actor
  }

  /// What became of one exception.
  package struct Row: Sendable {
    package let exception: PostingException
    /// nil in a dry run.
    package let result: ExceptionRetry.Result?
  }

  package func retry(_ selection: ExceptionSelection, isDryRun: Bool) async throws -> [Row] {
    var selected: [PostingException] = []
    try store.read { queries in
      try selection.forEachPage(in: queries) { selected += $0 }
    }
    guard !isDryRun else { return selected.map { Row(exception: $0, result: nil) } }
    // One document may have several exceptions; converting it once settles them all.
    var rows: [Row] = []
    var rest = selected[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(ExceptionRetryRun.batch))
      rest = rest.dropFirst(ExceptionRetryRun.batch)
      let now = clock.now
      rows += try await commit.write(weight: part.count) { [acceptance, actor] transaction in
        let retry = ExceptionRetry(acceptance: acceptance, actor: actor)
        var converter = acceptance.makeConverter()
        var done: [DocumentNumber: ExceptionRetry.Result] = [:]
        return try part.map { exception in
          if exception.posting == nil, let number = exception.document,
            let result = done[number]
          {
            return Row(exception: exception, result: result)
          }
          let result = try retry.retry(
            exception, at: now, using: &converter, in: transaction)
          if exception.posting == nil, let number = exception.document { done[number] = result }
          return Row(exception: exception, result: result)
        }
      }
    }
    return rows
  }
}

extension ExceptionSelection {
  private static let pageSize = 500

  /// Hands every selected open exception to `body`, in pages.
  package func forEachPage(
    in queries: any PostingQueries, _ body: ([PostingException]) throws -> Void
  ) throws {
    var cursor: Int64 = 0
    while true {
      let page = try page(after: cursor, limit: ExceptionSelection.pageSize, in: queries)
      let selected = page.filter { contains($0) }
      if !selected.isEmpty { try body(selected) }
      guard page.count == ExceptionSelection.pageSize, let last = page.last?.id else { return }
      cursor = last
    }
  }
}
