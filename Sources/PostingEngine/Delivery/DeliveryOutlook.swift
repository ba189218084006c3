package import Ledger

/// What holds connections up at a moment, for postings that would otherwise be on their way.
///
/// Nothing of it stands at the postings themselves: a million of them wait for one circuit.
package struct DeliveryOutlook: Hashable, Sendable {
  private let holds: [ConnectionID: ConnectionHold]
  private let now: Moment

  package init(at now: Moment, in queries: any PostingQueries) throws {
    self.now = now
    var holds = try queries.connectionReports().compactMapValues { $0.read(at: now).hold }
    for connection in try queries.pausedConnections().keys {
      holds[connection] = ConnectionHold(.paused, until: nil)
    }
    self.holds = holds
  }

  package func hold(of connection: ConnectionID) -> ConnectionHold? { holds[connection] }

  /// What a posting waits for that could go as far as it alone is concerned; nil when it may go,
  /// or waits for something of its own.
  package func hold(of posting: StoredPosting) -> ConnectionHold? {
    guard let hold = holds[posting.connection], (posting.notBefore ?? now) <= now else {
      return nil
    }
    switch (posting.state, posting.reason) {
    case (.due, _): return hold.cause == .retryBudget && posting.notBefore == nil ? nil : hold
    case (.waiting, .backoff), (.waiting, .quota): return hold
    default: return nil
    }
  }
}
