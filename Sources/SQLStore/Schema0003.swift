/// Corrections and intercompany: what a document gave, what reverses what, and who the partner is.
enum Schema0003 {
  static let sql = """
    ALTER TABLE entries ADD COLUMN moved_from TEXT;  -- the day whose period was closed
    ALTER TABLE entry_lines ADD COLUMN partner TEXT;
    CREATE INDEX entries_from_source ON entries (source, source_type, source_id)
      WHERE source IS NOT NULL;
    CREATE INDEX entries_reversing ON entries (reverses) WHERE reverses IS NOT NULL;
    CREATE INDEX lines_with_partner ON entry_lines (partner, entry, number)
      WHERE partner IS NOT NULL;

    CREATE TABLE document_uses (
      item INTEGER NOT NULL REFERENCES documents (number),
      by_document INTEGER NOT NULL REFERENCES documents (number),
      PRIMARY KEY (item, by_document)
    ) STRICT, WITHOUT ROWID;
    """
}
