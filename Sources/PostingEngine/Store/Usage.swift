package import Ledger
package import PostingRules

/// A step in the life of an accrual of unbilled usage; nothing of it is ever changed.
package struct StoredAccrual: Hashable, Sendable {
  package var item: RatedItemNumber
  package var ledger: String
  /// Added to what is accrued.
  package var amount: DeferredAmount
  package var by: DocumentNumber
  package var postingDate: CalendarDate
  package var entry: PostingKey
  /// The number of its line of unbilled revenue; that of the revenue is the next.
  package var line: Int
  /// The accrual of which it takes a part back, or gives it again; nil for one itself.
  package var basis: AccrualNumber?

  package init(
    item: RatedItemNumber, ledger: String, amount: DeferredAmount, by: DocumentNumber,
    postingDate: CalendarDate, entry: PostingKey, line: Int, basis: AccrualNumber? = nil
  ) {
    self.item = item
    self.ledger = ledger
    self.amount = amount
    self.by = by
    self.postingDate = postingDate
    self.entry = entry
    self.line = line
    self.basis = basis
  }
}

/// What can be asked of rated, billed and accrued usage. What discarded documents did counts for
/// nothing.
package protocol UsageQueries {
  /// What stands of rated usage that began on or before a day, in the order of acceptance.
  ///
  /// - Parameter meter: nil for all.
  func ratedItems(
    of entity: LegalEntityID, through day: CalendarDate, meter: MeteredProduct?
  ) throws -> [RatedItem]
  /// What invoices with a posting date through a day bill of rated usage, less what was taken back
  /// through that day, in the order of acceptance.
  func billedUsage(
    of entity: LegalEntityID, through day: CalendarDate, meter: MeteredProduct?
  ) throws -> [BilledUsage]
  /// Whether a document billed rated usage.
  func billsUsage(_ document: DocumentNumber) throws -> Bool
  /// What stood of the accruals of a ledger at the end of a day.
  func standingAccruals(
    of entity: LegalEntityID, ledger: String, on day: CalendarDate, meter: MeteredProduct?
  ) throws -> [StandingAccrual]
  /// What an entry holds, with the numbers.
  func accruals(in entry: PostingKey) throws -> [(number: AccrualNumber, accrual: StoredAccrual)]
}

package protocol UsageTransaction: UsageQueries {
  func insert(_ usage: RatedUsage, of document: DocumentNumber) throws
  func insert(
    _ billed: BilledUsage, by document: DocumentNumber, postingDate: CalendarDate) throws
  /// What `document` rated counts no more, and what it billed is unbilled again.
  func takeBackUsage(
    of document: DocumentNumber, by other: DocumentNumber, postingDate: CalendarDate) throws
  func insert(_ accrual: StoredAccrual) throws -> AccrualNumber
}
