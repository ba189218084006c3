import Ledger
import PostingEngine

extension SQLQuerying {
  func openBalances(
    of entity: LegalEntityID, ledger: String, _ part: StoredOpenItemChange.Part,
    functional: Currency, on day: CalendarDate
  ) throws -> [OpenBalance] {
    // What a document opens and clears counts from the day on which it reached the books of the
    // ledger. A column 'functional' without a value says that the currencies are one.
    try connection.all(
      """
      SELECT d.number, d.source, d.type, d.id, d.customer, d.reference, d.document_date,
        (SELECT CAST(t.content AS TEXT) ->> '$.dueDate' FROM contents t WHERE t.document = d.number),
        i.currency, i.amount, i.functional,
        d.type = 'payment' AND (SELECT CAST(t.content AS TEXT) ->> '$.prepayment' FROM contents t
          WHERE t.document = d.number) IS TRUE
      FROM (
        SELECT item, currency, sum(amount) AS amount, sum(functional) AS functional
        FROM (
          SELECT o.number AS item, coalesce(o.receivable_currency, o.currency) AS currency,
            o.receivable AS amount, coalesce(o.receivable_functional, o.receivable) AS functional
          FROM documents o
          WHERE o.entity = ?1 AND o.receivable IS NOT NULL AND ?2 = 'receivable'
            AND ?4 = 'primary' AND (SELECT min(e.posting_date) FROM entries e
              WHERE e.document = o.number AND e.ledger = ?4) <= ?3
          UNION ALL
          SELECT c.item, c.currency, c.amount, coalesce(c.functional, c.amount)
          FROM open_item_changes c JOIN documents o ON o.number = c.item
          WHERE (o.entity = ?1 AND o.item_entity IS NULL OR o.item_entity = ?1) AND c.part = ?2
            AND coalesce(c.ledger, 'primary') = ?4
            AND coalesce(c.posting_date, (SELECT min(e.posting_date) FROM entries e
              WHERE e.document = c.by_document AND e.ledger = ?4)) <= ?3
        )
        GROUP BY item, currency HAVING sum(amount) <> 0 OR sum(functional) <> 0
      ) AS i JOIN documents d ON d.number = i.item
      ORDER BY d.customer, d.number
      """
    ) {
      $0.bind(entity.code)
      $0.bind(part.rawValue)
      $0.bind(day.text)
      $0.bind(ledger)
    } read: {
      OpenBalance(
        document: DocumentNumber($0.integer(0)),
        identity: DocumentIdentity(source: $0.text(1), type: try $0.word(2), id: $0.text(3)),
        customer: $0.optionalText(4), reference: $0.text(5), documentDate: try $0.date(6),
        dueDate: $0.optionalText(7).flatMap { CalendarDate($0) },
        amount: Money(minorUnits: $0.integer(9), try $0.currency(8)),
        functional: Money(minorUnits: $0.integer(10), functional), isAdvance: $0.flag(11))
    }
  }

  func balances(
    of entity: LegalEntityID, ledger: String, _ roles: [AccountRole], functional: Currency,
    on day: CalendarDate
  ) throws -> [Currency: RoleBalance] {
    let marks = Array(repeating: "?", count: roles.count).joined(separator: ", ")
    let rows = try connection.all(
      """
      SELECT e.currency, sum(l.side * l.amount), sum(l.side * l.functional_amount)
      FROM entries e JOIN entry_lines l ON l.entry = e.number
      LEFT JOIN postings p ON p.number = e.number
      WHERE \(Queries.counts) AND e.entity = ? AND e.posting_date <= ? AND e.ledger = ? AND e.kind <> 'summary'
        AND l.role IN (\(marks))
      GROUP BY e.currency
      """
    ) {
      $0.bind(entity.code)
      $0.bind(day.text)
      $0.bind(ledger)
      for role in roles { $0.bind(role.rawValue) }
    } read: { row -> (Currency, RoleBalance) in
      let currency = try row.currency(0)
      return (
        currency,
        RoleBalance(
          amount: Money(minorUnits: row.integer(1), currency),
          functional: Money(minorUnits: row.integer(2), functional))
      )
    }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }
}
