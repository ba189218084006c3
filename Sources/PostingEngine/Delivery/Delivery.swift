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

  /// Claims up to `calls` calls' worth of postings and records their attempts; nothing on a
  /// connection that is paused.
  ///
  /// Must be durable before anything is sent.
  ///
  /// - Parameter pollsFirst: whether the one poll goes ahead of submissions; the caller alternates,
  ///   so that neither starves the other.
  /// - Parameter retries: how many entries may be sent again; look-ups, and batches that are taken
  ///   apart, do not count.
  package func claim(
    calls: Int, pollsFirst: Bool = false, retries: Int = .max, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Claim {
    var claim = Claim()
    guard try transaction.pausedConnections()[connection] == nil else { return claim }
    if pollsFirst { try claimPoll(into: &claim, at: now, in: transaction) }
    try claimDue(
      calls - claim.calls.count, retries: retries, into: &claim, at: now, in: transaction)
    if !pollsFirst, claim.calls.count < calls {
      try claimPoll(into: &claim, at: now, in: transaction)
    }
    return claim
  }

  private func claimDue(
    _ calls: Int, retries: Int, into claim: inout Claim, at now: Moment,
    in transaction: any PostingTransaction
  ) throws {
    guard calls > 0 else { return }
    let due = try claimable(calls * batchSize, retries: retries, at: now, in: transaction)
    let records = try transaction.entries(due.map(\.entry))
    let closed = try closedInERP(in: transaction)
    var batch = Batch()
    var made = 0
    for posting in due {
      let begun = made + (batch.isEmpty ? 0 : 1)
      let record = try Delivery.record(of: posting, in: records)
      if !posting.isDoubtful, posting.state != .posted,
        closed.contains(record.entry.head.period)
      {
        claim.changed += 1
        try periodClosed(posting, record, nil, closed: closed, at: now, in: transaction)
        continue
      }
      if try putOff(posting, at: now, in: transaction) {
        claim.changed += 1
        continue
      }
      let isAlone = isLookUp(posting) || reversesNatively && record.entry.head.reverses != nil
      let joins = !isAlone && batch.takes(posting)
      guard joins || begun < calls else { continue }
      claim.changed += 1
      switch try take(posting, record, at: now, in: transaction) {
      case .submit(let claimed)?:
        if !joins, let full = batch.close() {
          claim.calls.append(full)
          made += 1
        }
        if posting.notBefore == nil {
          claim.firstSends += 1
        } else if posting.batchLimit == nil {
          claim.repeats += 1
        }
        batch.add(claimed, upTo: batchSize)
        if batch.isFull, let full = batch.close() {
          claim.calls.append(full)
          made += 1
        }
      case .find(let claimed)?:
        claim.calls.append(.find(claimed))
        made += 1
      case .reverse(let claimed, let original)?:
        claim.calls.append(.reverse(claimed, original))
        made += 1
      case .poll?, nil: break
      }
    }
    if let rest = batch.close() { claim.calls.append(rest) }
  }

  /// Leaves a doubt alone that this process has not known for the whole quiet period.
  private func putOff(
    _ posting: StoredPosting, at now: Moment, in transaction: any PostingTransaction
  ) throws -> Bool {
    guard let watch, posting.isDoubtful, posting.state != .posted, capabilities.finds,
      !watch.hasKnown(posting, for: capabilities.quietPeriod)
    else { return false }
    var later = posting
    later.notBefore = now + capabilities.quietPeriod
    try transaction.update(later)
    return true
  }

  /// Entries that go into one call.
  private struct Batch {
    private var claimed: [Claimed] = []
    private var size = 0

    var isEmpty: Bool { claimed.isEmpty }
    var isFull: Bool { !claimed.isEmpty && claimed.count == size }

    /// Only what has the same limit goes together: what a refused batch is taken apart into stays
    /// apart from what was never sent.
    func takes(_ posting: StoredPosting) -> Bool {
      guard let first = claimed.first else { return false }
      return first.posting.batchLimit == posting.batchLimit
    }

    mutating func add(_ claimed: Claimed, upTo most: Int) {
      if isEmpty { size = min(claimed.posting.batchLimit ?? most, most) }
      self.claimed.append(claimed)
    }

    mutating func close() -> Call? {
      defer { claimed = [] }
      return claimed.isEmpty ? nil : .submit(claimed)
    }
  }

  private func isLookUp(_ posting: StoredPosting) -> Bool {
    capabilities.finds && (posting.isDoubtful || posting.state == .posted)
  }

  /// What may go now, in the order of acceptance, with no more than so many that are sent again.
  private func claimable(
    _ limit: Int, retries: Int, at now: Moment, in queries: any PostingQueries
  ) throws -> [StoredPosting] {
    guard retries < limit else {
      return try queries.claimable(connection, at: now, limit: limit)
    }
    var left = retries
    let again = try queries.claimableByTime(connection, at: now, limit: limit).filter {
      if isLookUp($0) || $0.batchLimit != nil { return true }
      left -= 1
      return left >= 0
    }
    let first = try queries.claimableAtOnce(connection, limit: limit)
    return Array((first + again).sorted { $0.number < $1.number }.prefix(limit))
  }

  private func claimPoll(
    into claim: inout Claim, at now: Moment, in transaction: any PostingTransaction
  ) throws {
    let due = try transaction.pollable(
      connection, at: now, limit: Delivery.maximumTicketsPerPoll)
    let records = try transaction.entries(due.map(\.entry))
    var polled: [Claimed] = []
    for posting in due {
      let record = try Delivery.record(of: posting, in: records)
      claim.changed += 1
      if case .poll(let claimed)? = try take(posting, record, at: now, in: transaction) {
        polled.append(claimed)
      }
    }
    if !polled.isEmpty { claim.calls.append(.poll(polled)) }
  }

  /// The most tickets that one poll asks for.
  package static let maximumTicketsPerPoll = 500

  private enum Taken {
    case submit(Claimed)
    case reverse(Claimed, PostedDocument)
    case find(Claimed)
    case poll(Claimed)
  }

  private static func record(
    of posting: StoredPosting, in records: [PostingKey: EntryRecord]
  ) throws(Problem) -> EntryRecord {
    if let record = records[posting.entry] { return record }
    throw Problem(
      code: "entry_missing", detail: "Posting \(posting.number.value) has no entry in the store",
      fix: "Check the store's file, and restore a backup if it is damaged")
  }

  /// nil when there is nothing to call for: a person decides first, or no verdict ever comes.
  private func take(
    _ posting: StoredPosting, _ record: EntryRecord, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Taken? {
    var lifecycle = PostingLifecycle(posting)
    var random = NoRandomness()
    var action = lifecycle.handle(
      .claimed(leasedUntil: now + lease), at: now, capabilities: capabilities, policy: policy,
      random: &random)
    if action == .submit, let refusal = descriptor.refusal(of: record.entry) {
      action = lifecycle.handle(
        .answered(.rejected(refusal)), at: now, capabilities: capabilities,
        policy: policy, random: &random)
    }
    if posting.state == .submitted, case .wait = action,
      let since = try handedOver(posting, in: transaction)
    {
      action = lifecycle.handle(
        .silent(since: since), at: now, capabilities: capabilities, policy: policy,
        random: &random)
    }
    try transaction.update(lifecycle.posting)
    if case .find = action {
      watch?.keepAge(of: posting, in: lifecycle.posting)
    } else {
      watch?.note(lifecycle.posting)
    }
    let purpose: Attempt.Purpose
    switch action {
    case .submit: purpose = .submit
    case .find: purpose = .find
    case .poll: purpose = .poll
    case .raise(let exceptionClass, let problem, let erpCode):
      try raise(
        exceptionClass, problem, erpCode: erpCode, for: lifecycle.posting, record, at: now,
        in: transaction)
      return nil
    case .wait: return nil
    case .recordReceipt: preconditionFailure("a claim alone proves nothing")
    }
    let attempt = Attempt(
      posting: posting.number, number: lifecycle.posting.attemptCount, purpose: purpose,
      startedAt: now)
    var claimed = Claimed(posting: lifecycle.posting, record: record, attempt: attempt)
    switch purpose {
    case .submit:
      try transaction.insert(attempt)
      try DocumentProgress.begin(lifecycle.posting.document, in: transaction)
      claimed.source = try source(of: posting, in: transaction)
      if let original = try original(of: record, in: transaction) {
        return .reverse(claimed, original)
      }
      claimed.customer = try customerToCreate(for: posting, record, in: transaction)
      return .submit(claimed)
    case .find:
      try transaction.insert(attempt)
      return .find(claimed)
    // Asking again for a verdict changes nothing anywhere: only the answer is worth a row.
    case .poll: return .poll(claimed)
    }
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
