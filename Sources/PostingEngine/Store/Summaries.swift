package import Ledger

/// Postings that a summary carries.
package protocol SummaryQueries {
  /// Entries of an entity, ledger and period whose postings wait for a summary that nothing has
  /// taken up, in the order of acceptance.
  func entriesToSummarise(
    of entity: LegalEntityID, ledger: String, connection: ConnectionID, period: FiscalPeriod
  ) throws -> [(posting: PostingNumber, entry: PostingKey)]
  /// The postings whose amounts a summary holds.
  func details(ofSummary posting: PostingNumber) throws -> [PostingNumber]
  /// The summary that carries a posting; nil when none does.
  func summary(ofDetail posting: PostingNumber) throws -> PostingNumber?
}

package protocol SummaryTransaction {
  func insert(summary: PostingNumber, detail: PostingNumber) throws
}
