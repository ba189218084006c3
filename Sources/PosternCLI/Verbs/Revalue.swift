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
      Receivables, disputed payments, what customers may still use, and what entities owe each other. \
      Books the difference on the month's last day beside them, and takes it back on the next. A further run of the month books only what changed since. Rates are those of type \
      'closing' of that day, else the latest of the entity's own type.
      """)

  @OptionGroup var books: PeriodOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let (plan, stored) = try await books.carryOut(options) { Revaluation($0.acceptance) }
    var listing = Listing(
      options, "valuations",
      [
        ("Currency", .left), ("With", .left), ("Open", .right), ("Rate", .right),
        ("Carried", .right),
        ("Valued", .right), ("Booked before", .right), ("Difference", .right), ("Items", .right),
      ])
    for valuation in plan.valuations {
      listing.add(
        [
          valuation.currency.code, valuation.partner?.code ?? "", valuation.open.text,
          valuation.rate.rate.text,
          valuation.carried.text, valuation.valued.text, valuation.booked.text,
          valuation.difference.description, String(valuation.items.count),
        ]
      ) { writer in
        writer.object { writer in
          writer.string("currency", valuation.currency.code)
          writer.string("partner", valuation.partner?.code)
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
            where entry.head.reference == valuation.reference {
              EntryListing.write(entry, stored, to: &writer)
            }
          }
        }
      }
    }
    listing.finish(empty: "Nothing is open in foreign currency.")
  }
}
