/// What a connection allows: calls at once, calls per time, refusals, and when it is left alone.
package struct ConnectionLimits: Hashable, Sendable {
  /// Calls at once, at most; under throttling fewer.
  package var concurrency: Int
  package var perSecond: Int?
  package var perMinute: Int?
  package var perDay: Int?
  /// In any 31 days, so that no calendar month holds more.
  package var perMonth: Int?
  /// Calls in any hour that the ERP may answer with a refusal, before nothing more is sent: some
  /// ERPs lock a key out after too many.
  package var errorsPerHour: Int?
  /// Entries sent again, at most so many for each hundred sent for the first time, within a minute.
  package var retryPercent: Int
  /// Times of the week at which nothing is started.
  package var blackouts: BlackoutCalendar

  package static let defaultConcurrency = 4
  package static let defaultRetryPercent = 20
  /// Entries that may be sent again within a minute, however few are new: an ERP that comes back
  /// is found, and a short backlog of repeats goes at once.
  package static let leastRetriesPerMinute = 60

  package init(
    concurrency: Int = ConnectionLimits.defaultConcurrency, perSecond: Int? = nil,
    perMinute: Int? = nil, perDay: Int? = nil, perMonth: Int? = nil, errorsPerHour: Int? = nil,
    retryPercent: Int = ConnectionLimits.defaultRetryPercent,
    blackouts: BlackoutCalendar = BlackoutCalendar()
  ) {
    self.concurrency = concurrency
    self.perSecond = perSecond
    self.perMinute = perMinute
    self.perDay = perDay
    self.perMonth = perMonth
    self.errorsPerHour = errorsPerHour
    self.retryPercent = retryPercent
    self.blackouts = blackouts
  }
}
