internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// What is open in foreign currency, at the closing rate.
struct Revalue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Value what is open in foreign currency at the closing rate of a month.",
    discussion: """
      Books the difference on the month's last day beside the receivables, and takes it back on the \
      next. A further run of the month books only what changed since. Rates are those of type \
      'closing' of that day, else the latest of the entity's own type.
      """)

  @OptionGroup var period: PeriodOptions
  @Flag(help: "Only show what it would make.")
  var dryRun = false
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let store = try installation.openBooks()
    let revaluation = Revaluation(installation.acceptance)
    let entity = period.entityID
    let wanted = try period.fiscalPeriod()
    if dryRun {
      return show(
        try store.read { try revaluation.plan(of: entity, period: wanted, in: $0) }, nil)
    }
    let now = installation.clock.now
    let (plan, stored) = try await GroupCommit(store: store).write {
      transaction throws -> (Revaluation.Plan, StoredRun?) in
      let plan = try revaluation.plan(of: entity, period: wanted, in: transaction)
      return (
        plan,
        try revaluation.carryOut(plan, of: entity, at: now, actor: "operator", in: transaction)
      )
    }
    show(plan, stored)
  }

  private func show(_ plan: Revaluation.Plan, _ stored: StoredRun?) {
    var listing = Listing(
      options, "valuations",
      [
        ("Currency", .left), ("Open", .right), ("Rate", .right), ("Carried", .right),
        ("Valued", .right), ("Booked before", .right), ("Difference", .right), ("Items", .right),
      ])
    for valuation in plan.valuations {
      listing.add(
        [
          valuation.currency.code, valuation.open.text, valuation.rate.rate.text,
          valuation.carried.text, valuation.valued.text, valuation.booked.text,
          valuation.difference.description, String(valuation.items.count),
        ]
      ) { writer in
        writer.object { writer in
          writer.string("currency", valuation.currency.code)
          writer.string("functionalCurrency", valuation.valued.currency.code)
          writer.decimal("rate", valuation.rate.rate)
          writer.date("rateDate", valuation.rate.date)
          writer.string("rateSource", valuation.rate.source)
          writer.money("open", valuation.open)
          writer.money("carried", valuation.carried)
          writer.money("valued", valuation.valued)
          writer.money("bookedBefore", valuation.booked)
          writer.money("difference", valuation.difference)
          writer.key("items")
          writer.array { writer in
            for item in valuation.items {
              writer.object { writer in
                writer.string("document", item.identity.description)
                writer.string("customer", item.customer)
                writer.money("open", item.amount)
                writer.money("carried", item.functional)
              }
            }
          }
          writer.key("entries")
          writer.array { writer in
            for entry in plan.entries
            where entry.head.reference.hasSuffix(":" + valuation.currency.code) {
              if let record = stored?.records.first(where: { $0.entry == entry }) {
                writer.write(record)
              } else {
                EntryWriter.write(entry, identity: nil, to: &writer)
              }
            }
          }
        }
      }
    }
    listing.finish(empty: "Nothing is open in foreign currency.")
  }
}
