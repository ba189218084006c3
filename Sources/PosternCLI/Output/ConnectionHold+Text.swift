internal import PostingEngine

extension ConnectionHold {
  /// For people: `waits: quota (throttled until 2026-03-03T08:05:00.000Z)`.
  var text: String {
    "\(waitingReason.rawValue) (\(cause.rawValue)\(until.map { " until \($0)" } ?? ""))"
  }
}
