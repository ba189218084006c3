/// Events for the outside, what connections have used, what ERPs say of their periods.
enum Schema0006 {
  static let sql = """
    -- The outbox. Readers keep their own place in it.
    CREATE TABLE events (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      document INTEGER NOT NULL REFERENCES documents (number)
    ) STRICT;
    CREATE TRIGGER event_unchanged BEFORE UPDATE ON events BEGIN
      SELECT RAISE(ABORT, 'event_immutable');
    END;

    -- What an ERP says of a posting that it has taken and not decided on, in its own words.
    ALTER TABLE postings ADD COLUMN progress TEXT;
    -- At most so many in one call: halved each time the ERP refuses a batch as a whole.
    ALTER TABLE postings ADD COLUMN batch_limit INTEGER;
    CREATE INDEX postings_held_by_period ON postings (connection, number)
      WHERE reason = 'period' AND state = 'waiting';

    -- Calls and refusals of ten minutes each, so that limits per hour, day and month outlive a
    -- restart. 'slot' is the moment divided by their length.
    CREATE TABLE connection_usage (
      connection TEXT NOT NULL,
      slot INTEGER NOT NULL,
      calls INTEGER NOT NULL,
      refusals INTEGER NOT NULL,
      PRIMARY KEY (connection, slot)
    ) STRICT, WITHOUT ROWID;

    -- What holds a connection up, as its engine last said.
    CREATE TABLE connection_reports (
      connection TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      report TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE erp_periods (
      connection TEXT NOT NULL,
      period TEXT NOT NULL,
      status TEXT NOT NULL,
      read_at INTEGER NOT NULL,
      PRIMARY KEY (connection, period)
    ) STRICT, WITHOUT ROWID;

    -- Documents with entries in several entities of which some are in their ERPs and some are not.
    CREATE TABLE half_posted (
      document INTEGER PRIMARY KEY REFERENCES documents (number),
      since INTEGER NOT NULL
    ) STRICT;
    """
}
