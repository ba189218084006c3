package import Ledger
package import PostingRules

/// What each entity wants done with entries of a period that its ERP holds closed.
package struct ClosedPeriodPolicies: Hashable, Sendable {
  private var byEntity: [LegalEntityID: EntityPolicies.ClosedPeriod]
  /// Periods that are closed here, whatever the ERP says.
  private var closedHere: [LegalEntityID: Set<FiscalPeriod>]

  /// Of an entity that is not named a person is asked.
  package init(
    _ byEntity: [LegalEntityID: EntityPolicies.ClosedPeriod] = [:],
    closedHere: [LegalEntityID: Set<FiscalPeriod>] = [:]
  ) {
    self.byEntity = byEntity
    self.closedHere = closedHere
  }

  package init(_ book: RuleBook) {
    self.init(
      book.entities.mapValues(\.policies.closedPeriod),
      closedHere: book.entities.mapValues(\.closedPeriods))
  }

  package subscript(entity: LegalEntityID) -> EntityPolicies.ClosedPeriod {
    byEntity[entity] ?? .ask
  }

  /// The first period after `period` that is closed neither here nor in the ERP; nil after the last.
  func next(
    after period: FiscalPeriod, of entity: LegalEntityID, closedInERP: Set<FiscalPeriod>
  ) -> FiscalPeriod? {
    let closed = closedInERP.union(closedHere[entity] ?? [])
    var next = period.next
    while let candidate = next, closed.contains(candidate) { next = candidate.next }
    return next
  }
}
