internal import Ledger
internal import PostingEngine

extension Installation {
  /// Documents in one transaction.
  private static let batch = 200

  /// Documents that waited for a period to open are converted when the configuration opens it.
  func retryHeldDocuments(store: any PostingStore, commit: GroupCommit) async throws {
    let acceptance = acceptance
    let now = clock.now
    let held = try store.read { try $0.documentsWaiting(for: .period) }
    var rest = held[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Installation.batch))
      rest = rest.dropFirst(Installation.batch)
      try await commit.write(weight: part.count) { transaction in
        var converter = acceptance.makeConverter()
        for number in part {
          _ = try acceptance.reconvert(
            number, at: now, actor: "engine", using: &converter, in: transaction)
        }
      }
    }
  }
}
