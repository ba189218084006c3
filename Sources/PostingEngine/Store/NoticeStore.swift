package import Ledger

/// What can be asked about alerts and messages on their way out.
package protocol NoticeQueries {
  func openAlerts() throws -> [Alert]
  /// Notices to send now, the oldest first: of one recipient and chain only the first.
  func noticesDue(at now: Moment, limit: Int) throws -> [StoredNotice]
  /// The earliest moment at which a notice is due; nil when none is.
  func nextNotice() throws -> Moment?
}

package protocol NoticeChanges {
  func insert(_ alert: Alert) throws
  /// Replaces step, next moment and end.
  func update(_ alert: Alert) throws
  func insert(_ notice: Notice) throws
  /// Replaces what became of it.
  func update(_ notice: StoredNotice) throws
}

/// A cause that somebody was told about.
package struct Alert: Hashable, Sendable {
  /// nil before it is stored.
  package var id: Int64?
  package var fingerprint: String
  package var raisedAt: Moment
  /// Steps of its rule that were carried out.
  package var step: Int
  /// When the next step is due; nil after the last.
  package var nextAt: Moment?
  /// When its last exception was gone; nil while there are any.
  package var endedAt: Moment?

  package init(
    id: Int64? = nil, fingerprint: String, raisedAt: Moment, step: Int, nextAt: Moment?,
    endedAt: Moment? = nil
  ) {
    self.id = id
    self.fingerprint = fingerprint
    self.raisedAt = raisedAt
    self.step = step
    self.nextAt = nextAt
    self.endedAt = endedAt
  }
}

/// A message to somebody outside.
package struct Notice: Hashable, Sendable {
  /// The name of a recipient in the configuration.
  package var recipient: String
  /// Notices of one chain go to one recipient in order.
  package var chain: String
  package var subject: String
  /// JSON for a webhook, plain text for a mail.
  package var content: String
  package var createdAt: Moment

  package init(
    recipient: String, chain: String, subject: String, content: String, createdAt: Moment
  ) {
    self.recipient = recipient
    self.chain = chain
    self.subject = subject
    self.content = content
    self.createdAt = createdAt
  }
}

/// A message with what became of it so far.
package struct StoredNotice: Hashable, Sendable {
  package var id: Int64
  package var notice: Notice
  package var attemptCount: Int
  /// When it is tried next; nil when it is delivered or given up.
  package var nextAt: Moment?
  package var deliveredAt: Moment?
  /// Why the last attempt failed.
  package var failure: String?

  package init(
    id: Int64, notice: Notice, attemptCount: Int, nextAt: Moment?, deliveredAt: Moment?,
    failure: String?
  ) {
    self.id = id
    self.notice = notice
    self.attemptCount = attemptCount
    self.nextAt = nextAt
    self.deliveredAt = deliveredAt
    self.failure = failure
  }
}
