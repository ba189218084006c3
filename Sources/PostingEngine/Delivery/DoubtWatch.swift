internal import Synchronization

/// How long this process itself has known postings as they are, claimed or in doubt, by a clock that
/// nobody sets.
///
/// Moments in the store were written by clocks that may differ from this one, or have been set since.
/// Whether the holder of a claim has had the whole of its lease, or an ERP the whole of its quiet
/// period, each process therefore counts for itself, from when it first saw the posting so. A process
/// that has just started begins anew: that costs time, and never a second booking.
package final class DoubtWatch: Sendable {
  private struct Seen {
    var fence: Int64
    var isDoubtful: Bool
    var since: Duration
  }

  private let seen = Mutex<[PostingNumber: Seen]>([:])
  private let elapsed: @Sendable () -> Duration

  /// Postings that are remembered; what is forgotten is waited for once more.
  private static let mostSeen = 100_000

  /// - Parameter elapsed: time that has passed since some moment, whatever the clock was set to.
  package init(elapsed: @escaping @Sendable () -> Duration) {
    self.elapsed = elapsed
  }

  /// Begins to count, unless it has seen the posting as it is before.
  package func note(_ posting: StoredPosting) {
    _ = age(of: posting)
  }

  /// Whether it has seen the posting as it is for so long; begins to count when it has not at all.
  package func hasKnown(_ posting: StoredPosting, for time: Duration) -> Bool {
    age(of: posting) >= time
  }

  /// A look-up does not begin a doubt: what was waited for before it counts after it.
  func keepAge(of posting: StoredPosting, in claimed: StoredPosting) {
    seen.withLock { seen in
      guard var known = seen[posting.number], known.fence == posting.fence else { return }
      known.fence = claimed.fence
      known.isDoubtful = claimed.isDoubtful
      seen[posting.number] = known
    }
  }

  private func age(of posting: StoredPosting) -> Duration {
    let now = elapsed()
    return seen.withLock { seen in
      if let known = seen[posting.number], known.fence == posting.fence,
        known.isDoubtful == posting.isDoubtful
      {
        return now - known.since
      }
      if seen.count >= DoubtWatch.mostSeen { seen.removeAll() }
      seen[posting.number] = Seen(
        fence: posting.fence, isDoubtful: posting.isDoubtful, since: now)
      return .zero
    }
  }
}
