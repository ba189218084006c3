import Ledger
import PostingEngine
import PostingRules

extension SQLQuerying {
  func ratedItems(
    of entity: LegalEntityID, through day: CalendarDate, meter: MeteredProduct?
  ) throws -> [RatedItem] {
    try connection.all(UsageStatements.items(meter)) {
      $0.bind(entity.code)
      $0.bind(day)
      $0.bind(meter)
    } read: { row in
      let currency = try row.currency(10)
      return RatedItem(
        number: RatedItemNumber(row.integer(0)),
        document: DocumentIdentity(source: row.text(1), type: .ratedUsage, id: row.text(2)),
        place: row.count(3), period: try row.dateRange(7),
        item: RatedUsage.Item(
          customer: row.text(4), product: row.text(5), meter: row.text(6),
          quantity: try row.quantity(9), amount: Money(minorUnits: row.integer(11), currency),
          invoiced: row.optionalInteger(12).map { Money(minorUnits: $0, currency) }))
    }
  }

  func billedUsage(
    of entity: LegalEntityID, through day: CalendarDate, meter: MeteredProduct?
  ) throws -> [BilledUsage] {
    try connection.all(UsageStatements.billings(meter)) {
      $0.bind(day)
      $0.bind(entity.code)
      $0.bind(day)
      $0.bind(meter)
    } read: { row in
      let meter = try row.meteredProduct(0)
      return BilledUsage(
        meter: meter, period: try row.dateRange(4), quantity: try row.quantity(6),
        amount: Money(minorUnits: row.integer(7), meter.currency))
    }
  }

  func billsUsage(_ document: DocumentNumber) throws -> Bool {
    try connection.first(UsageStatements.bills) {
      $0.bind(document.value)
    } read: {
      $0.flag(0)
    } ?? false
  }

  func standingAccruals(
    of entity: LegalEntityID, ledger: String, on day: CalendarDate, meter: MeteredProduct?
  ) throws -> [StandingAccrual] {
    try connection.all(UsageStatements.standing(meter)) {
      $0.bind(entity.code)
      $0.bind(ledger)
      $0.bind(day)
      $0.bind(meter)
    } read: { row in
      StandingAccrual(
        number: AccrualNumber(row.integer(4)), item: RatedItemNumber(row.integer(5)),
        key: RatedItemKey(
          document: DocumentIdentity(source: row.text(6), type: .ratedUsage, id: row.text(7)),
          meter: try row.meteredProduct(0)),
        left: DeferredAmount(row.integer(8), functional: row.integer(9)), entry: try row.key(10),
        line: row.count(11))
    }
  }

  func accruals(in entry: PostingKey) throws -> [(number: AccrualNumber, accrual: StoredAccrual)] {
    try connection.all(UsageStatements.inEntry) {
      $0.bind(entry.text)
    } read: { row in
      (
        AccrualNumber(row.integer(0)),
        StoredAccrual(
          item: RatedItemNumber(row.integer(1)), ledger: row.text(2),
          amount: DeferredAmount(row.integer(3), functional: row.integer(4)),
          by: DocumentNumber(row.integer(5)), postingDate: try row.date(6), entry: entry,
          line: row.count(7), basis: row.optionalInteger(8).map { AccrualNumber($0) })
      )
    }
  }
}

extension SQLTransaction {
  func insert(_ usage: RatedUsage, of document: DocumentNumber) throws {
    try change {
      for (place, item) in usage.items.enumerated() {
        try connection.run(UsageStatements.insertItem) {
          $0.bind(document.value)
          $0.bind(place)
          $0.bind(item.customer)
          $0.bind(item.product)
          $0.bind(item.meter)
          $0.bind(usage.period.from)
          $0.bind(usage.period.through)
          $0.bind(item.quantity.text)
          $0.bind(item.amount.minorUnits)
          $0.bind(item.invoiced?.minorUnits)
        }
      }
    }
  }

  func insert(
    _ billed: BilledUsage, by document: DocumentNumber, postingDate: CalendarDate
  ) throws {
    try change {
      try connection.run(UsageStatements.insertBilling) {
        $0.bind(document.value)
        $0.bind(billed.meter.customer)
        $0.bind(billed.meter.product)
        $0.bind(billed.meter.meter)
        $0.bind(billed.period.from)
        $0.bind(billed.period.through)
        $0.bind(billed.quantity.text)
        $0.bind(billed.amount.minorUnits)
        $0.bind(postingDate)
      }
    }
  }

  func takeBackUsage(
    of document: DocumentNumber, by other: DocumentNumber, postingDate: CalendarDate
  ) throws {
    try change {
      try connection.run(UsageStatements.takeBackRated) {
        $0.bind(other.value)
        $0.bind(document.value)
      }
      try connection.run(UsageStatements.takeBack) {
        $0.bind(other.value)
        $0.bind(postingDate)
        $0.bind(document.value)
      }
    }
  }

