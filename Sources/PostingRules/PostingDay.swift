package import Ledger

/// The day in the books that closed periods leave to a document.
package enum PostingDay: Hashable, Sendable {
  /// `movedFrom` is the day it would have had, where the period of that day is closed.
  case on(CalendarDate, movedFrom: CalendarDate?)
  /// It waits until the period is open.
  case held(FiscalPeriod, of: LegalEntityID)
  /// A person has to decide.
  case refused(FiscalPeriod, of: LegalEntityID)

  /// One ledger of one entity, as far as days concern it.
  package struct Books: Hashable, Sendable {
    package var entity: LegalEntityID
    package var closedPeriods: Set<FiscalPeriod>
    package var policy: EntityPolicies.ClosedPeriod

    package init(_ entity: LegalEntityID, _ ledger: LedgerRules) {
      self.entity = entity
      closedPeriods = ledger.closedPeriods
      policy = ledger.policies.closedPeriod
    }
  }

  /// One day for all of `books`: where one of them is closed, all move, and only forward; else the
  /// two sides of an intercompany posting would not eliminate in one period.
  package static func choose(from wanted: CalendarDate, in books: [Books]) -> PostingDay {
    var day = wanted
    while true {
      let period = FiscalPeriod(containing: day)
      guard let closed = books.first(where: { $0.closedPeriods.contains(period) }) else {
        return .on(day, movedFrom: day == wanted ? nil : wanted)
      }
      switch closed.policy {
      case .hold: return .held(period, of: closed.entity)
      case .ask: return .refused(period, of: closed.entity)
      case .nextOpen:
        guard let next = period.next else { return .refused(period, of: closed.entity) }
        day = next.firstDay
      }
    }
  }
}
