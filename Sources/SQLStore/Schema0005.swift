/// Which rules are in force, and which postings a summary carries.
enum Schema0005 {
  static let sql = """
    -- Versions of the rules that were put in force, or proposed and not approved yet.
    CREATE TABLE rules_activations (
      number INTEGER PRIMARY KEY,
      version TEXT NOT NULL,
      files TEXT NOT NULL,
      reason TEXT NOT NULL,
      proposed_at INTEGER NOT NULL,
      proposed_by TEXT NOT NULL,
      activated_at INTEGER,
      activated_by TEXT
    ) STRICT;
    CREATE TRIGGER rules_activation_kept BEFORE DELETE ON rules_activations BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;
    CREATE TRIGGER rules_activation_unchanged BEFORE UPDATE ON rules_activations
      WHEN OLD.activated_at IS NOT NULL OR NEW.version <> OLD.version OR NEW.files <> OLD.files
        OR NEW.reason <> OLD.reason OR NEW.proposed_at <> OLD.proposed_at
        OR NEW.proposed_by <> OLD.proposed_by BEGIN
      SELECT RAISE(ABORT, 'audit_immutable');
    END;

    -- The drill-back list: the postings whose amounts a summary holds.
    CREATE TABLE summary_details (
      summary INTEGER NOT NULL REFERENCES postings (number),
      detail INTEGER NOT NULL REFERENCES postings (number),
      PRIMARY KEY (summary, detail)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX summary_of_detail ON summary_details (detail);
    CREATE TRIGGER summary_detail_kept BEFORE DELETE ON summary_details BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE TRIGGER summary_detail_unchanged BEFORE UPDATE ON summary_details BEGIN
      SELECT RAISE(ABORT, 'entry_immutable');
    END;
    CREATE INDEX postings_to_summarise ON postings (entity, connection, number)
      WHERE state = 'waiting' AND reason = 'summary';
    """
}
