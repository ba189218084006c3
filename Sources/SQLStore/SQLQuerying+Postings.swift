import AdapterKit
import Ledger
import PostingEngine

extension SQLQuerying {
  func postings(of document: DocumentNumber) throws -> [StoredPosting] {
    try connection.all(Queries.postingsOfDocument) {
      $0.bind(document.value)
    } read: {
      try $0.posting()
    }
  }

  func posting(_ number: PostingNumber) throws -> StoredPosting? {
    try connection.first(Queries.posting) {
      $0.bind(number.value)
    } read: {
      try $0.posting()
    }
  }

  func attempts(of posting: PostingNumber) throws -> [Attempt] {
    try connection.all(Queries.attempts) {
      $0.bind(posting.value)
    } read: {
      Attempt(
        posting: PostingNumber($0.integer(0)), number: $0.count(1), purpose: try $0.word(2),
        startedAt: $0.moment(3), endedAt: $0.optionalMoment(4), outcome: $0.optionalText(5),
        code: $0.optionalText(6), message: $0.optionalText(7), evidence: $0.optionalBytes(8))
    }
  }

  func postingsWaiting(for posting: PostingNumber) throws -> [PostingNumber] {
    try connection.all(Queries.postingsWaitingFor) {
      $0.bind(posting.value)
    } read: {
      PostingNumber($0.integer(0))
    }
  }

  func unpostedPredecessors(of posting: PostingNumber) throws -> [PostingNumber] {
    try connection.all(Queries.unpostedPredecessors) {
      $0.bind(posting.value)
    } read: {
      PostingNumber($0.integer(0))
    }
  }

  /// At most `limit` of those that may go at once, and of those whose moment came the earliest
  /// `limit`; merged by number. Each half reads no more rows than that, however long the backlog.
  func claimable(
    _ connection: ConnectionID, at now: Moment, limit: Int
  ) throws -> [StoredPosting] {
    let atOnce = try claimableAtOnce(connection, limit: limit)
    let byNow = try claimableByTime(connection, at: now, limit: limit)
    if byNow.isEmpty { return atOnce }
    return Array((atOnce + byNow).sorted { $0.number < $1.number }.prefix(limit))
  }

  func claimableAtOnce(_ connection: ConnectionID, limit: Int) throws -> [StoredPosting] {
    try self.connection.all(Queries.claimableAtOnce) {
      $0.bind(connection.code)
      $0.bind(limit)
    } read: {
      try $0.posting()
    }
  }

  func claimableByTime(
    _ connection: ConnectionID, at now: Moment, limit: Int
  ) throws -> [StoredPosting] {
    try self.connection.all(Queries.claimableByNow) {
      $0.bind(connection.code)
      $0.bind(now.milliseconds)
      $0.bind(limit)
    } read: {
      try $0.posting()
    }
  }

  func pollable(
    _ connection: ConnectionID, at now: Moment, limit: Int
  ) throws -> [StoredPosting] {
    try self.connection.all(Queries.pollable) {
      $0.bind(connection.code)
      $0.bind(now.milliseconds)
      $0.bind(limit)
    } read: {
      try $0.posting()
    }
  }

  func lapsed(at now: Moment, limit: Int) throws -> [StoredPosting] {
    try connection.all(Queries.lapsed) {
      $0.bind(now.milliseconds)
      $0.bind(limit)
    } read: {
      try $0.posting()
    }
  }

  func nextDue(_ connection: ConnectionID) throws -> Moment? {
    let moments = try [Queries.nextClaim, Queries.nextPoll].compactMap { query in
      try self.connection.first(query) {
        $0.bind(connection.code)
      } read: {
        $0.moment(0)
      }
    }
    return moments.min()
  }

  func isOpenWorkDue(_ connection: ConnectionID, by moment: Moment) throws -> Bool {
    try self.connection.first(Queries.openWorkDue) { statement in
      for _ in 0..<2 {
        statement.bind(connection.code)
        statement.bind(moment.milliseconds)
      }
    } read: {
      $0.flag(0)
    } ?? false
  }
}

extension StoredPosting {
  /// Stands in the columns below for a posting that may be touched at once.
  private static let atOnce: Int64 = 0

  /// When time alone makes it claimable, in milliseconds; nil for never.
  var claimAt: Int64? {
    switch (state, reason) {
    case (.due, _), (.unknown, _), (.waiting, .backoff), (.waiting, .quota):
      notBefore?.milliseconds ?? StoredPosting.atOnce
    // A period that nobody can ask for is tried; a posted entry is looked up once more, because an
    // attempt that was given up may have come through after all.
    case (.waiting, .period), (.posted, _): notBefore?.milliseconds
    default: nil
    }
  }

  /// When its ticket is asked next; nil for never.
  var pollAt: Int64? {
    state == .submitted ? notBefore?.milliseconds ?? StoredPosting.atOnce : nil
  }

  /// When the claim on it ends; nil unless somebody has it in hand.
  var lapseAt: Int64? {
    leasedUntil?.milliseconds ?? (state == .sending ? StoredPosting.atOnce : nil)
  }
}

extension PreparedStatement {
  /// The columns of ``Queries/postingColumns``.
  func posting() throws -> StoredPosting {
    var receipt: Receipt?
    if let id = optionalText(13) {
      receipt = Receipt(
        id: id, number: text(14), postedAt: optionalMoment(15), url: optionalText(16))
    }
    return StoredPosting(
      number: PostingNumber(integer(0)), entry: try key(1), document: DocumentNumber(integer(2)),
      entity: LegalEntityID(text(3)), connection: ConnectionID(text(4)), state: try word(5),
      reason: try optionalWord(6), notBefore: optionalMoment(7), attemptCount: count(8),
      isDoubtful: flag(9), fence: integer(10), leasedUntil: optionalMoment(11),
      ticket: optionalText(12).map { Ticket($0, progress: optionalText(17)) }, receipt: receipt,
      batchLimit: optionalInteger(18).map { Int($0) })
  }
}
