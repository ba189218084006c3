package import Ledger

/// So many calls in any stretch of time of a given length.
///
/// Stricter than a token bucket, which after a pause lets through up to twice its capacity within
/// one span: an ERP that counts in windows would answer that with a refusal. Remembers the starts
/// of the last `capacity` calls, eight bytes each.
package struct RateWindow: Hashable, Sendable {
  package let capacity: Int
  package let span: Duration
  /// The starts of the last calls; a ring once it is full.
  private var starts: [Moment] = []
  private var oldest = 0

  package init(capacity: Int, per span: Duration) {
    precondition(capacity > 0 && span > .zero, "a window lets something through")
    self.capacity = capacity
    self.span = span
  }

  /// How many calls may start now, counted up to `most`.
  package func available(at now: Moment, upTo most: Int) -> Int {
    var free = capacity - starts.count
    var index = oldest
    for _ in starts.indices {
      guard free < most, starts[index] + span <= now else { break }
      free += 1
      index = (index + 1) % starts.count
    }
    return min(free, most)
  }

  /// When the next call may start; `now` when one may at once.
  package func nextAvailable(at now: Moment) -> Moment {
    guard starts.count == capacity else { return now }
    return max(now, starts[oldest] + span)
  }

  /// The clock was set back by so much.
  package mutating func moveBack(by back: Duration) {
    for index in starts.indices { starts[index] = starts[index] + (.zero - back) }
  }

  /// A call starts that ``available(at:)`` allowed.
  package mutating func start(at now: Moment) {
    if starts.count < capacity {
      starts.append(now)
    } else {
      starts[oldest] = now
      oldest = (oldest + 1) % capacity
    }
  }
}
