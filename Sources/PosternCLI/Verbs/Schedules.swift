internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
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

  /// Deferred revenue of one entity.
  struct Statement: Sendable {
    let entity: LegalEntityID
    let rows: [ScheduleRollForward]
    let waterfall: [ScheduleWaterfallRow]
  }

  func run() throws {
    let installation = try Installation(options)
    let month = try wantedPeriod(installation.clock.now)
    let ledger = ledger
    let wanted = installation.configuration.rules.entities.keys.sorted().filter {
      entity.isEmpty || entity.contains($0.code)
    }
    let statements = try installation.openStore().read { queries in
      try wanted.map { id in
        Statement(
          entity: id,
          rows: try queries.scheduleRollForward(of: id, ledger: ledger, over: month),
          waterfall: try queries.scheduleWaterfall(of: id, ledger: ledger, after: month))
      }
    }
    show(statements, month)
    if !statements.flatMap(\.rows).allSatisfy(\.difference.isZero) {
      throw ExitStatus.doneWithTrouble.code
    }
  }

  private func wantedPeriod(_ now: Moment) throws -> FiscalPeriod {
    guard let period else {
      return FiscalPeriod(
        containing: CalendarDate(dayNumber: Int(now.milliseconds / 86_400_000)))
    }
    guard let month = FiscalPeriod(period) else {
      throw Problem(
        code: "usage", pointer: "--period", detail: "'\(period)' is no period", fix: "Write YYYY-MM"
      )
    }
    return month
  }

  private func show(_ statements: [Statement], _ month: FiscalPeriod) {
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

extension JSONWriter {
  fileprivate mutating func write(_ statements: [Schedules.Statement], _ month: FiscalPeriod) {
    object { writer in
      writer.key("period")
      writer.string(month.text)
      writer.key("rollForward")
      writer.array { writer in
        for statement in statements {
          for row in statement.rows { writer.write(row, of: statement.entity) }
        }
      }
      writer.key("waterfall")
      writer.array { writer in
        for statement in statements {
          for row in statement.waterfall { writer.write(row, of: statement.entity) }
        }
      }
    }
  }

  private mutating func write(_ row: ScheduleRollForward, of entity: LegalEntityID) {
    object { writer in
      writer.account(entity, row.account, row.currency, row.functionalCurrency)
      for (name, amount) in [
        ("opening", row.opening), ("added", row.added), ("released", row.released),
        ("reshaped", row.reshaped), ("cancelled", row.cancelled), ("closing", row.closing),
        ("journal", row.accountBalance), ("difference", row.difference),
      ] {
        writer.key(name)
        writer.amounts(amount, row.currency, row.functionalCurrency)
      }
    }
  }

  private mutating func write(_ row: ScheduleWaterfallRow, of entity: LegalEntityID) {
    object { writer in
      writer.account(entity, row.account, row.currency, row.functionalCurrency)
      if row.period != .unscheduled {
        writer.key("month")
        writer.string(row.period.text)
      }
      writer.key("deferred")
      writer.amounts(row.amount, row.currency, row.functionalCurrency)
    }
  }

  private mutating func account(
    _ entity: LegalEntityID, _ account: AccountCode, _ currency: Currency, _ functional: Currency
  ) {
    for (name, text) in [
      ("entity", entity.code), ("account", account.code), ("currency", currency.code),
      ("functionalCurrency", functional.code),
    ] {
      key(name)
      string(text)
    }
  }

  private mutating func amounts(
    _ amount: DeferredAmount, _ currency: Currency, _ functional: Currency
  ) {
    object { writer in
      writer.key("amount")
      writer.string(Money(minorUnits: amount.amount, currency).text)
      writer.key("functionalAmount")
      writer.string(Money(minorUnits: amount.functional, functional).text)
    }
  }
}
