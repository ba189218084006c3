internal import AdapterKit
internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// Ties the journal to what the ERPs hold.
struct Reconcile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tie the journal to the ERP's books, document by document, to the cent.",
    discussion: """
      Reads the books through the connection's adapter, or from its 'readBack' address. Without \
      --entity every entity, without --period every period in the journal. What an ERP holds \
      twice, or was given up here, becomes the exception late_success. An account that others \
      post to as well differs with --balances, and need not be wrong.
      """)

  @Option(help: "Only this legal entity; may be repeated.")
  var entity: [String] = []

  @Option(help: "Only this period, YYYY-MM; may be repeated.")
  var period: [String] = []

  @Flag(help: "Compare what entities owe one another instead, through the end of the period.")
  var intercompany = false

  @Flag(
    help: "Compare account balances at the end of the period instead, where the ERP tells them.")
  var balances = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let wanted = try period.map { try FiscalPeriod(option: $0) }
    if intercompany {
      let listing = try IntercompanyListing(
        installation, store, periods: wanted, entities: entity)
      listing.show(options)
      if !listing.check.tiesOut { throw ExitStatus.doneWithTrouble.code }
      return
    }
    if balances {
      let listing = try await BalanceListing(installation, store, periods: wanted, entities: entity)
      listing.show(options)
      if !listing.tiesOut { throw ExitStatus.doneWithTrouble.code }
      return
    }
    var results: [ReconciliationResult] = []
    for rules in try installation.entities(entity) {
      for (_, id) in rules.connections.sorted(by: { $0.key < $1.key }) {
        guard let connection = installation.configuration.connection(id) else { continue }
        let reader = BooksReader(
          connection: connection, adapter: try installation.adapter(of: connection))
        results += try await reader.reconcile(
          rules.entity.id, periods: wanted, with: store)
      }
    }
    let found = results
    let now = installation.clock.now
    let late = try store.write { transaction in
      try found.reduce(0) {
        try $0 + $1.reconciliation.raiseLateSuccesses(at: now, in: transaction)
      }
    }
    show(results)
    if late > 0, !options.isJSON {
      Console.print("\(late) of them came through late: see 'postern exceptions'")
    }
    if !results.allSatisfy(\.reconciliation.tiesOut) { throw ExitStatus.doneWithTrouble.code }
  }

  private func show(_ results: [ReconciliationResult]) {
    var listing = Listing(
      options, "reconciliations",
      [
        ("Entity", .left), ("Period", .left), ("Connection", .left), ("Journal", .right),
        ("ERP", .right), ("Matched", .right), ("Open", .right), ("Differences", .right),
        ("Debits here", .right), ("Debits in ERP", .right),
      ])
    for result in results {
      let outcome = result.reconciliation
      let totals = outcome.totals.sorted { $0.key < $1.key }
      listing.add(
        [
          result.entity.code, result.period.text, result.connection.code,
          String(outcome.journalEntries), String(outcome.booksEntries), String(outcome.matched),
          String(outcome.open), String(outcome.differences.count),
          totals.map(\.value.journal.description).joined(separator: ", "),
          totals.map(\.value.books.description).joined(separator: ", "),
        ]) { $0.write(result) }
    }
    listing.finish()
    guard !options.isJSON else { return }
    for result in results {
      for difference in result.reconciliation.differences {
        Console.print(
          "\(result.entity) \(result.period) \(difference.kind.rawValue): "
            + "\(difference.document ?? difference.key): \(difference.detail)")
      }
    }
  }
}

/// What reconciling one entity and period with one ERP gave.
struct ReconciliationResult: Sendable {
  let entity: LegalEntityID
  let period: FiscalPeriod
  let connection: ConnectionID
  let reconciliation: Reconciliation
}

extension JSONWriter {
  fileprivate mutating func write(_ result: ReconciliationResult) {
    object { writer in
      let outcome = result.reconciliation
      writer.key("entity")
      writer.string(result.entity.code)
      writer.key("period")
      writer.string(result.period.text)
      writer.key("connection")
      writer.string(result.connection.code)
      writer.key("tiesOut")
      writer.bool(outcome.tiesOut)
      for (name, count) in [
        ("journalEntries", outcome.journalEntries), ("erpEntries", outcome.booksEntries),
        ("matched", outcome.matched), ("open", outcome.open),
      ] {
        writer.key(name)
        writer.number(count)
      }
      writer.key("totals")
      writer.array { writer in
        for (currency, total) in outcome.totals.sorted(by: { $0.key < $1.key }) {
          writer.object { writer in
            writer.key("currency")
            writer.string(currency.code)
            writer.key("journal")
            writer.string(total.journal.text)
            writer.key("erp")
            writer.string(total.books.text)
          }
        }
      }
      writer.key("differences")
      writer.array { writer in
        for difference in outcome.differences {
          writer.object { writer in
            writer.key("kind")
            writer.string(difference.kind.rawValue)
            writer.key("key")
            writer.string(difference.key)
            if let document = difference.document {
              writer.key("document")
              writer.string(document)
            }
            if let number = difference.erpNumber {
              writer.key("erpNumber")
              writer.string(number)
            }
            writer.key("detail")
            writer.string(difference.detail)
          }
        }
      }
    }
  }
}
