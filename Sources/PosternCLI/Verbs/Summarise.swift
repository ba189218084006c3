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
      For each currency of an entity and ledger, with the sums by account, side, tax and dimensions. \
      The entries stay in the journal, and are posted when their summary is. What comes later goes \
      into a further summary.
      """)

  @OptionGroup var period: PeriodOptions
  @Flag(help: "Only show what it would make.")
  var dryRun = false
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let store = try installation.openBooks()
    let run = SummaryRun(installation.acceptance)
    let entity = period.entityID
    let wanted = try period.fiscalPeriod()
    let ledger = period.ledger
    if dryRun {
      let plan = try store.read {
        try run.plan(of: entity, ledger: ledger, period: wanted, in: $0)
      }
      return show(plan.entries.map { ($0, nil) }, details: plan.details.map(\.count))
    }
    let now = installation.clock.now
    let (records, details) = try await GroupCommit(store: store).write {
      transaction throws -> ([EntryRecord], [Int]) in
      let plan = try run.plan(of: entity, ledger: ledger, period: wanted, in: transaction)
      let stored = try run.carryOut(
        plan, of: entity, at: now, actor: "operator", in: transaction)
      return (stored?.records ?? [], plan.details.map(\.count))
    }
    show(records.map { ($0.entry, $0) }, details: details)
  }

  private func show(_ entries: [(JournalEntry, EntryRecord?)], details: [Int]) {
    var listing = Listing(
      options, "summaries",
      [
        ("Entity", .left), ("Period", .left), ("Currency", .left), ("Entries", .right),
        ("Lines", .right), ("Debits", .right), ("Key", .left),
      ])
    for ((entry, record), count) in zip(entries, details) {
      let head = entry.head
      listing.add(
        [
          head.legalEntity.code, head.period.text, head.currency.code, String(count),
          String(entry.lines.count), entry.total?.description ?? "", record?.key.text ?? "",
        ]
      ) { writer in
        writer.object { writer in
          writer.key("details")
          writer.number(count)
          writer.key("entry")
          if let record {
            writer.write(record)
          } else {
            EntryWriter.write(entry, identity: nil, to: &writer)
          }
        }
      }
    }
    listing.finish(empty: "Nothing waits for a summary.")
  }
}
