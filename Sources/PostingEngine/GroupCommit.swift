internal import Dispatch
internal import Synchronization

/// Lets concurrent callers share one durable commit.
///
/// One serial queue writes: it takes whatever waits, runs it in one transaction and answers every
/// caller after the commit. When one piece of work throws, the transaction is undone and each
/// piece runs in a transaction of its own, so that only the faulty one fails. Work may therefore
/// run twice and must not touch anything but the transaction.
package final class GroupCommit: Sendable {
  /// The most work in one transaction, counted in weights.
  package static let maximumWeight = 512

  private let store: any PostingStore
  private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let waiting = Mutex(Waiting())

  private struct Waiting {
    var jobs: [Job] = []
    var isScheduled = false
  }

  /// One caller's work, with its result type erased.
  private struct Job: Sendable {
    let weight: Int
    /// Runs in a transaction; returns what to do after the commit.
    let run: @Sendable (any PostingTransaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  package convenience init(store: any PostingStore) {
    let queue = DispatchQueue(label: "postern.store-writer", qos: .userInitiated)
    self.init(store: store) { work in queue.async { work() } }
  }

  /// - Parameter schedule: runs what it is given later, one after the other, off the caller's
  ///   thread.
  package init(
    store: any PostingStore,
    schedule: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
  ) {
    self.store = store
    self.schedule = schedule
  }

  /// Runs `body` in a durable transaction that it may share with others.
  ///
  /// - Parameter weight: roughly how many documents or postings it writes.
  package func write<Result: Sendable>(
    weight: Int = 1, _ body: @escaping @Sendable (any PostingTransaction) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(
        weight: weight,
        run: { transaction in
          let result = try body(transaction)
          return { continuation.resume(returning: result) }
        },
        fail: { continuation.resume(throwing: $0) })
      let mustSchedule = waiting.withLock { waiting in
        waiting.jobs.append(job)
        defer { waiting.isScheduled = true }
        return !waiting.isScheduled
      }
      if mustSchedule { schedule { self.drain() } }
    }
  }

  /// How many callers wait for a commit.
  package var waitingCount: Int { waiting.withLock { $0.jobs.count } }

  private func drain() {
    while let jobs = nextJobs() { commit(jobs) }
  }

  private func nextJobs() -> [Job]? {
    waiting.withLock { waiting in
      guard !waiting.jobs.isEmpty else {
        waiting.isScheduled = false
        return nil
      }
      var weight = 0
      var count = 0
      for job in waiting.jobs {
        guard count == 0 || weight + job.weight <= GroupCommit.maximumWeight else { break }
        weight += job.weight
        count += 1
      }
      defer { waiting.jobs.removeFirst(count) }
      return Array(waiting.jobs.prefix(count))
    }
  }

  private func commit(_ jobs: [Job]) {
    do {
      let answers = try store.write { transaction in try jobs.map { try $0.run(transaction) } }
      for answer in answers { answer() }
    } catch {
      guard jobs.count > 1 else {
        jobs[0].fail(error)
        return
      }
      for job in jobs { commit([job]) }
    }
  }
}
