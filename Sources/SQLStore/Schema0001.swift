/// The first schema.
///
/// Whole numbers, text and bytes only. For PostgreSQL read `INTEGER` as `BIGINT`, `BLOB` as `BYTEA`,
/// and leave `STRICT` and `WITHOUT ROWID` out; the triggers have their own dialect. Money is in minor
/// units, days are `YYYY-MM-DD`, moments milliseconds since 1970-01-01T00:00:00Z.
enum Schema0001 {
  static let tables = """
    CREATE TABLE meta (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE documents (
      number INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      type TEXT NOT NULL,
      id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      entity TEXT NOT NULL,
      customer TEXT,
      reference TEXT NOT NULL,
      document_date TEXT NOT NULL,
      currency TEXT NOT NULL,
      state TEXT NOT NULL,
      content_hash BLOB NOT NULL,
      accepted_at INTEGER NOT NULL,
      receivable INTEGER,
      receivable_currency TEXT,  -- NULL: that of the document
      rate TEXT,
      UNIQUE (source, type, id, revision)
    ) STRICT;

    -- Apart from the documents, so that a change of state and a list move small rows only.
    CREATE TABLE contents (
      document INTEGER PRIMARY KEY REFERENCES documents (number),
      content BLOB NOT NULL
    ) STRICT;

    CREATE TABLE rules_versions (
      id INTEGER PRIMARY KEY,
      version TEXT NOT NULL UNIQUE
    ) STRICT;

    -- Why an account was chosen: one row for each row of the configuration, shared by lines.
    CREATE TABLE reasons (
      id INTEGER PRIMARY KEY,
      rule_table TEXT NOT NULL,
      rule_row INTEGER NOT NULL,
      because TEXT NOT NULL,
      UNIQUE (rule_table, rule_row, because)
    ) STRICT;

    CREATE TABLE entries (
      number INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      entry_set TEXT NOT NULL,
      document INTEGER NOT NULL REFERENCES documents (number),
      entity TEXT NOT NULL,
      ledger TEXT NOT NULL,
      kind TEXT NOT NULL,
      posting_date TEXT NOT NULL,
      document_date TEXT NOT NULL,
      currency TEXT NOT NULL,
      functional_currency TEXT NOT NULL,
      rate TEXT,
      reference TEXT NOT NULL,
      description TEXT NOT NULL,
      source TEXT,           -- NULL, as the next two: the document's own
      source_type TEXT,
      source_id TEXT,
      source_revision INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      reverses TEXT,
      rules_version INTEGER NOT NULL REFERENCES rules_versions (id),
      line_count INTEGER NOT NULL CHECK (line_count > 0),
      functional_total INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entries_of_document ON entries (document);

    CREATE TABLE entry_lines (
      entry INTEGER NOT NULL,
      number INTEGER NOT NULL,
      role TEXT NOT NULL,
      account TEXT NOT NULL,
      side INTEGER NOT NULL CHECK (side IN (1, -1)),  -- debit 1, credit -1
      amount INTEGER NOT NULL CHECK (amount >= 0),
      functional_amount INTEGER NOT NULL CHECK (functional_amount >= 0),
      party TEXT,
      tax TEXT,
      dimensions TEXT,
      description TEXT,      -- NULL: that of the entry
      reason INTEGER NOT NULL,
      PRIMARY KEY (entry, number)
    ) STRICT, WITHOUT ROWID;

    -- A posting has the number of its entry. The last three columns say when time alone makes it
    -- claimable, due for a poll, or lapsed; 0 is at once, NULL never.
    CREATE TABLE postings (
      number INTEGER PRIMARY KEY REFERENCES entries (number),
      document INTEGER NOT NULL,
      entity TEXT NOT NULL,
      connection TEXT NOT NULL,
      state TEXT NOT NULL,
      reason TEXT,
      not_before INTEGER,
      attempt_count INTEGER NOT NULL,
      is_doubtful INTEGER NOT NULL,
      fence INTEGER NOT NULL,
      leased_until INTEGER,
      ticket TEXT,
      receipt_id TEXT,
      receipt_number TEXT,
      receipt_at INTEGER,
      receipt_url TEXT,
      claim_at INTEGER,
      poll_at INTEGER,
      lapse_at INTEGER
    ) STRICT;
    CREATE INDEX postings_to_claim ON postings (connection, claim_at, number)
      WHERE claim_at IS NOT NULL;
    CREATE INDEX postings_to_poll ON postings (connection, poll_at, number)
      WHERE poll_at IS NOT NULL;
    CREATE INDEX postings_to_lapse ON postings (lapse_at, number) WHERE lapse_at IS NOT NULL;

    CREATE TABLE posting_order (
      posting INTEGER NOT NULL REFERENCES postings (number),
      after INTEGER NOT NULL REFERENCES postings (number),
      PRIMARY KEY (posting, after)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX posting_order_after ON posting_order (after, posting);

    CREATE TABLE attempts (
      posting INTEGER NOT NULL REFERENCES postings (number),
      number INTEGER NOT NULL,
      purpose TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      outcome TEXT,
      code TEXT,
      message TEXT,
      PRIMARY KEY (posting, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE exceptions (
      id INTEGER PRIMARY KEY,
      class TEXT NOT NULL,
      cause TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      document INTEGER REFERENCES documents (number),
      posting INTEGER REFERENCES postings (number),
      entity TEXT NOT NULL,
      connection TEXT,
      amount INTEGER NOT NULL,
      currency TEXT NOT NULL,
      since INTEGER NOT NULL,
      owner TEXT,
      fix TEXT NOT NULL,
      state TEXT NOT NULL,
      resolved_at INTEGER
    ) STRICT;
    CREATE INDEX exceptions_of_document ON exceptions (document) WHERE state = 'open';
    CREATE INDEX exceptions_of_posting ON exceptions (posting) WHERE state = 'open';

    CREATE TABLE document_waits (
      document INTEGER PRIMARY KEY REFERENCES documents (number),
      reason TEXT NOT NULL,
      detail TEXT NOT NULL,
      until_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX document_waits_until ON document_waits (until_at);

    CREATE TABLE awaited (
      source TEXT NOT NULL,
      type TEXT NOT NULL,
      id TEXT NOT NULL,
      document INTEGER NOT NULL REFERENCES document_waits (document),
      position INTEGER NOT NULL,
      PRIMARY KEY (source, type, id, document)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX awaited_by_document ON awaited (document, position);

    CREATE TABLE open_item_changes (
      number INTEGER PRIMARY KEY,
      item INTEGER NOT NULL REFERENCES documents (number),
      part TEXT NOT NULL,
      by_document INTEGER NOT NULL REFERENCES documents (number),
      amount INTEGER NOT NULL,
      currency TEXT NOT NULL
    ) STRICT;
    CREATE INDEX open_item_changes_of_item ON open_item_changes (item, part);
    CREATE INDEX open_item_changes_by_document ON open_item_changes (by_document);

    CREATE TABLE refused (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      source TEXT NOT NULL,
      identity TEXT,
      problems TEXT NOT NULL,
      content BLOB NOT NULL
    ) STRICT;

    CREATE TABLE audit (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      document INTEGER,
      posting INTEGER,
      detail TEXT NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audit_of_document ON audit (document) WHERE document IS NOT NULL;
    CREATE INDEX audit_of_posting ON audit (posting)
      WHERE document IS NULL AND posting IS NOT NULL;

    CREATE TABLE api_keys (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      hash BLOB NOT NULL UNIQUE,
      entities TEXT NOT NULL,
      rights TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE connection_pauses (
      connection TEXT PRIMARY KEY,
      detail TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  /// The first word of a message is the code of the problem it becomes.
  ///
  /// `INSERT OR REPLACE` deletes without asking a delete trigger; the insert triggers refuse it.
  static let triggers = """
    CREATE TRIGGER entry_balances BEFORE INSERT ON entries BEGIN
      SELECT RAISE(ABORT, 'entry_exists')
        WHERE EXISTS (SELECT 1 FROM entries WHERE number = NEW.number)
          OR EXISTS (SELECT 1 FROM entries WHERE key = NEW.key);
      SELECT RAISE(ABORT, 'entry_unbalanced')
        FROM (
          SELECT count(*) AS line_count,
            coalesce(sum(side * amount), 1) AS difference,
            coalesce(sum(side * functional_amount), 1) AS functional_difference,
            sum(CASE side WHEN 1 THEN functional_amount ELSE 0 END) AS functional_total
          FROM entry_lines WHERE entry = NEW.number
        ) AS lines
        WHERE lines.line_count <> NEW.line_count OR lines.difference <> 0
          OR lines.functional_difference <> 0 OR lines.functional_total <> NEW.functional_total;
    END;
    CREATE TRIGGER entry_kept BEFORE DELETE ON entries BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entries BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER line_before_entry BEFORE INSERT ON entry_lines
      WHEN EXISTS (SELECT 1 FROM entries WHERE number = NEW.entry) BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER line_kept BEFORE DELETE ON entry_lines BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER line_unchanged BEFORE UPDATE ON entry_lines BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER document_kept BEFORE DELETE ON documents BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER document_unchanged BEFORE UPDATE OF number, source, type, id, revision, entity,
      customer, reference, document_date, currency, content_hash, accepted_at ON documents BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER content_once BEFORE INSERT ON contents
      WHEN EXISTS (SELECT 1 FROM contents WHERE document = NEW.document) BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER content_kept BEFORE DELETE ON contents BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER content_unchanged BEFORE UPDATE ON contents BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER reason_kept BEFORE DELETE ON reasons BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER reason_unchanged BEFORE UPDATE ON reasons BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER rules_version_kept BEFORE DELETE ON rules_versions BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER rules_version_unchanged BEFORE UPDATE ON rules_versions BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER open_item_change_kept BEFORE DELETE ON open_item_changes BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER open_item_change_unchanged BEFORE UPDATE ON open_item_changes BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER posting_kept BEFORE DELETE ON postings BEGIN
      SELECT RAISE(ABORT, 'posting_immutable');
    END;
    CREATE TRIGGER posting_final BEFORE UPDATE OF state ON postings
      WHEN OLD.state IN ('posted', 'cancelled', 'reversed') AND NEW.state <> OLD.state
        AND NOT (OLD.state = 'posted' AND NEW.state = 'reversed') BEGIN
      SELECT RAISE(ABORT, 'posting_final');
    END;
    CREATE TRIGGER audit_once BEFORE INSERT ON audit
      WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number) BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    """
}
