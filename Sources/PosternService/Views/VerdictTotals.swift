package import PostingEngine

/// How many documents got which verdict.
package struct VerdictTotals: Hashable, Sendable {
  private var counts: [Verdict.Kind: Int] = [:]

  package init() {}

  package subscript(kind: Verdict.Kind) -> Int { counts[kind, default: 0] }

  package mutating func count(_ verdict: Verdict) { counts[verdict.kind, default: 0] += 1 }

  package var sum: Int { counts.values.reduce(0, +) }

  /// Whether a person has something to look at.
  package var hasTrouble: Bool {
    self[.exception] > 0 || self[.invalid] > 0 || self[.conflict] > 0
  }
}
