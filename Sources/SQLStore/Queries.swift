/// The statements that read.
enum Queries {
  static let documentColumns = """
    d.number, d.source, d.type, d.id, d.revision, d.entity, d.customer, d.reference,
    d.document_date, d.currency, d.state, d.content_hash, d.accepted_at, d.receivable,
    d.receivable_currency, d.rate, d.receivable_functional
    """
  static let document = """
    SELECT \(documentColumns) FROM documents d
    WHERE d.source = ? AND d.type = ? AND d.id = ? ORDER BY d.revision DESC LIMIT 1
    """
  static let documentByNumber = "SELECT \(documentColumns) FROM documents d WHERE d.number = ?"
  static let revisions = """
    SELECT \(documentColumns) FROM documents d
    WHERE d.source = ? AND d.type = ? AND d.id = ? ORDER BY d.revision
    """
  static let content = "SELECT content FROM contents WHERE document = ?"
  /// The part twice, then the document.
  static let openAmount = """
    SELECT
      CASE ? WHEN 'receivable' THEN coalesce(d.receivable, 0) ELSE 0 END
        + (SELECT coalesce(sum(c.amount), 0) FROM open_item_changes c
          WHERE c.item = d.number AND c.part = ? AND c.ledger IS NULL),
      coalesce(d.receivable_currency, d.currency)
    FROM documents d WHERE d.number = ?
    """
  /// By ledger and part: what was opened and what is open, each in the item's and in functional
  /// currency. The document, the first change that does not count, the document.
  static let openItems = """
    SELECT ledger, part, sum(max(amount, 0)), sum(max(functional, 0) * (amount > 0)), sum(amount),
      sum(functional), max(currency), max(functional_currency)
    FROM (
      SELECT ledger, part, amount, coalesce(functional, amount) AS functional, currency,
        functional_currency
      FROM open_item_changes WHERE item = ? AND number < ? AND entity IS NULL
      UNION ALL
      SELECT NULL, 'receivable', receivable, coalesce(receivable_functional, receivable),
        coalesce(receivable_currency, currency),
        CASE WHEN receivable_functional IS NOT NULL THEN rate ->> '$.to' END
      FROM documents WHERE number = ? AND receivable IS NOT NULL
    ) GROUP BY ledger, part
    """
  /// Whether an entry `e` with its posting `p` counts: one that was cancelled does together with its
  /// reversal, cancelled as well; one that was given up, or replaced by another, does not, nor does a
  /// reversal that was withdrawn.
  static let counts = """
    (p.state IS NULL OR p.state <> 'cancelled'
      OR CASE WHEN e.kind = 'reversal' AND e.reverses IS NOT NULL
        THEN EXISTS (SELECT 1 FROM entries o JOIN postings q ON q.number = o.number
          WHERE o.key = e.reverses AND q.state = 'cancelled')
        ELSE EXISTS (SELECT 1 FROM entries r JOIN postings q ON q.number = r.number
          WHERE r.reverses = e.key AND r.kind = 'reversal' AND q.state = 'cancelled') END)
    """
  static let openItemChangesBy = """
    SELECT item, part, by_document, amount, currency, functional, functional_currency, ledger,
      posting_date, entity, partner
    FROM open_item_changes WHERE by_document = ? ORDER BY number
    """

  /// The document is joined because an entry repeats its identity only where it differs.
  static let entryColumns = """
    e.number, e.key, e.entry_set, e.entity, e.ledger, e.kind, e.posting_date, e.document_date,
    e.currency, e.functional_currency, e.rate, e.reference, e.description,
    coalesce(e.source, o.source), coalesce(e.source_type, o.type), coalesce(e.source_id, o.id),
    e.source_revision, e.sequence, e.reverses, v.version, e.moved_from
    """
  static let entryTables = """
    entries e JOIN documents o ON o.number = e.document
    JOIN rules_versions v ON v.id = e.rules_version
    """
  static let entriesOfDocument = """
    SELECT \(entryColumns) FROM \(entryTables) WHERE e.document = ? ORDER BY e.number
    """
  static let entry = "SELECT \(entryColumns) FROM \(entryTables) WHERE e.key = ?"
  static let lines = """
    SELECT role, account, side, amount, functional_amount, party, tax, dimensions, description,
      reason, partner
    FROM entry_lines WHERE entry = ? ORDER BY number
    """
  static let reason = "SELECT rule_table, rule_row, because FROM reasons WHERE id = ?"
  static let rulesVersion = "SELECT id FROM rules_versions WHERE version = ?"
  static let reasonID = """
    SELECT id FROM reasons WHERE rule_table = ? AND rule_row = ? AND because = ?
    """
  static let entryNumber = "SELECT number, document FROM entries WHERE key = ?"

