internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// Deferred revenue: what moved, and what is still to come.
struct Schedules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the roll-forward and the waterfall of deferred revenue.",
    discussion: """
      The roll-forward is of one month and ties to the accounts of deferred revenue in the journal; \
      a difference is shown, and the exit status is 1. The waterfall is what is left at its end, by \
      month of service.
      """)

  @Option(help: "Only this legal entity; may be repeated.")
  var entity: [String] = []

  @Option(help: "The month, YYYY-MM. Default: the present one.")
  var period: String?

  @Option(help: "The accounting view.")
  var ledger: String = EntryHead.primaryLedger

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let month = try wantedPeriod(installation.clock.now)
    let ledger = ledger
    let wanted = try installation.entities(entity)
    let statements = try installation.openStore().read { queries in
      try wanted.map { rules in
        try DeferralStatement(of: rules.entity.id, ledger: ledger, over: month, in: queries)
      }
    }
    show(statements, month)
    if !statements.allSatisfy(\.tiesOut) {
      throw ExitStatus.doneWithTrouble.code
    }
  }

  private func wantedPeriod(_ now: Moment) throws -> FiscalPeriod {
    guard let period else {
      return FiscalPeriod(
        containing: CalendarDate(dayNumber: Int(now.milliseconds / 86_400_000)))
    }
    return try FiscalPeriod(option: period)
  }

  private func show(_ statements: [DeferralStatement], _ month: FiscalPeriod) {
    if options.isJSON {
      var writer = JSONWriter()
      writer.write(statements, month)
      return Console.print(bytes: writer.bytes)
    }
    var table = TextTable([
      ("Entity", .left), ("Account", .left), ("Currency", .left), ("Opening", .right),
      ("Added", .right), ("Released", .right), ("Reshaped", .right), ("Cancelled", .right),
      ("Closing", .right), ("Journal", .right), ("Difference", .right),
    ])
    var coming = TextTable([
      ("Entity", .left), ("Account", .left), ("Currency", .left), ("Month", .left),
      ("Deferred", .right),
    ])
    for statement in statements {
      for row in statement.rows {
        func text(_ amount: DeferredAmount) -> String { amount.money(row.currency).text }
        table.add([
          statement.entity.code, row.account.code, row.currency.code, text(row.opening),
          text(row.added), text(row.released), text(row.reshaped), text(row.cancelled),
          text(row.closing), text(row.accountBalance), text(row.difference),
        ])
      }
      for row in statement.waterfall {
        coming.add([
          statement.entity.code, row.account.code, row.currency.code,
          row.period == .unscheduled ? "not by time" : row.period.text,
          row.amount.money(row.currency).text,
        ])
      }
    }
    guard !table.isEmpty else { return Console.print("No deferred revenue through \(month).") }
    Console.print(table.text(width: Console.width))
    if !coming.isEmpty { Console.print("\n" + coming.text(width: Console.width)) }
  }
}

extension DeferredAmount {
  fileprivate func money(_ currency: Currency) -> Money {
    Money(minorUnits: amount, currency)
  }
}
