import Ledger
import PostingEngine

extension SQLQuerying {
  func openAlerts() throws -> [Alert] {
    try connection.all(NoticeStatements.openAlerts) {
      Alert(
        id: $0.integer(0), fingerprint: $0.text(1), raisedAt: $0.moment(2), step: $0.count(3),
        nextAt: $0.optionalMoment(4), endedAt: $0.optionalMoment(5))
    }
  }

  func noticesDue(at now: Moment, limit: Int) throws -> [StoredNotice] {
    try connection.all(NoticeStatements.due) {
      $0.bind(now.milliseconds)
      $0.bind(limit)
    } read: {
      StoredNotice(
        id: $0.integer(0),
        notice: Notice(
          recipient: $0.text(1), chain: $0.text(2), subject: $0.text(3), content: $0.text(4),
          createdAt: $0.moment(5)),
        attemptCount: $0.count(6), nextAt: $0.optionalMoment(7),
        deliveredAt: $0.optionalMoment(8), failure: $0.optionalText(9))
    }
  }

  func nextNotice() throws -> Moment? {
    try connection.first(NoticeStatements.next) { $0.moment(0) }
  }
}

extension SQLTransaction {
  func insert(_ alert: Alert) throws {
    try change {
      try connection.run(NoticeStatements.insertAlert) {
        $0.bind(alert.fingerprint)
        $0.bind(alert.raisedAt.milliseconds)
        $0.bind(alert.step)
        $0.bind(alert.nextAt?.milliseconds)
        $0.bind(alert.endedAt?.milliseconds)
      }
    }
  }

  func update(_ alert: Alert) throws {
    guard let id = alert.id else { preconditionFailure("only a stored alert changes") }
    try changeOne(NoticeStatements.updateAlert, "alert \(id)") {
      $0.bind(alert.step)
      $0.bind(alert.nextAt?.milliseconds)
      $0.bind(alert.endedAt?.milliseconds)
      $0.bind(id)
    }
  }

  func insert(_ notice: Notice) throws {
    try change {
      try connection.run(NoticeStatements.insert) {
        $0.bind(notice.recipient)
        $0.bind(notice.chain)
        $0.bind(notice.subject)
        $0.bind(notice.content)
        $0.bind(notice.createdAt.milliseconds)
        $0.bind(notice.createdAt.milliseconds)
      }
    }
  }

  func update(_ notice: StoredNotice) throws {
    try changeOne(NoticeStatements.update, "notice \(notice.id)") {
      $0.bind(notice.attemptCount)
      $0.bind(notice.nextAt?.milliseconds)
      $0.bind(notice.deliveredAt?.milliseconds)
      $0.bind(notice.failure)
      $0.bind(notice.id)
    }
  }
}

/// The statements of alerts and notices.
private enum NoticeStatements {
  static let openAlerts = """
    SELECT id, fingerprint, raised_at, step, next_at, ended_at FROM alerts
    WHERE ended_at IS NULL ORDER BY id
    """
  /// Of one recipient and chain only the first that is not done.
  private static let isFirst = """
    NOT EXISTS (
      SELECT 1 FROM notices e
      WHERE e.recipient = n.recipient AND e.chain = n.chain AND e.id < n.id
        AND e.next_at IS NOT NULL
    )
    """
  static let due = """
    SELECT n.id, n.recipient, n.chain, n.subject, n.content, n.created_at, n.attempt_count,
      n.next_at, n.delivered_at, n.failure
    FROM notices n WHERE n.next_at <= ? AND \(isFirst) ORDER BY n.next_at, n.id LIMIT ?
    """
  static let next = """
    SELECT n.next_at FROM notices n WHERE n.next_at IS NOT NULL AND \(isFirst)
    ORDER BY n.next_at LIMIT 1
    """
  static let insertAlert = """
    INSERT INTO alerts (fingerprint, raised_at, step, next_at, ended_at) VALUES (?, ?, ?, ?, ?)
    """
  static let updateAlert = "UPDATE alerts SET step = ?, next_at = ?, ended_at = ? WHERE id = ?"
  static let insert = """
    INSERT INTO notices (recipient, chain, subject, content, created_at, attempt_count, next_at)
    VALUES (?, ?, ?, ?, ?, 0, ?)
    """
  static let update = """
    UPDATE notices SET attempt_count = ?, next_at = ?, delivered_at = ?, failure = ? WHERE id = ?
    """
}