  static let postingColumns = """
    p.number, k.key, p.document, p.entity, p.connection, p.state, p.reason, p.not_before,
    p.attempt_count, p.is_doubtful, p.fence, p.leased_until, p.ticket, p.receipt_id,
    p.receipt_number, p.receipt_at, p.receipt_url, p.progress, p.batch_limit
    """
  static let postingTables = "postings p JOIN entries k ON k.number = p.number"
  static let posting = "SELECT \(postingColumns) FROM \(postingTables) WHERE p.number = ?"
  static let postingsOfDocument = """
    SELECT \(postingColumns) FROM entries k JOIN postings p ON p.number = k.number
    WHERE k.document = ? ORDER BY p.number
    """
  static let attempts = """
    SELECT posting, number, purpose, started_at, ended_at, outcome, code, message, evidence
    FROM attempts WHERE posting = ? ORDER BY number
    """
  static let claimableAtOnce = """
    SELECT \(postingColumns) FROM \(postingTables)
    WHERE p.connection = ? AND p.claim_at = 0 ORDER BY p.number LIMIT ?
    """
  static let claimableByNow = """
    SELECT \(postingColumns) FROM \(postingTables)
    WHERE p.connection = ? AND p.claim_at > 0 AND p.claim_at <= ?
    ORDER BY p.claim_at, p.number LIMIT ?
    """
  static let pollable = """
    SELECT \(postingColumns) FROM \(postingTables)
    WHERE p.connection = ? AND p.poll_at <= ? ORDER BY p.poll_at, p.number LIMIT ?
    """
  static let lapsed = """
    SELECT \(postingColumns) FROM \(postingTables)
    WHERE p.lapse_at < ? ORDER BY p.lapse_at, p.number LIMIT ?
    """
  static let nextClaim = """
    SELECT claim_at FROM postings WHERE connection = ? AND claim_at IS NOT NULL
    ORDER BY claim_at LIMIT 1
    """
  static let nextPoll = """
    SELECT poll_at FROM postings WHERE connection = ? AND poll_at IS NOT NULL
    ORDER BY poll_at LIMIT 1
    """
  static let openWorkDue = """
    SELECT EXISTS (
      SELECT 1 FROM postings WHERE connection = ? AND claim_at <= ? AND state <> 'posted'
    ) OR EXISTS (SELECT 1 FROM postings WHERE connection = ? AND poll_at <= ?)
    """
  static let postingsWaitingFor = """
    SELECT p.number FROM posting_order o JOIN postings p ON p.number = o.posting
    WHERE o.after = ? AND p.state = 'waiting' ORDER BY p.number
    """
  static let unpostedPredecessors = """
    SELECT p.number FROM posting_order o JOIN postings p ON p.number = o.after
    WHERE o.posting = ? AND p.state NOT IN ('posted', 'reversed') ORDER BY p.number
    """

  static let exceptionColumns = """
    x.id, x.class, x.cause, x.fingerprint, x.document, x.posting, x.entity, x.connection, x.amount,
    x.currency, x.since, x.owner, x.fix, x.state, x.held_until, x.tags
    """
  static let openExceptionsOfDocument = """
    SELECT \(exceptionColumns) FROM exceptions x
    WHERE x.document = ? AND x.state = 'open' ORDER BY x.id
    """
  static let openExceptionsOfPosting = """
    SELECT \(exceptionColumns) FROM exceptions x
    WHERE x.posting = ? AND x.state = 'open' ORDER BY x.id
    """

