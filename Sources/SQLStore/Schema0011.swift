/// What entities owe each other by document, and documents that had nothing to post.
enum Schema0011 {
  static let sql = """
    -- Between whom a due stands: in whose books, and with whom. NULL: the item is a customer's.
    ALTER TABLE open_item_changes ADD COLUMN entity TEXT;
    ALTER TABLE open_item_changes ADD COLUMN partner TEXT;
    CREATE INDEX open_item_changes_of_dues ON open_item_changes (entity, partner)
      WHERE entity IS NOT NULL;

    -- Until now the journal alone knew. What was netted before counts as a due of the netting, which
    -- the next one uses up first: which documents it settled was not kept.
    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency, ledger,
        posting_date, entity, partner)
    SELECT d.number, l.role, d.number,
      sum(l.side * l.amount * CASE l.role WHEN 'dueTo' THEN -1 ELSE 1 END), e.currency,
      CASE WHEN e.functional_currency <> e.currency
        THEN sum(l.side * l.functional_amount * CASE l.role WHEN 'dueTo' THEN -1 ELSE 1 END) END,
      CASE WHEN e.functional_currency <> e.currency THEN e.functional_currency END,
      CASE WHEN e.ledger <> 'primary' THEN e.ledger END, e.posting_date, e.entity, l.partner
    FROM entry_lines l JOIN entries e ON e.number = l.entry JOIN postings p ON p.number = e.number
    JOIN documents o ON o.number = e.document
    JOIN documents d ON d.number = (SELECT max(s.number) FROM documents s
      WHERE s.source = coalesce(e.source, o.source) AND s.type = coalesce(e.source_type, o.type)
        AND s.id = coalesce(e.source_id, o.id)
        AND (SELECT count(*) FROM entries x WHERE x.document = s.number) > 0)
    WHERE l.partner IS NOT NULL AND l.role IN ('dueFrom', 'dueTo') AND p.state <> 'cancelled'
    GROUP BY d.number, l.role, e.entity, l.partner, e.ledger, e.currency, e.posting_date
    HAVING sum(l.side * l.amount) <> 0 OR sum(l.side * l.functional_amount) <> 0
    ORDER BY min(e.number);

    -- Documents without an entry stayed accepted until now; the engine says that they are posted.
    CREATE TABLE documents_without_entries (document INTEGER PRIMARY KEY) STRICT;
    INSERT INTO documents_without_entries
    SELECT number FROM documents WHERE state = 'accepted'
      AND NOT EXISTS (SELECT 1 FROM entries WHERE document = number)
      AND NOT EXISTS (SELECT 1 FROM document_waits WHERE document = number);
    """
}
