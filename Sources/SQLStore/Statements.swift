/// The statements that write; `?` stands for each value in the order of the columns.
enum Statements {
  static let insertDocument = """
    INSERT INTO documents (number, source, type, id, revision, entity, customer, reference,
      document_date, currency, state, content_hash, accepted_at, receivable, receivable_currency,
      receivable_functional, rate, item_entity)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let insertContent = "INSERT INTO contents (document, content) VALUES (?, ?)"
  static let insertLine = """
    INSERT INTO entry_lines (entry, number, role, account, side, amount, functional_amount, party,
      tax, dimensions, description, reason, partner)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let insertEntry = """
    INSERT INTO entries (number, key, entry_set, document, entity, ledger, kind, posting_date,
      document_date, currency, functional_currency, rate, reference, description, source,
      source_type, source_id, source_revision, sequence, reverses, rules_version, line_count,
      functional_total, moved_from)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let insertPosting = """
    INSERT INTO postings (number, document, entity, connection, state, reason, attempt_count,
      is_doubtful, fence, claim_at)
    VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?)
    """
  static let insertAudit = """
    INSERT INTO audit (number, at, actor, action, document, posting, detail, evidence, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let updatePosting = """
    UPDATE postings SET state = ?, reason = ?, not_before = ?, attempt_count = ?, is_doubtful = ?,
      fence = ?, leased_until = ?, ticket = ?, receipt_id = ?, receipt_number = ?, receipt_at = ?,
      receipt_url = ?, progress = ?, batch_limit = ?, claim_at = ?, poll_at = ?, lapse_at = ?
    WHERE number = ? AND fence <= ?
    """
  static let insertEvent = "INSERT INTO events (at, kind, document) VALUES (?, ?, ?)"
  static let setDocumentState = "UPDATE documents SET state = ? WHERE number = ?"
  static let insertAttempt = """
    INSERT INTO attempts
      (posting, number, purpose, started_at, ended_at, outcome, code, message, evidence)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let completeAttempt = """
    UPDATE attempts SET ended_at = ?, outcome = ?, code = ?, message = ?, evidence = ?
    WHERE posting = ? AND number = ?
    """

  static let insertRulesVersion = """
    INSERT INTO rules_versions (version) VALUES (?) ON CONFLICT (version) DO NOTHING
    """
  static let insertReason = """
    INSERT INTO reasons (rule_table, rule_row, because) VALUES (?, ?, ?)
    ON CONFLICT (rule_table, rule_row, because) DO NOTHING
    """

  static let setConversion = """
    UPDATE documents SET receivable = ?, receivable_functional = ?, rate = ?,
      receivable_currency = CASE ? WHEN currency THEN NULL ELSE ? END
    WHERE number = ?
    """
  static let insertPostingOrder = "INSERT INTO posting_order (posting, after) VALUES (?, ?)"
  static let insertException = """
    INSERT INTO exceptions (id, class, cause, fingerprint, document, posting, entity, connection,
      amount, currency, since, owner, fix, state, held_until, tags)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let resolveException = """
    UPDATE exceptions SET state = 'resolved', resolved_at = coalesce(resolved_at, ?) WHERE id = ?
    """
  static let insertWait = """
    INSERT INTO document_waits (document, reason, detail, until_at) VALUES (?, ?, ?, ?)
    """
  static let insertAwaited = """
    INSERT INTO awaited (source, type, id, document, position) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (source, type, id, document) DO NOTHING
    """
  static let deleteAwaited = "DELETE FROM awaited WHERE document = ?"
  static let deleteWait = "DELETE FROM document_waits WHERE document = ?"
  static let insertOpenItemChange = """
    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency, ledger,
        posting_date, entity, partner)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let insertRefused = """
    INSERT INTO refused (id, at, source, identity, problems, content) VALUES (?, ?, ?, ?, ?, ?)
    """
  static let insertAPIKey = """
    INSERT INTO api_keys (id, name, hash, entities, rights, created_at, revoked_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """
  static let revokeAPIKey = """
    UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL
    """
  static let pauseConnection = """
    INSERT INTO connection_pauses (connection, detail) VALUES (?, ?)
    ON CONFLICT (connection) DO UPDATE SET detail = excluded.detail
    """
  static let resumeConnection = "DELETE FROM connection_pauses WHERE connection = ?"
  static let setMeta = """
    INSERT INTO meta (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """
}
