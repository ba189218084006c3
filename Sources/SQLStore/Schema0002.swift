import GRDB
import Ledger
import PostingEngine

/// What open items are carried at in functional currency.
///
/// Amounts are NULL where the currencies are one.
enum Schema0002 {
  static let columns = """
    ALTER TABLE documents ADD COLUMN receivable_functional INTEGER;
    ALTER TABLE open_item_changes ADD COLUMN functional INTEGER;
    ALTER TABLE open_item_changes ADD COLUMN functional_currency TEXT;
    CREATE TRIGGER document_carrying_unchanged BEFORE UPDATE OF receivable_functional ON documents
      WHEN OLD.receivable_functional IS NOT NULL AND OLD.receivable IS NEW.receivable
        AND OLD.receivable_functional IS NOT NEW.receivable_functional BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    """

  /// Until now an item could only be settled at the rate of its document, and each line was
  /// converted by itself: that is what the rows are carried at. What is disputed, given back,
  /// withheld and written off was not kept, and follows from the documents.
  static let fill: @Sendable (Database) throws -> Void = { database in
    let guards = try String.fetchAll(
      database,
      sql: "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?",
      arguments: ["open_item_change_unchanged"])
    try database.execute(sql: "DROP TRIGGER open_item_change_unchanged")
    try fillReceivables(database)
    try fillChanges(database)
    for sql in guards { try database.execute(sql: sql) }
    try database.execute(sql: derived)
  }

  private static func fillReceivables(_ database: Database) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT number, receivable, coalesce(receivable_currency, currency) AS currency, rate
        FROM documents WHERE rate IS NOT NULL AND receivable IS NOT NULL
        """)
    for row in rows {
      guard let functional = try converted(row, amount: "receivable") else { continue }
      try database.execute(
        sql: "UPDATE documents SET receivable_functional = ? WHERE number = ?",
        arguments: [functional.minorUnits, row["number"] as Int64])
    }
  }

  private static func fillChanges(_ database: Database) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT c.number, c.amount, c.currency, d.rate FROM open_item_changes c
        JOIN documents d ON d.number = c.item WHERE d.rate IS NOT NULL
        """)
    for row in rows {
      guard let functional = try converted(row, amount: "amount") else { continue }
      try database.execute(
        sql:
          "UPDATE open_item_changes SET functional = ?, functional_currency = ? WHERE number = ?",
        arguments: [functional.minorUnits, functional.currency.code, row["number"] as Int64])
    }
  }

  /// nil where the row is in functional currency.
  private static func converted(_ row: Row, amount column: String) throws -> Money? {
    guard let currency = Currency(row["currency"] as String),
      let rate = StoredJSON(row["rate"] as String)?.exchangeRate, rate.from == currency
    else { return nil }
    return try rate.convert(Money(minorUnits: row[column], currency))
  }

  private static let derived = """
    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency)
    SELECT c.item, 'writtenOff', c.by_document, -c.amount, c.currency, -c.functional,
      c.functional_currency
    FROM open_item_changes c JOIN documents b ON b.number = c.by_document
    WHERE b.type = 'writeOff' AND c.part = 'receivable' AND c.item <> c.by_document;

    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency)
    SELECT p.number, 'dispute', l.document, sum(l.side * l.amount), l.currency,
      CASE l.currency WHEN l.functional_currency THEN NULL
        ELSE sum(l.side * l.functional_amount) END,
      CASE l.currency WHEN l.functional_currency THEN NULL ELSE l.functional_currency END
    FROM (
      SELECT e.document, e.currency, e.functional_currency, i.side, i.amount, i.functional_amount
      FROM entries e JOIN entry_lines i ON i.entry = e.number
      WHERE i.role = 'disputeReceivable'
    ) AS l
    JOIN documents b ON b.number = l.document JOIN contents t ON t.document = b.number
    JOIN documents p ON p.source = b.source AND p.type = 'payment'
      AND p.id = CAST(t.content AS TEXT) ->> '$.payment'
      AND p.revision = (SELECT max(r.revision) FROM documents r
        WHERE r.source = p.source AND r.type = p.type AND r.id = p.id)
    WHERE b.state <> 'discarded'
    GROUP BY p.number, l.document;

    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency)
    SELECT e.document, 'withheld', e.document, sum(i.side * i.amount), e.currency,
      CASE e.currency WHEN e.functional_currency THEN NULL
        ELSE sum(i.side * i.functional_amount) END,
      CASE e.currency WHEN e.functional_currency THEN NULL ELSE e.functional_currency END
    FROM entries e JOIN entry_lines i ON i.entry = e.number
    JOIN documents b ON b.number = e.document
    WHERE i.role = 'withholdingTaxReceivable' AND b.state <> 'discarded'
    GROUP BY e.document;

    INSERT INTO open_item_changes
      (item, part, by_document, amount, currency, functional, functional_currency)
    SELECT p.number, k.part, l.document, sum(-l.side * l.amount), l.currency,
      CASE l.currency WHEN l.functional_currency THEN NULL
        ELSE sum(-l.side * l.functional_amount) END,
      CASE l.currency WHEN l.functional_currency THEN NULL ELSE l.functional_currency END
    FROM (
      SELECT e.document, e.currency, e.functional_currency, i.role, i.side, i.amount,
        i.functional_amount
      FROM entries e JOIN entry_lines i ON i.entry = e.number
      WHERE i.role IN ('bank', 'processorClearing', 'receivable')
    ) AS l
    JOIN documents b ON b.number = l.document JOIN contents t ON t.document = b.number
    JOIN documents p ON p.source = b.source
      AND (p.type = 'payment' AND p.id = CAST(t.content AS TEXT) ->> '$.of.payment'
        OR p.type = 'creditMemo' AND p.id = CAST(t.content AS TEXT) ->> '$.of.creditMemo')
      AND p.revision = (SELECT max(r.revision) FROM documents r
        WHERE r.source = p.source AND r.type = p.type AND r.id = p.id)
    JOIN (SELECT 'returned' AS part, 1 AS is_money UNION SELECT 'reopened', 0) AS k
      ON k.is_money = (l.role <> 'receivable')
    WHERE b.type = 'refund' AND b.state <> 'discarded'
    GROUP BY p.number, l.document, k.part;
    """
}
