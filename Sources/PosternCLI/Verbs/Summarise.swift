internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// One entry of many, for entities whose policy is `posting: summary`.
struct Summarise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make one entry of the month's entries that wait for a summary.",
    discussion: """
      For each currency of an entity and ledger, with the sums by account, side, tax and dimensions; \
      for each posting date where the policy 'summaries' is 'day'. Months and days that are over are \
      summarised by 'run' and 'serve' themselves, unless that policy is 'byHand'. \
      The entries stay in the journal, and are posted when their summary is. What comes later goes \
      into a further summary.
      """)

  @OptionGroup var books: PeriodOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let (plan, stored) = try await books.carryOut(options) { SummaryRun($0.acceptance) }
    var listing = Listing(
      options, "summaries",
      [
        ("Entity", .left), ("Period", .left), ("Currency", .left), ("Entries", .right),
        ("Lines", .right), ("Debits", .right), ("Key", .left),
      ])
    for (entry, count) in zip(plan.entries, plan.details.map(\.count)) {
      let head = entry.head
      let key = stored?.records.first { $0.entry == entry }?.key
      listing.add(
        [
          head.legalEntity.code, head.period.text, head.currency.code, String(count),
          String(entry.lines.count), entry.total?.description ?? "", key?.text ?? "",
        ]
      ) { writer in
        writer.object { writer in
          writer.key("details")
          writer.number(count)
          writer.key("entry")
          EntryListing.write(entry, stored, to: &writer)
        }
      }
    }
    listing.finish(empty: "Nothing waits for a summary.")
  }
}
