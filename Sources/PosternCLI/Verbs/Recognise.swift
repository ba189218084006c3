internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// Revenue of a month.
struct Recognise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Release the deferred revenue of a month.",
    discussion: """
      Makes the entries of what is due and not released yet, dated the last day of the month, in \
      one document of its own. Run again, it makes only what came since. Months before it that are \
      closed are caught up; open ones have to be recognised first.
      """)

  @OptionGroup var books: PeriodOptions
  @Flag(help: "Show what would be made, and write nothing.")
  var dryRun = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let recognition = Recognition(installation.acceptance)
    let entity = books.entityID
    let period = try books.fiscalPeriod()
    let isDryRun = dryRun
    let ledger = books.ledger
    let now = installation.clock.now
    let entries = try store.write { transaction throws -> [JournalEntry] in
      let plan = try recognition.plan(
        of: entity, ledger: ledger, period: period, in: transaction)
      if !isDryRun {
        _ = try recognition.carryOut(
          plan, of: entity, at: now, actor: "recognise", in: transaction)
      }
      return plan.entries.map(\.entry)
    }
    show(entries)
  }

  private func show(_ entries: [JournalEntry]) {
    var listing = Listing(
      options, "entries",
      [
        ("Kind", .left), ("Date", .left), ("Document", .left), ("Revenue", .right),
        ("In the books", .right),
      ])
    for entry in entries {
      let head = entry.head
      let functional = entry.lines.filter { $0.side == .debit }.map(\.functionalAmount)
      listing.add([
        head.kind.rawValue, head.postingDate.text, head.source.document.description,
        entry.total?.description ?? "",
        (try? Money.sum(functional, in: head.functionalCurrency))?.description ?? "",
      ]) { EntryWriter.write(entry, identity: nil, to: &$0) }
    }
    listing.finish(empty: "Nothing is due.")
  }
}
