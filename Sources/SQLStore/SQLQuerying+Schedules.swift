import Ledger
import PostingEngine
import PostingRules

extension SQLQuerying {
  func schedules(of document: DocumentNumber, before point: StorePoint) throws -> [StoredSchedule] {
    try ScheduleReader(connection).schedules(ScheduleStatements.ofDocument) {
      $0.bind(document.value)
      $0.bind(point.scheduleMovement)
    }
  }

  func schedules(
    ofContract contract: String, billedBy entity: LegalEntityID, before point: StorePoint
  ) throws -> [StoredSchedule] {
    try ScheduleReader(connection).schedules(ScheduleStatements.ofContract) {
      $0.bind(contract)
      $0.bind(entity.code)
      $0.bind(point.scheduleMovement)
    }
  }

  func schedule(_ number: ScheduleNumber) throws -> StoredSchedule? {
    try ScheduleReader(connection).schedules(ScheduleStatements.byNumber) {
      $0.bind(number.value)
    }.first
  }

  func schedulesByUsage(of entity: LegalEntityID, ledger: String) throws -> [StoredSchedule] {
    try ScheduleReader(connection).schedules(ScheduleStatements.byUsage) {
      $0.bind(entity.code)
      $0.bind(ledger)
    }
  }

  func schedulesDue(
    of entity: LegalEntityID, ledger: String, through period: FiscalPeriod
  ) throws -> [StoredSchedule] {
    try ScheduleReader(connection).schedules(ScheduleStatements.due) {
      $0.bind(entity.code)
      $0.bind(ledger)
      $0.bind(period.text)
    }
  }

  // MARK: Movements

  func scheduleMovements(of schedule: ScheduleNumber) throws -> [StoredScheduleMovement] {
    try connection.all(ScheduleStatements.movementsOfSchedule) {
      $0.bind(schedule.value)
    } read: {
      try $0.scheduleMovement()
    }
  }

  func scheduleMovements(by document: DocumentNumber) throws -> [StoredScheduleMovement] {
    try connection.all(ScheduleStatements.movementsByDocument) {
      $0.bind(document.value)
    } read: {
      try $0.scheduleMovement()
    }
  }

  func scheduleMovements(in entry: PostingKey) throws -> [StoredScheduleMovement] {
    try connection.all(ScheduleStatements.movementsInEntry) {
      $0.bind(entry.text)
      $0.bind(entry.text)
    } read: {
      try $0.scheduleMovement()
    }
  }

  // MARK: Sums

  func scheduleRollForward(
    of entity: LegalEntityID, ledger: String, over period: FiscalPeriod
  ) throws -> [ScheduleRollForward] {
    var rows: [DeferredAccount: ScheduleRollForward] = [:]
    func change(_ account: DeferredAccount, _ body: (inout ScheduleRollForward) -> Void) {
      body(
        &rows[
          account,
          default: ScheduleRollForward(
            account: account.account, currency: account.currency,
            functionalCurrency: account.functionalCurrency)])
    }
    let movements = try connection.all(ScheduleStatements.rollForward) {
      $0.bind(period.firstDay)
      $0.bind(entity.code)
      $0.bind(ledger)
      $0.bind(period.lastDay)
    } read: { row -> (DeferredAccount, ScheduleMovement.Kind, Bool, DeferredAmount) in
      (
        try row.deferredAccount(), try row.word(3), row.integer(4) != 0,
        DeferredAmount(row.integer(5), functional: row.integer(6))
      )
    }
    for (account, kind, isOpening, amount) in movements {
      change(account) { $0.add(amount, kind, isOpening: isOpening) }
    }
    let balances = try connection.all(ScheduleStatements.deferredAccounts) {
      $0.bind(entity.code)
      $0.bind(ledger)
      $0.bind(period.lastDay)
    } read: {
      (try $0.deferredAccount(), DeferredAmount($0.integer(3), functional: $0.integer(4)))
    }
    for (account, balance) in balances { change(account) { $0.accountBalance = balance } }
    return rows.sorted { $0.key < $1.key }.map(\.value)
  }

  func scheduleWaterfall(
    of entity: LegalEntityID, ledger: String, after period: FiscalPeriod
  ) throws -> [ScheduleWaterfallRow] {
    try connection.all(ScheduleStatements.waterfall) {
      $0.bind(entity.code)
      $0.bind(ledger)
      $0.bind(period.lastDay)
    } read: { row in
      let account = try row.deferredAccount()
      return ScheduleWaterfallRow(
        account: account.account, currency: account.currency,
        functionalCurrency: account.functionalCurrency, period: try row.period(3),
        amount: DeferredAmount(row.integer(4), functional: row.integer(5)))
    }
  }
}

/// An account of deferred revenue in one pair of currencies.
private struct DeferredAccount: Hashable, Comparable {
  var account: AccountCode
  var currency: Currency
  var functionalCurrency: Currency