  func insert(_ accrual: StoredAccrual) throws -> AccrualNumber {
    try change {
      try connection.run(UsageStatements.insertAccrual) {
        $0.bind(accrual.item.value)
        $0.bind(accrual.ledger)
        $0.bind(accrual.amount.amount)
        $0.bind(accrual.amount.functional)
        $0.bind(accrual.by.value)
        $0.bind(accrual.postingDate)
        $0.bind(accrual.entry.text)
        $0.bind(accrual.line)
        $0.bind(accrual.basis?.value)
      }
      let number = try connection.first(ScheduleStatements.lastNumber) { $0.integer(0) }
      guard let number else { throw StoreFault.missing("accrual", file: connection.file) }
      return AccrualNumber(number)
    }
  }
}

enum UsageStatements {
  static let insertItem = """
    INSERT INTO rated_items (document, place, customer, product, meter, period_from,
      period_through, quantity, amount, invoiced)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let insertBilling = """
    INSERT INTO usage_billings (by_document, customer, product, meter, period_from,
      period_through, quantity, amount, posting_date)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let takeBackRated = """
    INSERT INTO rated_usage_back (document, by_document)
    SELECT number, ? FROM documents WHERE number = ? AND type = 'ratedUsage'
    ON CONFLICT (document) DO NOTHING
    """
  static let takeBack = """
    INSERT INTO usage_billings_back (billing, by_document, posting_date)
    SELECT u.number, ?, max(?, u.posting_date) FROM usage_billings u
    WHERE u.by_document = ?
      AND NOT EXISTS (SELECT 1 FROM usage_billings_back b WHERE b.billing = u.number)
    """
  static let insertAccrual = """
    INSERT INTO usage_accruals (item, ledger, amount, functional_amount, by_document,
      posting_date, entry, line, basis)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let bills = """
    SELECT EXISTS (SELECT 1 FROM usage_billings WHERE by_document = ?)
    """
  static let inEntry = """
    SELECT number, item, ledger, amount, functional_amount, by_document, posting_date, line, basis
    FROM usage_accruals WHERE entry = ? ORDER BY number
    """

  static func items(_ meter: MeteredProduct?) -> String {
    """
    SELECT i.number, d.source, d.id, i.place, i.customer, i.product, i.meter, i.period_from,
      i.period_through, i.quantity, d.currency, i.amount, i.invoiced
    FROM rated_items i JOIN documents d ON d.number = i.document
    WHERE d.entity = ? AND i.period_from <= ? AND d.state NOT IN ('discarded', 'reversed')
      AND NOT EXISTS (SELECT 1 FROM rated_usage_back b WHERE b.document = d.number)
      \(condition(meter, "i", "d.currency"))
    ORDER BY i.number
    """
  }

  static func billings(_ meter: MeteredProduct?) -> String {
    """
    SELECT u.customer, u.product, u.meter, d.currency, u.period_from, u.period_through, u.quantity,
      u.amount
    FROM usage_billings u JOIN documents d ON d.number = u.by_document
    WHERE NOT EXISTS (SELECT 1 FROM usage_billings_back b
        WHERE b.billing = u.number AND b.posting_date <= ?)
      AND d.entity = ? AND u.posting_date <= ? AND d.state <> 'discarded'
      \(condition(meter, "u", "d.currency"))
    ORDER BY u.number
    """
  }

  static func standing(_ meter: MeteredProduct?) -> String {
    """
    SELECT i.customer, i.product, i.meter, d.currency, a.number, a.item, d.source, d.id,
      sum(m.amount), sum(m.functional_amount), a.entry, a.line
    FROM usage_accruals m JOIN documents b ON b.number = m.by_document
    JOIN usage_accruals a ON a.number = coalesce(m.basis, m.number)
    JOIN rated_items i ON i.number = a.item JOIN documents d ON d.number = i.document
    WHERE b.entity = ? AND m.ledger = ? AND m.posting_date <= ? AND b.state <> 'discarded'
      \(condition(meter, "i", "d.currency"))
    GROUP BY a.number HAVING sum(m.amount) <> 0 OR sum(m.functional_amount) <> 0
    ORDER BY a.number
    """
  }

  /// Binds what ``PreparedStatement/bind(_:)`` of a meter binds.
  private static func condition(
    _ meter: MeteredProduct?, _ table: String, _ currency: String
  ) -> String {
    meter == nil
      ? ""
      : "AND \(table).customer = ? AND \(table).product = ? AND \(table).meter = ? "
        + "AND \(currency) = ?"
  }
}

extension PreparedStatement {
  fileprivate func bind(_ meter: MeteredProduct?) {
    guard let meter else { return }
    bind(meter.customer)
    bind(meter.product)
    bind(meter.meter)
    bind(meter.currency.code)
  }

  /// From four columns: customer, product, meter and currency.
  fileprivate func meteredProduct(_ column: Int32) throws -> MeteredProduct {
    MeteredProduct(
      customer: text(column), product: text(column + 1), meter: text(column + 2),
      currency: try currency(column + 3))
  }

  fileprivate func dateRange(_ column: Int32) throws -> DateRange {
    guard let range = DateRange(from: try date(column), through: try date(column + 1)) else {
      throw unreadable(column + 1, "the end of a period")
    }
    return range
  }

  fileprivate func quantity(_ column: Int32) throws -> ExactDecimal {
    guard let quantity = try? ExactDecimal(text(column)) else {
      throw unreadable(column, "a quantity")
    }
    return quantity
  }
}
