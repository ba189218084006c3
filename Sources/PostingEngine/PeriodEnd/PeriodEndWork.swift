package import Ledger
internal import PostingRules

/// Makes the entries of a month's end, which one document of our own owns.
///
/// What is there already is not made again: a further run of the same month makes only what came
/// since.
package protocol PeriodEndWork: Sendable {
  associatedtype Plan: Sendable

  /// What a run would make now.
  ///
  /// - Throws: ``Problem`` `unknown_entity`, `usage` for an unknown ledger, `period_closed`, and
  ///   what stands in the way.
  func plan(
    of entity: LegalEntityID, ledger: String, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan

  /// Stores the run of a plan made in the same transaction.
  ///
  /// - Returns: nil when there is nothing to store.
  func carryOut(
    _ plan: Plan, of entity: LegalEntityID, at now: Moment, actor: String,
    in transaction: any PostingTransaction
  ) throws -> StoredRun?
}

extension PeriodEndWork {
  package func plan(
    of entity: LegalEntityID, period: FiscalPeriod, in queries: any PostingQueries
  ) throws -> Plan {
    try plan(of: entity, ledger: EntryHead.primaryLedger, period: period, in: queries)
  }
}

extension Acceptance {
  /// The books that a month-end run writes into.
  ///
  /// - Parameter what: what the run does, in words.
  /// - Throws: ``Problem`` `unknown_entity`, `usage`, `period_closed`.
  func openBooks(
    _ ledger: String, of entity: LegalEntityID, in period: FiscalPeriod, to what: String
  ) throws(Problem) -> (rules: EntityRules, books: LedgerRules) {
    let rules = try entityRules(of: entity)
    let books = try books(ledger, of: rules)
    guard !books.closedPeriods.contains(period) else {
      throw Problem(
        code: "period_closed", pointer: "--period",
        detail: "The period \(period) of \(entity) is closed",
        fix: "Reopen \(period), or \(what) the next open period")
    }
    return (rules, books)
  }

  /// The head under a sequence that no entry has, in the store or among `taken`: what is made once
  /// more of the same document and month is an entry of its own.
  func withFreeKey(
    _ head: EntryHead, among taken: Set<PostingKey> = [], in queries: any PostingQueries
  ) throws -> EntryHead {
    var head = head
    var key = keys.key(of: head)
    while try taken.contains(key) || queries.entry(key) != nil {
      head.source.sequence += ReleaseRun.sequencesOfARound
      key = keys.key(of: head)
    }
    return head
  }
}