  static func < (left: Self, right: Self) -> Bool {
    (left.account, left.currency.code) < (right.account, right.currency.code)
  }
}

extension ScheduleRollForward {
  fileprivate mutating func add(
    _ amount: DeferredAmount, _ kind: ScheduleMovement.Kind, isOpening: Bool
  ) {
    if isOpening {
      opening += amount
      return
    }
    switch kind {
    case .opened: added += amount
    case .reshaped: reshaped += amount
    case .cancelled: cancelled += amount
    case .released, .caughtUp: released += amount
    }
  }
}

/// Reads schedules from rows of one month each, ordered by schedule; those of one read share the
/// objects that say why.
private final class ScheduleReader {
  private let connection: StoreConnection
  private var reasons: [Int64: AccountReason] = [:]

  init(_ connection: StoreConnection) { self.connection = connection }

  func schedules(
    _ sql: String, bind: (PreparedStatement) -> Void
  ) throws -> [StoredSchedule] {
    var schedules: [StoredSchedule] = []
    _ = try connection.all(sql, bind) { row in
      let number = ScheduleNumber(row.integer(0))
      if schedules.last?.schedule.number != number { schedules.append(try read(row, number)) }
      schedules[schedules.count - 1].schedule.months.append(try month(row))
    }
    return schedules
  }

  private func month(_ row: PreparedStatement) throws -> ScheduleMonth {
    let first = ScheduleStatements.month
    return ScheduleMonth(
      try row.period(first),
      planned: DeferredAmount(row.integer(first + 1), functional: row.integer(first + 2)),
      released: DeferredAmount(row.integer(first + 3), functional: row.integer(first + 4)))
  }

  private func read(
    _ row: PreparedStatement, _ number: ScheduleNumber
  ) throws -> StoredSchedule {
    let service = DateRange(from: try row.date(15), through: try row.date(16))
    guard let service else { throw row.unreadable(16, "the end of a service") }
    let recognised: AccountRole = try row.word(25)
    let terms = ScheduleTerms(
      entity: LegalEntityID(row.text(8)), ledger: row.text(9), line: row.text(10),
      product: row.text(11), customer: row.optionalText(12), contract: row.optionalText(13),
      method: try row.word(14), service: service, usage: try usage(row),
      currency: try row.currency(19), functionalCurrency: try row.currency(20),
      rate: try row.optionalRate(21),
      deferred: try account(
        row, recognised == .intercompanyCost ? .deferredCost : .deferredRevenue, from: 22),
      recognised: try account(row, recognised, from: 26), description: row.text(29))
    return StoredSchedule(
      document: DocumentNumber(row.integer(1)),
      schedule: Schedule(
        number: number,
        document: DocumentIdentity(source: row.text(2), type: try row.word(3), id: row.text(4)),
        reference: row.text(5), revision: row.count(6), documentDate: try row.date(7),
        terms: terms, months: []))
  }

  private func usage(_ row: PreparedStatement) throws -> ScheduleUsage? {
    guard let text = row.optionalText(18) else { return nil }
    guard let quantity = try? ExactDecimal(text) else { throw row.unreadable(18, "a quantity") }
    return ScheduleUsage(meter: row.optionalText(17), quantity: quantity)
  }

  /// An account, its dimensions and its reason, in columns side by side.
  private func account(
    _ row: PreparedStatement, _ role: AccountRole, from column: Int32
  ) throws -> ScheduleAccount {
    let hasDimensions = row.optionalText(column + 1) != nil
    return ScheduleAccount(
      role: role, account: AccountCode(row.text(column)),
      dimensions: hasDimensions ? try row.json(column + 1).dimensions : [:],
      reason: try reason(row.integer(column + 2)))
  }

  private func reason(_ id: Int64) throws -> AccountReason {
    if let known = reasons[id] { return known }
    let stored = try connection.first(Queries.reason) {
      $0.bind(id)
    } read: {
      AccountReason(table: $0.text(0), row: $0.count(1), because: $0.text(2))
    }
    guard let stored else { throw StoreFault.missing("reason \(id)", file: connection.file) }
    reasons[id] = stored
    return stored
  }
}

extension PreparedStatement {
  fileprivate func deferredAccount() throws -> DeferredAccount {
    DeferredAccount(
      account: AccountCode(text(0)), currency: try currency(1), functionalCurrency: try currency(2))
  }

  fileprivate func scheduleMovement() throws -> StoredScheduleMovement {
    StoredScheduleMovement(
      schedule: ScheduleNumber(integer(0)),
      movement: ScheduleMovement(
        try word(1), try period(2), DeferredAmount(integer(3), functional: integer(4))),
      by: DocumentNumber(integer(5)), postingDate: try date(6),
      entry: optionalText(7) == nil ? nil : try key(7))
  }

  func period(_ column: Int32) throws(Problem) -> FiscalPeriod {
    guard let period = FiscalPeriod(text(column)) else { throw unreadable(column, "a period") }
    return period
  }
}
