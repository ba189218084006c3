import Ledger
import PostingEngine

extension SQLQuerying {
  func entriesToSummarise(
    of entity: LegalEntityID, ledger: String, connection: ConnectionID, dates: DateRange
  ) throws -> [(posting: PostingNumber, entry: PostingKey)] {
    try self.connection.all(
      """
      SELECT p.number, e.key FROM postings p JOIN entries e ON e.number = p.number
      WHERE p.entity = ? AND p.connection = ? AND p.state = 'waiting' AND p.reason = 'summary'
        AND e.ledger = ? AND e.posting_date >= ? AND e.posting_date <= ?
        AND NOT EXISTS (SELECT 1 FROM summary_details s JOIN postings c ON c.number = s.summary
          WHERE s.detail = p.number AND c.state <> 'cancelled')
      ORDER BY p.number
      """
    ) {
      $0.bind(entity.code)
      $0.bind(connection.code)
      $0.bind(ledger)
      $0.bind(dates.from)
      $0.bind(dates.through)
    } read: {
      (PostingNumber($0.integer(0)), try $0.key(1))
    }
  }

  func summaryBacklog() throws -> [SummaryBacklog] {
    try connection.all(
      """
      SELECT p.entity, e.ledger, p.connection, e.posting_date, count(*)
      FROM postings p JOIN entries e ON e.number = p.number
      WHERE p.state = 'waiting' AND p.reason = 'summary'
        AND NOT EXISTS (SELECT 1 FROM summary_details s JOIN postings c ON c.number = s.summary
          WHERE s.detail = p.number AND c.state <> 'cancelled')
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      """
    ) { _ in
    } read: {
      SummaryBacklog(
        entity: LegalEntityID($0.text(0)), ledger: $0.text(1),
        connection: ConnectionID($0.text(2)), postingDate: try $0.date(3), entries: $0.count(4))
    }
  }

  func details(ofSummary posting: PostingNumber) throws -> [PostingNumber] {
    try connection.all("SELECT detail FROM summary_details WHERE summary = ? ORDER BY detail") {
      $0.bind(posting.value)
    } read: {
      PostingNumber($0.integer(0))
    }
  }

  func summary(ofDetail posting: PostingNumber) throws -> PostingNumber? {
    try connection.first(
      """
      SELECT s.summary FROM summary_details s JOIN postings c ON c.number = s.summary
      WHERE s.detail = ? AND c.state <> 'cancelled' ORDER BY s.summary DESC LIMIT 1
      """
    ) {
      $0.bind(posting.value)
    } read: {
      PostingNumber($0.integer(0))
    }
  }
}

extension SQLTransaction {
  func insert(summary: PostingNumber, detail: PostingNumber) throws {
    try change {
      try connection.run("INSERT INTO summary_details (summary, detail) VALUES (?, ?)") {
        $0.bind(summary.value)
        $0.bind(detail.value)
      }
    }
  }
}
