public import Ledger

/// Carries journal entries into one ERP.
///
/// An adapter sends once and reports; only the engine retries. What else its ERP can do it says by
/// further protocols: ``FindsPostings``, ``PollsTickets``, ``ReadsBooks``, ``ReversesPostings``,
/// ``ReadsPeriods``, ``ReadsMasterData``, ``CreatesParties``, ``ReadsBalances``.
public protocol ERPAdapter: Sendable {
  /// What the ERP behind it can do.
  var descriptor: AdapterDescriptor { get }

  /// What it does beyond this protocol: all that its type conforms to unless it says less, as one
  /// whose abilities come from a file does.
  var capabilities: Set<AdapterCapability> { get }

  /// Whether the ERP can be reached and takes our credentials and company; empty when all is well.
  func check() async -> [Problem]

  /// Submits a batch no larger than the descriptor allows; one outcome per key.
  ///
  /// Called again with the same key, it must not create a second document where the descriptor
  /// promises so. A key without an outcome in the answer counts as unknown.
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome]
}
