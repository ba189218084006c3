import Ledger
import PostingEngine

extension SQLQuerying {
  func exception(_ id: Int64) throws -> PostingException? {
    try connection.first(ExceptionStatements.exception) {
      $0.bind(id)
    } read: {
      try $0.exception()
    }
  }

  func comments(of exception: Int64) throws -> [ExceptionComment] {
    try connection.all(ExceptionStatements.comments) {
      $0.bind(exception)
    } read: {
      ExceptionComment(
        exception: $0.integer(0), at: $0.moment(1), actor: $0.text(2), text: $0.text(3))
    }
  }

  func proposal(_ id: Int64) throws -> ExceptionProposal? {
    try connection.first(ExceptionStatements.proposal) {
      $0.bind(id)
    } read: {
      try $0.proposal()
    }
  }

  func openProposals() throws -> [ExceptionProposal] {
    try connection.all(ExceptionStatements.openProposals) { try $0.proposal() }
  }

  func holdsEnded(by now: Moment, limit: Int) throws -> [PostingException] {
    try connection.all(ExceptionStatements.holdsEnded) {
      $0.bind(now.milliseconds)
      $0.bind(limit)
    } read: {
      try $0.exception()
    }
  }

  func openCauses(at now: Moment) throws -> [ExceptionGroup] {
    var groups: [ExceptionGroup] = []
    var positions: [String: Int] = [:]
    let rows = try connection.all(ExceptionStatements.openCauses) {
      $0.bind(now.milliseconds)
    } read: {
      (
        first: try $0.exception(), count: $0.count(16), sum: $0.integer(17),
        since: $0.moment(18)
      )
    }
    for row in rows {
      let sum = Money(minorUnits: row.sum, row.first.amount.currency)
      if let position = positions[row.first.fingerprint] {
        groups[position].add(count: row.count, sum, since: row.since)
      } else {
        positions[row.first.fingerprint] = groups.count
        groups.append(
          ExceptionGroup(row.first, count: row.count, amount: sum, since: row.since))
      }
    }
    return groups
  }
}

extension PreparedStatement {
  /// The columns of ``ExceptionStatements/proposal``.
  fileprivate func proposal() throws -> ExceptionProposal {
    let parameters = try json(4).members.map { ($0.name, $0.value.text ?? "") }
    guard
      let action = ExceptionAction(
        name: text(3), parameters: Dictionary(parameters) { first, _ in first })
    else { throw unreadable(3, "an action") }
    return ExceptionProposal(
      id: integer(0), at: moment(1), actor: text(2), action: action,
      exceptions: try json(5).list.compactMap { $0.text.flatMap { Int64($0) } },
      state: try word(6), decidedBy: optionalText(7), decidedAt: optionalMoment(8))
  }
}

extension PostingException {
  /// The column of the tags; nil for none.
  var storedTags: String? { tags.isEmpty ? nil : StoredJSON.texts(tags).json }
}

/// The statements of work on exceptions.
enum ExceptionStatements {
  static let exception =
    "SELECT \(Queries.exceptionColumns) FROM exceptions x WHERE x.id = ?"
  static let comments = """
    SELECT exception, at, actor, text FROM exception_comments WHERE exception = ? ORDER BY number
    """
  private static let proposalColumns = """
    id, at, actor, action, parameters, exceptions, state, decided_by, decided_at
    """
  static let proposal = "SELECT \(proposalColumns) FROM proposals WHERE id = ?"
  static let openProposals = """
    SELECT \(proposalColumns) FROM proposals WHERE state = 'open' ORDER BY id
    """
  static let holdsEnded = """
    SELECT \(Queries.exceptionColumns) FROM exceptions x
    WHERE x.state = 'open' AND x.held_until <= ? ORDER BY x.held_until, x.id LIMIT ?
    """
  static let openCauses = """
    SELECT \(Queries.exceptionColumns), g.number, g.sum, g.since FROM (
      SELECT min(id) AS first, count(*) AS number, sum(amount) AS sum, min(since) AS since
      FROM exceptions WHERE state = 'open' AND (held_until IS NULL OR held_until <= ?)
      GROUP BY fingerprint, currency
    ) g JOIN exceptions x ON x.id = g.first ORDER BY g.first
    """

  static let update = "UPDATE exceptions SET owner = ?, held_until = ?, tags = ? WHERE id = ?"
  static let insertComment = """
    INSERT INTO exception_comments (exception, at, actor, text) VALUES (?, ?, ?, ?)
    """
  static let insertProposal = """
    INSERT INTO proposals (at, actor, action, parameters, exceptions, state)
    VALUES (?, ?, ?, ?, ?, ?)
    """
  static let decideProposal = """
    UPDATE proposals SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'open'
    """
  static let moveOrder = "UPDATE posting_order SET after = ? WHERE after = ?"
}
