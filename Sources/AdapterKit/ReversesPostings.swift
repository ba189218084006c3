/// An adapter whose ERP takes a posting back by a function of its own, which links the two.
///
/// Without it a reversal is submitted as an entry like any other.
public protocol ReversesPostings: ERPAdapter {
  /// Takes one posting back, once: a repeat finds the reversal that is there.
  func reverse(_ order: ReversalOrder) async -> PostingOutcome
}

/// A posting that is to be taken back.
public struct ReversalOrder: Hashable, Sendable {
  /// The opposite entry under a key of its own: its posting date is that of the reversal.
  public let reversal: Submission
  public let original: PostedDocument

  public init(_ reversal: Submission, of original: PostedDocument) {
    self.reversal = reversal
    self.original = original
  }
}
