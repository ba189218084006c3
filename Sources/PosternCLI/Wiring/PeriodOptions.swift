internal import ArgumentParser
internal import Ledger

/// The books and the month that a month-end verb is about.
struct PeriodOptions: ParsableArguments {
  @Option(help: "The legal entity.")
  var entity: String

  @Option(help: "The month, YYYY-MM.")
  var period: String

  @Option(help: "The accounting view.")
  var ledger: String = EntryHead.primaryLedger

  var entityID: LegalEntityID { LegalEntityID(entity) }

  /// - Throws: ``Problem`` `usage`.
  func fiscalPeriod() throws -> FiscalPeriod {
    guard let period = FiscalPeriod(period) else {
      throw Problem(
        code: "usage", pointer: "--period", detail: "'\(period)' is no period", fix: "Write YYYY-MM"
      )
    }
    return period
  }
}
