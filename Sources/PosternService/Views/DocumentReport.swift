package import Ledger
package import PostingEngine

/// Everything about one document: where it stands and how it got there.
package struct DocumentReport: Sendable {
  package var document: StoredDocument
  package var wait: DocumentWait?
  /// What is still owed on it; nil when it opened nothing.
  package var open: Money?
  package var entries: [EntryRecord]
  package var postings: [(posting: StoredPosting, attempts: [Attempt])]
  package var exceptions: [PostingException]
  package var timeline: [AuditRecord]
  /// What holds the connections of its postings up; nil where nobody asked.
  package var outlook: DeliveryOutlook?
  /// What was sent and what came back, by the hash of it; empty where nobody asked.
  package var exchanges: [[UInt8]: String] = [:]

  /// The latest revision of a document; nil when it is not here.
  ///
  /// - Parameter now: when the report is read; nil leaves out what holds connections up.
  package init?(
    _ identity: DocumentIdentity, at now: Moment? = nil, in queries: any PostingQueries
  ) throws {
    guard let document = try queries.document(identity) else { return nil }
    outlook = try now.map { try DeliveryOutlook(at: $0, in: queries) }
    self.document = document
    wait = try queries.wait(of: document.number)
    open =
      document.receivable == nil
      ? nil : try queries.openAmount(of: document.number, part: .receivable)
    entries = try queries.entries(of: document.number)
    postings = try queries.postings(of: document.number).map {
      ($0, try queries.attempts(of: $0.number))
    }
    exceptions = try queries.openExceptions(of: document.number)
    timeline = try queries.audit(of: document.number)
  }

  /// Reads what was sent and what came back in each attempt.
  package mutating func readExchanges(in queries: any PostingQueries) throws {
    for hash in postings.flatMap(\.attempts).compactMap(\.evidence)
    where exchanges[hash] == nil {
      exchanges[hash] = try queries.evidence(hash).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
