internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// What customers owe, by age.
struct Ageing: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what customers owe by how long it is overdue, tied out with the account.",
    discussion: """
      Counts what opened and cleared an item from its posting date on. The items always sum to the \
      account of the role 'receivable'; exit status 1 says that they do not.
      """)

  @Option(help: "Only these legal entities; may be repeated.")
  var entity: [String] = []

  @Option(help: "The day at whose end it is looked at. Default: today.")
  var asOf: String?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let day = try asOf.map { try CalendarDate(option: $0, of: "--as-of") }
    let rules = try installation.entities(entity)
    let reports = try store.read { queries in
      try rules.map {
        try AgeingReport(
          of: $0.entity.id, functional: $0.entity.functionalCurrency,
          on: day ?? installation.clock.now.date, in: queries)
      }
    }
    show(reports)
    if !reports.allSatisfy(\.tiesOut) { throw ExitStatus.doneWithTrouble.code }
  }

  private func show(_ reports: [AgeingReport]) {
    if options.isJSON {
      var writer = JSONWriter()
      writer.write(reports)
      return Console.print(bytes: writer.bytes)
    }
    var listing = Listing(
      options, "ageing",
      [
        ("Entity", .left), ("Customer", .left), ("Currency", .left), ("Not due", .right),
        ("1–30", .right), ("31–60", .right), ("61–90", .right), ("90+", .right),
        ("Total", .right), ("In the books", .right),
      ])
    for report in reports {
      for row in report.rows {
        let ages = AgeingReport.Age.allCases.map { row.ages[$0]?.text ?? "" }
        listing.add(
          [report.entity.code, row.customer ?? "", row.total.currency.code] + ages
            + [row.total.text, row.functional.description]
        ) { _ in }
      }
    }
    listing.finish(empty: "Nothing is open.")
    for report in reports {
      for tieOut in report.tieOuts {
        Console.print(
          "\(report.entity) \(tieOut.currency): items \(tieOut.items.amount.text) "
            + "(\(tieOut.items.functional)), account \(tieOut.control.amount.text) "
            + "(\(tieOut.control.functional)) "
            + (tieOut.tiesOut ? "– ties out" : "– DIFFERS"))
      }
    }
  }
}
