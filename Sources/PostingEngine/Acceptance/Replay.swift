internal import Digest
package import Ledger

/// Hands documents over once more that are here already, as their source would: nothing changes
/// where nothing changed.
package struct Replay: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let acceptance: Acceptance
  private let clock: any EngineClock

  /// Documents in one transaction.
  private static let batch = 200

  package init(
    store: any PostingStore, commit: GroupCommit, acceptance: Acceptance, clock: any EngineClock
  ) {
    self.store = store
    self.commit = commit
    self.acceptance = acceptance
    self.clock = clock
  }

  package struct Result: Sendable {
    /// Documents that were handed over again.
    package var documents = 0
    /// Of these, those that were answered as a repeat.
    package var repeats = 0
    /// Identities whose answer was another one, with it.
    package var others: [Verdict] = []
    /// Identities whose stored content is not what its hash says.
    package var damaged: [DocumentIdentity] = []

    /// Whether everything was as it was.
    package var isNothing: Bool { repeats == documents && damaged.isEmpty }
  }

  /// - Parameter filter: which documents; its cursor and limit are not looked at.
  package func run(_ filter: ListFilter) async throws -> Result {
    var filter = filter
    filter.cursor = 0
    filter.limit = Replay.batch
    var result = Result()
    while true {
      let page = try store.read { try $0.documents(filter) }
      // Runs of our own are made again by their verb, not handed over.
      let documents = page.filter { $0.identity.type != .periodRun }
      if !documents.isEmpty { try await handOver(documents, into: &result) }
      guard page.count == filter.limit, let last = page.last else { return result }
      filter.cursor = last.number.value
    }
  }

  private func handOver(_ documents: [StoredDocument], into result: inout Result) async throws {
    let now = clock.now
    let answers = try await commit.write(weight: documents.count) {
      [acceptance] transaction -> [(StoredDocument, Verdict?)] in
      var converter = acceptance.makeConverter()
      return try documents.map { stored in
        let content = try transaction.content(of: stored.number)
        guard SHA256.hash(content).bytes == stored.contentHash else { return (stored, nil) }
        let prepared = try acceptance.prepare(
          try acceptance.storedDocument(stored.number, in: transaction), using: &converter)
        return (
          stored,
          try acceptance.accept(prepared, at: now, using: &converter, in: transaction)
        )
      }
    }
    for (stored, verdict) in answers {
      result.documents += 1
      switch verdict {
      case nil: result.damaged.append(stored.identity)
      case let verdict? where verdict.kind == .repeat: result.repeats += 1
      case let verdict?: result.others.append(verdict)
      }
    }
  }
}
