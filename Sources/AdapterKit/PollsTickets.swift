public import Ledger

/// An adapter whose ERP takes an entry first and decides later.
public protocol PollsTickets: ERPAdapter {
  /// The verdicts that are there by now; a ticket without one is missing from the answer.
  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome]
}
