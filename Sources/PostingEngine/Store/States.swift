/// Where a document stands.
package enum DocumentState: String, Hashable, Sendable, CaseIterable {
  /// Stored; entries derived, or waiting for what it refers to; nothing sent yet.
  case accepted
  /// Some of its postings are on their way.
  case posting
  /// All its postings are in the ERPs, or it has none because it moves nothing.
  case posted
  /// Stopped, with an open exception.
  case exception
  /// Compensated everywhere.
  case reversed
  /// Given up by a person, with the reason.
  case discarded
}

/// Where a posting stands.
package enum PostingState: String, Hashable, Sendable, CaseIterable {
  case due, waiting, sending, submitted, unknown, rejected, posted, cancelled, reversed

  /// Whether nothing more will happen by itself.
  package var isFinal: Bool { self == .posted || self == .cancelled || self == .reversed }
}

/// Why something waits.
package enum WaitingReason: String, Hashable, Sendable, CaseIterable {
  case order, reference, period, quota, circuit, hold, backoff
  /// For the entry that a month's end makes of many.
  case summary
}

/// Where an exception stands.
package enum ExceptionState: String, Hashable, Sendable, CaseIterable {
  case open, resolved
}
