/// Working on exceptions, telling people about them, and evidence in the audit trail.
enum Schema0007 {
  static let tables = """
    ALTER TABLE exceptions ADD COLUMN held_until INTEGER;
    ALTER TABLE exceptions ADD COLUMN tags TEXT;  -- JSON list of texts; NULL: none
    CREATE INDEX exceptions_of_cause ON exceptions (fingerprint, id);
    CREATE INDEX exceptions_open ON exceptions (id) WHERE state = 'open';

    CREATE TABLE exception_comments (
      number INTEGER PRIMARY KEY,
      exception INTEGER NOT NULL REFERENCES exceptions (id),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX exception_comments_of_exception ON exception_comments (exception, number);

    -- An action that waits for a second person.
    CREATE TABLE proposals (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      parameters TEXT NOT NULL,
      exceptions TEXT NOT NULL,
      state TEXT NOT NULL,
      decided_by TEXT,
      decided_at INTEGER
    ) STRICT;

    -- One row for each cause that somebody was told about; open until ended_at is set.
    CREATE TABLE alerts (
      id INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL,
      raised_at INTEGER NOT NULL,
      step INTEGER NOT NULL,
      next_at INTEGER,
      ended_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX alerts_open ON alerts (fingerprint) WHERE ended_at IS NULL;

    -- Messages on their way out. next_at is NULL when nothing more will be tried.
    CREATE TABLE notices (
      id INTEGER PRIMARY KEY,
      recipient TEXT NOT NULL,
      chain TEXT NOT NULL,
      subject TEXT NOT NULL,
      content TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      attempt_count INTEGER NOT NULL,
      next_at INTEGER,
      delivered_at INTEGER,
      failure TEXT
    ) STRICT;
    CREATE INDEX notices_due ON notices (next_at, id) WHERE next_at IS NOT NULL;
    CREATE INDEX notices_in_chain ON notices (recipient, chain, id) WHERE next_at IS NOT NULL;

    -- What the audit trail vouches for by its hash: compressed, by the SHA-256 of what it was.
    CREATE TABLE evidence (
      hash BLOB PRIMARY KEY,
      size INTEGER NOT NULL,
      content BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE audit ADD COLUMN evidence BLOB;

    -- The head of the audit trail at a record, signed.
    CREATE TABLE checkpoints (
      number INTEGER PRIMARY KEY,
      statement TEXT NOT NULL,
      signature BLOB NOT NULL
    ) STRICT;
    """

  static let triggers = """
    CREATE TRIGGER evidence_kept BEFORE DELETE ON evidence BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER evidence_unchanged BEFORE UPDATE ON evidence BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoints BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER checkpoint_unchanged BEFORE UPDATE ON checkpoints BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER comment_kept BEFORE DELETE ON exception_comments BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER comment_unchanged BEFORE UPDATE ON exception_comments BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    """
}
