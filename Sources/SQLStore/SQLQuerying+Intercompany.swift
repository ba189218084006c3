import Ledger
import PostingEngine

extension SQLQuerying {
  func intercompanyBalances(
    through day: CalendarDate, before point: StorePoint
  ) throws -> [IntercompanyBalance] {
    try connection.all(IntercompanyStatements.balances) {
      $0.bind(day)
      $0.bind(point.entry)
    } read: {
      let currency = try $0.currency(3)
      let functional = try $0.currency(6)
      return IntercompanyBalance(
        ledger: $0.text(0), entity: LegalEntityID($0.text(1)), partner: LegalEntityID($0.text(2)),
        dueFrom: Money(minorUnits: $0.integer(4), currency),
        dueTo: Money(minorUnits: $0.integer(5), currency),
        functionalDueFrom: Money(minorUnits: $0.integer(7), functional),
        functionalDueTo: Money(minorUnits: $0.integer(8), functional))
    }
  }
}

private enum IntercompanyStatements {
  static let balances = """
    SELECT e.ledger, e.entity, l.partner, e.currency,
      sum(CASE l.role WHEN 'dueFrom' THEN l.side * l.amount ELSE 0 END),
      sum(CASE l.role WHEN 'dueTo' THEN -l.side * l.amount ELSE 0 END),
      e.functional_currency,
      sum(CASE l.role WHEN 'dueFrom' THEN l.side * l.functional_amount ELSE 0 END),
      sum(CASE l.role WHEN 'dueTo' THEN -l.side * l.functional_amount ELSE 0 END)
    FROM entry_lines l JOIN entries e ON e.number = l.entry JOIN postings p ON p.number = e.number
    WHERE l.partner IS NOT NULL AND l.role IN ('dueFrom', 'dueTo') AND e.posting_date <= ?
      AND e.number < ? AND p.state <> 'cancelled'
    GROUP BY e.ledger, e.entity, l.partner, e.currency
    ORDER BY e.ledger, e.entity, l.partner, e.currency
    """
}
