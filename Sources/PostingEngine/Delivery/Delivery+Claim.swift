internal import AdapterKit
package import Ledger

// Which postings go into calls now, and the attempts that are written before anything is sent.

extension Delivery {
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
    let (claimed, action) = try decide(posting, record, at: now, in: transaction)
    try transaction.update(claimed)
    if case .find = action {
      watch?.keepAge(of: posting, in: claimed)
    } else {
      watch?.note(claimed)
    }
    switch action {
    case .submit, .find, .poll: return try begin(action, claimed, record, at: now, in: transaction)
    case .raise(let exceptionClass, let problem, let erpCode):
      try raise(
        exceptionClass, problem, erpCode: erpCode, for: claimed, record, at: now, in: transaction)
      return nil
    case .wait: return nil
    case .recordReceipt: preconditionFailure("a claim alone proves nothing")
    }
  }

  /// What a claim asks for, and the posting as it leaves it.
  private func decide(
    _ posting: StoredPosting, _ record: EntryRecord, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> (StoredPosting, PostingLifecycle.Action) {
    var lifecycle = PostingLifecycle(posting)
    func handle(_ event: PostingLifecycle.Event) -> PostingLifecycle.Action {
      var random = NoRandomness()
      return lifecycle.handle(
        event, at: now, capabilities: capabilities, policy: policy, random: &random)
    }
    var action = handle(.claimed(leasedUntil: now + lease))
    if action == .submit, let refusal = descriptor.refusal(of: record.entry) {
      action = handle(.answered(.rejected(refusal)))
    }
    if posting.state == .submitted, case .wait = action,
      let since = try handedOver(posting, in: transaction)
    {
      action = handle(.silent(since: since))
    }
    return (lifecycle.posting, action)
  }

  /// Records the attempt that a call is, and gathers what the call needs.
  private func begin(
    _ action: PostingLifecycle.Action, _ posting: StoredPosting, _ record: EntryRecord,
    at now: Moment, in transaction: any PostingTransaction
  ) throws -> Taken? {
    func claimed(_ purpose: Attempt.Purpose) -> Claimed {
      Claimed(
        posting: posting, record: record,
        attempt: Attempt(
          posting: posting.number, number: posting.attemptCount, purpose: purpose, startedAt: now))
    }
    switch action {
    case .submit:
      var claimed = claimed(.submit)
      try transaction.insert(claimed.attempt)
      try DocumentProgress.begin(posting.document, in: transaction)
      claimed.source = try source(of: posting, in: transaction)
      if let original = try original(of: record, in: transaction) {
        return .reverse(claimed, original)
      }
      claimed.customer = try customerToCreate(for: posting, record, in: transaction)
      return .submit(claimed)
    case .find:
      let claimed = claimed(.find)
      try transaction.insert(claimed.attempt)
      return .find(claimed)
    // Asking again for a verdict changes nothing anywhere: only the answer is worth a row.
    case .poll: return .poll(claimed(.poll))
    case .raise, .wait, .recordReceipt: return nil
    }
  }
}
