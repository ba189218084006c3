/// Revenue schedules and their movements.
enum Schema0004 {
  static let sql = """
    CREATE TABLE schedules (
      number INTEGER PRIMARY KEY,
      document INTEGER NOT NULL REFERENCES documents (number),
      entity TEXT NOT NULL,
      ledger TEXT NOT NULL,
      line TEXT NOT NULL,
      product TEXT NOT NULL,
      customer TEXT,
      contract TEXT,
      method TEXT NOT NULL,
      service_from TEXT NOT NULL,
      service_through TEXT NOT NULL,
      usage_meter TEXT,
      usage_quantity TEXT,
      currency TEXT NOT NULL,
      functional_currency TEXT NOT NULL,
      rate TEXT,
      deferred_account TEXT NOT NULL,
      deferred_dimensions TEXT,
      deferred_reason INTEGER NOT NULL,
      recognised_role TEXT NOT NULL,
      recognised_account TEXT NOT NULL,
      recognised_dimensions TEXT,
      recognised_reason INTEGER NOT NULL,
      description TEXT NOT NULL
    ) STRICT;
    CREATE INDEX schedules_of_document ON schedules (document);
    CREATE INDEX schedules_of_entity ON schedules (entity, ledger);
    CREATE INDEX schedules_of_contract ON schedules (contract, entity)
      WHERE contract IS NOT NULL;

    -- What is deferred is the sum of the movements: plans add, releases take off.
    CREATE TABLE schedule_movements (
      number INTEGER PRIMARY KEY,
      schedule INTEGER NOT NULL REFERENCES schedules (number),
      kind TEXT NOT NULL,
      month TEXT NOT NULL,
      amount INTEGER NOT NULL,
      functional_amount INTEGER NOT NULL,
      by_document INTEGER NOT NULL REFERENCES documents (number),
      posting_date TEXT NOT NULL,
      entry TEXT             -- of a month-end run; NULL: the document's own
    ) STRICT;
    CREATE INDEX schedule_movements_of_schedule ON schedule_movements (schedule, month);
    CREATE INDEX schedule_movements_by_document ON schedule_movements (by_document);

    CREATE TRIGGER schedule_kept BEFORE DELETE ON schedules BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER schedule_unchanged BEFORE UPDATE ON schedules BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER schedule_movement_kept BEFORE DELETE ON schedule_movements BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER schedule_movement_unchanged BEFORE UPDATE ON schedule_movements BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    """
}