  static let waitColumns = "w.document, w.reason, w.detail, w.until_at"
  static let wait = "SELECT \(waitColumns) FROM document_waits w WHERE w.document = ?"
  static let anyWait = "SELECT 1 FROM document_waits LIMIT 1"
  static let awaited = "SELECT source, type, id FROM awaited WHERE document = ? ORDER BY position"
  static let waitingForIdentity = """
    SELECT document FROM awaited WHERE source = ? AND type = ? AND id = ? ORDER BY document
    """
  static let waitingForReason = """
    SELECT document FROM document_waits WHERE reason = ? ORDER BY document
    """
  static let waitsEnded = """
    SELECT \(waitColumns) FROM document_waits w WHERE w.until_at <= ? ORDER BY w.until_at, w.document
    """
  static let pauses = "SELECT connection, detail FROM connection_pauses"

  static let stateOfDocument = "SELECT state FROM documents WHERE number = ?"
  static let stateOfPosting = "SELECT state, reason FROM postings WHERE number = ?"
  static let eventColumns = """
    v.number, v.at, v.kind, v.document, d.source, d.type, d.id, d.revision, d.entity
    """
  static let lastEvent = "SELECT coalesce(max(number), 0) FROM events"

  static let auditColumns = """
    a.number, a.at, a.actor, a.action, a.document, a.posting, a.detail, a.evidence
    """
  /// Records that name the document, and those that name only one of its postings.
  static let auditOfDocument = """
    SELECT \(auditColumns) FROM audit a WHERE a.document = ?
    UNION ALL
    SELECT \(auditColumns) FROM entries e JOIN audit a ON a.posting = e.number
    WHERE e.document = ? AND a.document IS NULL AND a.posting IS NOT NULL
    ORDER BY 1
    """
  static let auditAfter = """
    SELECT \(auditColumns), a.hash FROM audit a WHERE a.number > ? ORDER BY a.number LIMIT ?
    """
  static let auditTail = """
    SELECT \(auditColumns), a.hash FROM audit a ORDER BY a.number DESC LIMIT 2
    """
  static let lastAuditMoment = "SELECT at FROM audit ORDER BY number DESC LIMIT 1"
  static let refusedColumns = "r.id, r.at, r.source, r.identity, r.problems, r.content"

  static let countDocuments = """
    SELECT entity, state, count(*) FROM documents GROUP BY entity, state ORDER BY 1, 2
    """
  static let countEntries = "SELECT entity, count(*) FROM entries GROUP BY entity ORDER BY 1"
  static let countPostings = """
    SELECT entity, state, count(*), connection FROM postings
    GROUP BY entity, connection, state ORDER BY 1, 4, 2
    """
  static let countExceptions = """
    SELECT entity, state, count(*) FROM exceptions WHERE state = 'open'
    GROUP BY entity, state ORDER BY 1
    """
  /// Whether a summary that was not given up carries the posting of `e`.
  static let isSummarised = """
    EXISTS (SELECT 1 FROM summary_details s JOIN postings c ON c.number = s.summary
      WHERE s.detail = e.number AND c.state <> 'cancelled')
    """
  static let totals = """
    SELECT p.entity, p.connection, p.state, count(*), sum(e.functional_total),
      e.functional_currency
    FROM postings p JOIN entries e ON e.number = p.number AND e.kind <> 'summary'
    GROUP BY p.entity, p.connection, p.state, e.functional_currency ORDER BY 1, 2, 3, 6
    """
  static let apiKeyColumns = "id, name, hash, entities, rights, created_at, revoked_at"
  static let apiKeys = "SELECT \(apiKeyColumns) FROM api_keys ORDER BY created_at, id"
  static let apiKey = "SELECT \(apiKeyColumns) FROM api_keys WHERE hash = ?"

  static let meta = "SELECT value FROM meta WHERE name = ?"
  static let lastDocument = "SELECT max(number) FROM documents"
  static let lastEntry = "SELECT max(number) FROM entries"
  /// Lines without an entry can only come from outside; their number is left alone.
  static let lastLine = "SELECT max(entry) FROM entry_lines"
  static let dataVersion = "PRAGMA data_version"

  static let unbalancedEntries = """
    SELECT count(*) FROM entries e LEFT JOIN (
      SELECT entry, count(*) AS line_count, sum(side * amount) AS difference,
        sum(side * functional_amount) AS functional_difference
      FROM entry_lines GROUP BY entry
    ) AS l ON l.entry = e.number
    WHERE l.entry IS NULL OR l.line_count <> e.line_count OR l.difference <> 0
      OR l.functional_difference <> 0
    """
  static let linesWithoutEntry = """
    SELECT count(*) FROM entry_lines l
    WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.number = l.entry)
    """
}
