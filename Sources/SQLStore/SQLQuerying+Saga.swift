import Ledger
import PostingEngine

extension SQLQuerying {
  func halfPosted(
    since moment: Moment, unlessTold: Bool, limit: Int
  ) throws -> [DocumentNumber] {
    try connection.all(
      """
      SELECT document FROM half_posted WHERE since <= ? AND NOT (? AND EXISTS (
        SELECT 1 FROM exceptions e WHERE e.document = half_posted.document AND e.state = 'open'
          AND e.class = 'half_posted'))
      ORDER BY since, document LIMIT ?
      """
    ) {
      $0.bind(moment.milliseconds)
      $0.bind(unlessTold)
      $0.bind(limit)
    } read: {
      DocumentNumber($0.integer(0))
    }
  }

  func halfPostedSince(_ document: DocumentNumber) throws -> Moment? {
    try connection.first("SELECT since FROM half_posted WHERE document = ?") {
      $0.bind(document.value)
    } read: {
      $0.moment(0)
    }
  }
}

extension SQLTransaction {
  func setHalfPosted(_ document: DocumentNumber, since now: Moment) throws {
    try change {
      try connection.run(
        "INSERT INTO half_posted (document, since) VALUES (?, ?) ON CONFLICT (document) DO NOTHING"
      ) {
        $0.bind(document.value)
        $0.bind(now.milliseconds)
      }
    }
  }

  func clearHalfPosted(_ document: DocumentNumber) throws {
    try change {
      try connection.run("DELETE FROM half_posted WHERE document = ?") { $0.bind(document.value) }
    }
  }
}
