/// The statements of schedules.
enum ScheduleStatements {
  static let insertSchedule = """
    INSERT INTO schedules (document, entity, ledger, line, product, customer, contract, method,
      service_from, service_through, usage_meter, usage_quantity, currency, functional_currency,
      rate, deferred_account, deferred_dimensions, deferred_reason, recognised_role,
      recognised_account, recognised_dimensions, recognised_reason, description)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let lastNumber = "SELECT last_insert_rowid()"
  static let insertMovement = """
    INSERT INTO schedule_movements (schedule, kind, month, amount, functional_amount, by_document,
      posting_date, entry)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static let columns = """
    s.number, s.document, d.source, d.type, d.id, d.reference, d.revision, d.document_date,
    s.entity, s.ledger, s.line, s.product, s.customer, s.contract, s.method, s.service_from,
    s.service_through, s.usage_meter, s.usage_quantity, s.currency, s.functional_currency, s.rate,
    s.deferred_account, s.deferred_dimensions, s.deferred_reason, s.recognised_role,
    s.recognised_account, s.recognised_dimensions, s.recognised_reason, s.description
    """
  /// The column after those of a schedule.
  static let month: Int32 = 30
  /// A month, what is planned for it and what is released of it.
  private static let sums = """
    m.month,
    sum(CASE WHEN m.kind IN ('released', 'caughtUp') THEN 0 ELSE m.amount END),
    sum(CASE WHEN m.kind IN ('released', 'caughtUp') THEN 0 ELSE m.functional_amount END),
    -sum(CASE WHEN m.kind IN ('released', 'caughtUp') THEN m.amount ELSE 0 END),
    -sum(CASE WHEN m.kind IN ('released', 'caughtUp') THEN m.functional_amount ELSE 0 END)
    """
  private static let tables = """
    schedules s JOIN documents d ON d.number = s.document
    JOIN schedule_movements m ON m.schedule = s.number
    """
  private static let select = "SELECT \(columns), \(sums) FROM \(tables)"
  private static let byMonth = "GROUP BY s.number, m.month ORDER BY s.number, m.month"

  static let ofDocument = "\(select) WHERE s.document = ? AND m.number < ? \(byMonth)"
  static let ofContract = """
    \(select) WHERE s.contract = ? AND d.entity = ? AND d.state NOT IN ('discarded', 'reversed')
      AND m.number < ?
    \(byMonth)
    """
  static let byNumber = "\(select) WHERE s.number = ? \(byMonth)"
  static let byUsage = """
    \(select) WHERE s.entity = ? AND s.ledger = ? AND s.method = 'usage'
      AND d.state <> 'discarded'
    \(byMonth)
    """
  static let due = """
    \(select) WHERE s.entity = ? AND s.ledger = ? AND m.month <= ? AND d.state <> 'discarded'
    GROUP BY s.number, m.month HAVING sum(m.amount) <> 0 OR sum(m.functional_amount) <> 0
    ORDER BY s.number, m.month
    """

  private static let movements = """
    SELECT schedule, kind, month, amount, functional_amount, by_document, posting_date, entry
    FROM schedule_movements
    """
  static let movementsOfSchedule = "\(movements) WHERE schedule = ? ORDER BY number"
  static let movementsByDocument = "\(movements) WHERE by_document = ? ORDER BY number"
  /// The run's document by the entry, then the entry.
  static let movementsInEntry = """
    \(movements) WHERE by_document = (SELECT document FROM entries WHERE key = ?) AND entry = ?
    ORDER BY number
    """

  /// Whether it stood on the books before the month, the entity, the ledger, the month's last day.
  static let rollForward = """
    SELECT s.deferred_account, s.currency, s.functional_currency, m.kind, m.posting_date < ?,
      sum(m.amount), sum(m.functional_amount)
    FROM \(tables)
    WHERE s.entity = ? AND s.ledger = ? AND m.posting_date <= ? AND d.state <> 'discarded'
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3
    """
  /// What the journal has on the accounts of deferred revenue, credits positive.
  static let deferredAccounts = """
    SELECT l.account, e.currency, e.functional_currency, -sum(l.side * l.amount),
      -sum(l.side * l.functional_amount)
    FROM entries e JOIN entry_lines l ON l.entry = e.number
    LEFT JOIN postings p ON p.number = e.number
    WHERE e.entity = ? AND e.ledger = ? AND e.posting_date <= ? AND l.role IN ('deferredRevenue', 'deferredCost')
      AND e.kind <> 'summary' AND \(Queries.counts)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
  static let waterfall = """
    SELECT s.deferred_account, s.currency, s.functional_currency, m.month, sum(m.amount),
      sum(m.functional_amount)
    FROM \(tables)
    WHERE s.entity = ? AND s.ledger = ? AND m.posting_date <= ? AND d.state <> 'discarded'
    GROUP BY 1, 2, 3, 4 HAVING sum(m.amount) <> 0 OR sum(m.functional_amount) <> 0
    ORDER BY 1, 2, 3, 4
    """
}
