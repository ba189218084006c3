internal import ArgumentParser
internal import Ledger
internal import PostingEngine
internal import SQLStore

/// The books and the month that a month-end verb is about.
struct PeriodOptions: ParsableArguments {
  @Option(help: "The legal entity.")
  var entity: String

  @Option(help: "The month, YYYY-MM.")
  var period: String

  @Option(help: "The accounting view.")
  var ledger: String = EntryHead.primaryLedger

  @Flag(help: "Show what would be made, and write nothing.")
  var dryRun = false

  var entityID: LegalEntityID { LegalEntityID(entity) }

  /// - Throws: ``Problem`` `usage`.
  func fiscalPeriod() throws(Problem) -> FiscalPeriod { try FiscalPeriod(option: period) }

  /// Plans month-end work and, unless it is only to be shown, stores it in the same transaction.
  ///
  /// - Returns: the plan, and the run that is stored: nil when there is nothing to store.
  func carryOut<Work: PeriodEndWork>(
    _ options: GlobalOptions, _ make: (Installation) throws -> Work
  ) async throws -> (Work.Plan, StoredRun?) {
    let installation = try Installation(options)
    let store = try installation.openBooks()
    let work = try make(installation)
    let entity = entityID
    let ledger = ledger
    let period = try fiscalPeriod()
    if dryRun {
      return (
        try store.read { try work.plan(of: entity, ledger: ledger, period: period, in: $0) }, nil
      )
    }
    let now = installation.clock.now
    return try await GroupCommit(store: store).write { transaction in
      let plan = try work.plan(of: entity, ledger: ledger, period: period, in: transaction)
      return (
        plan,
        try work.carryOut(plan, of: entity, at: now, actor: "operator", in: transaction)
      )
    }
  }
}
