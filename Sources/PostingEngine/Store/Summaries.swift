package import Ledger

/// Entries of one day that wait for a summary.
package struct SummaryBacklog: Hashable, Sendable {
  package var entity: LegalEntityID
  package var ledger: String
  package var connection: ConnectionID
  package var postingDate: CalendarDate
  package var entries: Int

  package init(
    entity: LegalEntityID, ledger: String, connection: ConnectionID, postingDate: CalendarDate,
    entries: Int
  ) {
    self.entity = entity
    self.ledger = ledger
    self.connection = connection
    self.postingDate = postingDate
    self.entries = entries
  }
}

/// Postings that a summary carries.
package protocol SummaryQueries {
  /// What waits for a summary that nothing has taken up, by entity, ledger, connection and day.
  func summaryBacklog() throws -> [SummaryBacklog]
  /// Entries of an entity, ledger and stretch of posting dates whose postings wait for a summary
  /// that nothing has taken up, in the order of acceptance.
  func entriesToSummarise(
    of entity: LegalEntityID, ledger: String, connection: ConnectionID, dates: DateRange
  ) throws -> [(posting: PostingNumber, entry: PostingKey)]
  /// The postings whose amounts a summary holds.
  func details(ofSummary posting: PostingNumber) throws -> [PostingNumber]
  /// The summary that carries a posting; nil when none does.
  func summary(ofDetail posting: PostingNumber) throws -> PostingNumber?
}

package protocol SummaryTransaction {
  func insert(summary: PostingNumber, detail: PostingNumber) throws
}
