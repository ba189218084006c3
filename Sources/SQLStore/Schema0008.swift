import GRDB
import Ledger

/// Rated usage, what invoices bill of it, and what is accrued of the rest.
enum Schema0008 {
  static let tables = """
    CREATE TABLE rated_items (
      number INTEGER PRIMARY KEY,
      document INTEGER NOT NULL REFERENCES documents (number),
      place INTEGER NOT NULL,
      customer TEXT NOT NULL,
      product TEXT NOT NULL,
      meter TEXT NOT NULL,
      period_from TEXT NOT NULL,
      period_through TEXT NOT NULL,
      quantity TEXT NOT NULL,
      amount INTEGER NOT NULL,
      invoiced INTEGER,
      UNIQUE (document, place)
    ) STRICT;
    CREATE INDEX rated_items_of_customer ON rated_items (customer, product, meter);

    -- Rated usage that was voided, reversed or rated anew.
    CREATE TABLE rated_usage_back (
      document INTEGER PRIMARY KEY REFERENCES documents (number),
      by_document INTEGER NOT NULL REFERENCES documents (number)
    ) STRICT;

    CREATE TABLE usage_billings (
      number INTEGER PRIMARY KEY,
      by_document INTEGER NOT NULL REFERENCES documents (number),
      customer TEXT NOT NULL,
      product TEXT NOT NULL,
      meter TEXT NOT NULL,
      period_from TEXT NOT NULL,
      period_through TEXT NOT NULL,
      quantity TEXT NOT NULL,
      amount INTEGER NOT NULL,
      posting_date TEXT NOT NULL
    ) STRICT;
    CREATE INDEX usage_billings_by_document ON usage_billings (by_document);
    CREATE INDEX usage_billings_of_customer ON usage_billings (customer, product, meter);
    CREATE TABLE usage_billings_back (
      billing INTEGER PRIMARY KEY REFERENCES usage_billings (number),
      by_document INTEGER NOT NULL REFERENCES documents (number),
      posting_date TEXT NOT NULL
    ) STRICT;

    -- What is accrued is the sum of the rows; 'basis' is the accrual that a row takes a part of.
    CREATE TABLE usage_accruals (
      number INTEGER PRIMARY KEY,
      item INTEGER NOT NULL REFERENCES rated_items (number),
      ledger TEXT NOT NULL,
      amount INTEGER NOT NULL,
      functional_amount INTEGER NOT NULL,
      by_document INTEGER NOT NULL REFERENCES documents (number),
      posting_date TEXT NOT NULL,
      entry TEXT NOT NULL,
      line INTEGER NOT NULL,
      basis INTEGER REFERENCES usage_accruals (number)
    ) STRICT;
    CREATE INDEX usage_accruals_of_item ON usage_accruals (item);
    CREATE INDEX usage_accruals_in_entry ON usage_accruals (entry);
    CREATE INDEX usage_accruals_of_basis ON usage_accruals (basis) WHERE basis IS NOT NULL;
    """

  static let triggers = [
    "rated_items", "rated_usage_back", "usage_billings", "usage_billings_back", "usage_accruals",
  ].map { table in
    """
    CREATE TRIGGER \(table)_kept BEFORE DELETE ON \(table) BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    CREATE TRIGGER \(table)_unchanged BEFORE UPDATE ON \(table) BEGIN
      SELECT RAISE(ABORT, 'document_immutable');
    END;
    """
  }.joined(separator: "\n")

  /// Reads what stored documents say of usage.
  static func fill(_ database: Database) throws {
    let items = try Row.fetchCursor(
      database,
      sql: """
        SELECT d.number, d.currency, i.key AS place, i.value ->> '$.customer' AS customer,
          i.value ->> '$.product' AS product, i.value ->> '$.meter' AS meter,
          c.content ->> '$.period.from' AS first, c.content ->> '$.period.through' AS last,
          i.value ->> '$.quantity' AS quantity, i.value ->> '$.amount' AS amount,
          i.value ->> '$.invoiced' AS invoiced
        FROM documents d
        JOIN (SELECT document, CAST(content AS TEXT) AS content FROM contents) c
          ON c.document = d.number, json_each(c.content, '$.items') i
        WHERE d.type = 'ratedUsage' ORDER BY d.number, i.key
        """)
    while let row = try items.next() {
      guard let currency = Currency(row["currency"] as String) else { continue }
      try database.execute(
        sql: UsageStatements.insertItem,
        arguments: [
          row["number"] as Int64, row["place"] as Int64, row["customer"] as String,
          row["product"] as String, row["meter"] as String, row["first"] as String,
          row["last"] as String, row["quantity"] as String,
          try Money(row["amount"] as String, currency).minorUnits,
          try (row["invoiced"] as String?).map { try Money($0, currency).minorUnits },
        ])
    }
    let lines = try Row.fetchCursor(
      database,
      sql: """
        SELECT d.number, d.currency, d.customer, l.value ->> '$.product' AS product,
          l.value ->> '$.usage.meter' AS meter, l.value ->> '$.usage.period.from' AS first,
          l.value ->> '$.usage.period.through' AS last,
          l.value ->> '$.usage.quantity' AS quantity, l.value ->> '$.net' AS amount,
          (SELECT min(e.posting_date) FROM entries e WHERE e.document = d.number) AS day
        FROM documents d
        JOIN (SELECT document, CAST(content AS TEXT) AS content FROM contents) c
          ON c.document = d.number, json_each(c.content, '$.lines') l
        WHERE d.type = 'invoice' AND d.state NOT IN ('discarded', 'reversed')
          AND d.customer IS NOT NULL AND l.value ->> '$.usage.meter' IS NOT NULL
          AND d.revision = (SELECT max(r.revision) FROM documents r
            WHERE r.source = d.source AND r.type = d.type AND r.id = d.id)
        ORDER BY d.number, l.key
        """)
    while let row = try lines.next() {
      guard let currency = Currency(row["currency"] as String), let day = row["day"] as String?
      else { continue }
      let amount = try Money(row["amount"] as String, currency)
      if amount.isNegative { continue }
      try database.execute(
        sql: UsageStatements.insertBilling,
        arguments: [
          row["number"] as Int64, row["customer"] as String, row["product"] as String,
          row["meter"] as String, row["first"] as String, row["last"] as String,
          row["quantity"] as String, amount.minorUnits, day,
        ])
    }
  }
}
