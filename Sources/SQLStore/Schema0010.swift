/// Open items of parallel ledgers, and items that stand in another entity's books.
enum Schema0010 {
  static let sql = """
    -- NULL: the leading ledger. What an invoice opens in a parallel ledger is a row here, too.
    ALTER TABLE open_item_changes ADD COLUMN ledger TEXT;
    -- NULL: the day on which by_document reached the books.
    ALTER TABLE open_item_changes ADD COLUMN posting_date TEXT;

    -- Whose books a document's open items stand in, where that is not its own entity: the owner of
    -- money that another one collected.
    ALTER TABLE documents ADD COLUMN item_entity TEXT;
    CREATE INDEX documents_of_item_entity ON documents (item_entity)
      WHERE item_entity IS NOT NULL;
    CREATE TRIGGER document_item_entity_unchanged BEFORE UPDATE OF item_entity ON documents
      WHEN OLD.item_entity IS NOT NULL BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;

    UPDATE documents
    SET item_entity = (SELECT CAST(t.content AS TEXT) ->> '$.collectedFor' FROM contents t
      WHERE t.document = documents.number)
    WHERE type = 'payment' AND (SELECT CAST(t.content AS TEXT) ->> '$.collectedFor'
      FROM contents t WHERE t.document = documents.number) <> entity;

    -- Until now parallel ledgers took what was carried in the leading one.
    CREATE TEMP TABLE parallel_books AS
      SELECT DISTINCT e.document, e.ledger FROM entries e WHERE e.ledger <> 'primary';
    CREATE TEMP TABLE parallel_changes AS
      SELECT c.number AS number, c.item, c.part, c.by_document, c.amount, c.currency, c.functional,
        c.functional_currency, b.ledger
      FROM open_item_changes c JOIN parallel_books b ON b.document = c.by_document
      UNION ALL
      SELECT 0, d.number, 'receivable', d.number, d.receivable,
        coalesce(d.receivable_currency, d.currency), d.receivable_functional,
        CASE WHEN d.receivable_functional IS NOT NULL THEN d.rate ->> '$.to' END, b.ledger
      FROM documents d JOIN parallel_books b ON b.document = d.number
      WHERE d.receivable IS NOT NULL;
    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency, ledger)
    SELECT item, part, by_document, amount, currency, functional, functional_currency, ledger
    FROM parallel_changes ORDER BY number;
    DROP TABLE parallel_changes;
    DROP TABLE parallel_books;
    """
}
