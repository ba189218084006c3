package import Ledger
package import PostingRules

/// A schedule with the document that made it.
package struct StoredSchedule: Hashable, Sendable {
  package var document: DocumentNumber
  package var schedule: Schedule

  package init(document: DocumentNumber, schedule: Schedule) {
    self.document = document
    self.schedule = schedule
  }
}

/// A movement of a schedule, and who made it.
package struct StoredScheduleMovement: Hashable, Sendable {
  package var schedule: ScheduleNumber
  package var movement: ScheduleMovement
  package var by: DocumentNumber
  package var postingDate: CalendarDate
  /// The entry of a month-end run that holds it; nil for what a document moved itself.
  package var entry: PostingKey?

  package init(
    schedule: ScheduleNumber, movement: ScheduleMovement, by: DocumentNumber,
    postingDate: CalendarDate, entry: PostingKey? = nil
  ) {
    self.schedule = schedule
    self.movement = movement
    self.by = by
    self.postingDate = postingDate
    self.entry = entry
  }
}

/// What a month did to the deferred revenue of one account and currency.
package struct ScheduleRollForward: Hashable, Sendable {
  package var account: AccountCode
  package var currency: Currency
  package var functionalCurrency: Currency
  package var opening = DeferredAmount.zero
  package var added = DeferredAmount.zero
  /// Recognised in the month, whatever month it was for; below zero like everything that leaves.
  package var released = DeferredAmount.zero
  package var reshaped = DeferredAmount.zero
  package var cancelled = DeferredAmount.zero
  /// The account's balance in the journal at the end of the month, credits positive.
  package var accountBalance = DeferredAmount.zero

  package init(account: AccountCode, currency: Currency, functionalCurrency: Currency) {
    self.account = account
    self.currency = currency
    self.functionalCurrency = functionalCurrency
  }

  package var closing: DeferredAmount { opening + added + released + reshaped + cancelled }
  /// What the journal holds more than the schedules; zero where they tie.
  package var difference: DeferredAmount { accountBalance - closing }
}

/// What is still deferred for one month of service.
package struct ScheduleWaterfallRow: Hashable, Sendable {
  package var account: AccountCode
  package var currency: Currency
  package var functionalCurrency: Currency
  /// ``FiscalPeriod/unscheduled`` for what milestones or usage will release.
  package var period: FiscalPeriod
  package var amount: DeferredAmount

  package init(
    account: AccountCode, currency: Currency, functionalCurrency: Currency, period: FiscalPeriod,
    amount: DeferredAmount
  ) {
    self.account = account
    self.currency = currency
    self.functionalCurrency = functionalCurrency
    self.period = period
    self.amount = amount
  }
}

/// What can be asked of schedules. Those of discarded documents count for nothing.
package protocol ScheduleQueries {
  func schedules(of document: DocumentNumber, before point: StorePoint) throws -> [StoredSchedule]
  /// Those of the invoices of an entity, in whichever books they are.
  func schedules(
    ofContract contract: String, billedBy entity: LegalEntityID, before point: StorePoint
  ) throws -> [StoredSchedule]
  func schedule(_ number: ScheduleNumber) throws -> StoredSchedule?
  /// Schedules that measure usage, those used up included.
  func schedulesByUsage(of entity: LegalEntityID, ledger: String) throws -> [StoredSchedule]
  /// Schedules with months through `period` that are not released as planned, with these months
  /// alone.
  func schedulesDue(
    of entity: LegalEntityID, ledger: String, through period: FiscalPeriod
  ) throws -> [StoredSchedule]
  func scheduleMovements(of schedule: ScheduleNumber) throws -> [StoredScheduleMovement]
  func scheduleMovements(by document: DocumentNumber) throws -> [StoredScheduleMovement]
  /// What one entry of a month-end run is made of.
  func scheduleMovements(in entry: PostingKey) throws -> [StoredScheduleMovement]
  func scheduleRollForward(
    of entity: LegalEntityID, ledger: String, over period: FiscalPeriod
  ) throws -> [ScheduleRollForward]
  /// As it stood at the end of `period`.
  func scheduleWaterfall(
    of entity: LegalEntityID, ledger: String, after period: FiscalPeriod
  ) throws -> [ScheduleWaterfallRow]
}

extension ScheduleQueries {
  package func schedules(of document: DocumentNumber) throws -> [StoredSchedule] {
    try schedules(of: document, before: .now)
  }
}

/// What can be added to schedules; nothing of them is ever changed.
package protocol ScheduleTransaction: ScheduleQueries {
  func insert(_ terms: ScheduleTerms, of document: DocumentNumber) throws -> ScheduleNumber
  func insert(_ movement: StoredScheduleMovement) throws
}
