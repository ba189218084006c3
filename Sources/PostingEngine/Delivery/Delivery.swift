package import AdapterKit
package import Ledger

/// Takes postings in hand and settles what became of them: the transactions around one call.
///
/// Synchronous; the caller owns the transaction, the clock and the network.
package struct Delivery: Sendable {
  package let connection: ConnectionID
  package let capabilities: PostingLifecycle.Capabilities
  package let policy: RetryPolicy
  /// How long a claim holds: longer than any call can last.
  package let lease: Duration
  /// What the ERP cannot express goes to a person unsent.
  package let descriptor: AdapterDescriptor
  /// Whether the ERP takes postings back by a function of its own.
  package let reversesNatively: Bool
  /// What happens to entries of a period that the ERP holds closed.
  package let closedPeriods: ClosedPeriodPolicies
  /// Whether a customer that the ERP does not know is created there.
  package let createsCustomers: Bool
  /// What this process has seen of claims and doubts; nil trusts the moments in the store.
  package var watch: DoubtWatch?

  package init(
    connection: ConnectionID, capabilities: PostingLifecycle.Capabilities, policy: RetryPolicy,
    lease: Duration, descriptor: AdapterDescriptor, reversesNatively: Bool = false,
    closedPeriods: ClosedPeriodPolicies = ClosedPeriodPolicies(), createsCustomers: Bool = false
  ) {
    self.closedPeriods = closedPeriods
    self.createsCustomers = createsCustomers
    self.connection = connection
    self.capabilities = capabilities
    self.policy = policy
    self.lease = lease
    self.descriptor = descriptor
    self.reversesNatively = reversesNatively
  }

  /// The most entries in one call.
  package var batchSize: Int { descriptor.maximumBatchSize }

  /// One call to the ERP that has to be made now; its attempts are recorded already.
  package enum Call: Sendable {
    case submit([Claimed])
    /// An entry that takes back what the ERP holds.
    case reverse(Claimed, PostedDocument)
    case find(Claimed)
    case poll([Claimed])

    package var claimed: [Claimed] {
      switch self {
      case .submit(let claimed), .poll(let claimed): claimed
      case .find(let claimed), .reverse(let claimed, _): [claimed]
      }
    }
  }

  /// A posting in hand.
  package struct Claimed: Sendable {
    package var posting: StoredPosting
    package var record: EntryRecord
    package var attempt: Attempt
    /// For adapters that want it.
    package var source: SourceDocument?
    /// To be created where the ERP does not know it; nil where nobody may be.
    package var customer: Customer?

    var submission: Submission {
      Submission(key: record.key, entry: record.entry, document: source)
    }
  }

  /// What a claim took in hand.
  package struct Claim: Sendable {
    package var calls: [Call] = []
    /// Postings that changed, also those that went to a person instead of into a call.
    package var changed = 0
    /// Entries in its calls that are sent for the first time, and those that are sent again.
    package var firstSends = 0
    package var repeats = 0
  }

  /// Turns claims whose holder is gone into doubt, to be looked up.
  ///
  /// - Parameters:
  ///   - everyone: also claims whose lease still runs, after a restart of the only engine.
  ///   - watch: what this process has seen of claims: one that it has not known for the whole of its
  ///     lease is left alone; nil trusts the moments in the store.
  /// - Returns: how many there were.
  package static func recoverLapsed(
    at now: Moment, everyone: Bool, limit: Int, quietPeriod: (ConnectionID) -> Duration,
    lease: (ConnectionID) -> Duration = { _ in .zero }, watch: DoubtWatch? = nil,
    in transaction: any PostingTransaction
  ) throws -> Int {
    let lapsed = try transaction.lapsed(at: everyone ? .never : now, limit: limit).filter {
      everyone || watch?.hasKnown($0, for: lease($0.connection)) ?? true
    }
    for posting in lapsed {
      var lifecycle = PostingLifecycle(posting)
      var random = NoRandomness()
      let capabilities = PostingLifecycle.Capabilities(
        finds: false, recognisesRepeats: false, polls: false,
        quietPeriod: quietPeriod(posting.connection))
      _ = lifecycle.handle(
        .lapsed, at: now, capabilities: capabilities, policy: RetryPolicy(), random: &random)
      try transaction.update(lifecycle.posting)
      watch?.note(lifecycle.posting)
      guard posting.state == .sending else { continue }
      try transaction.append(
        AuditRecord(
          at: now, actor: "engine", action: "posting.unknown", document: posting.document,
          posting: posting.number, detail: "Attempt \(posting.attemptCount) ended without an answer"
        ))
    }
    return lapsed.count
  }
}

/// For events whose handling draws nothing.
struct NoRandomness: RandomNumberGenerator {
  mutating func next() -> UInt64 { preconditionFailure("this event draws no jitter") }
}
