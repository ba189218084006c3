internal import ArgumentParser
internal import Ledger
internal import PostingEngine
internal import PostingRules

/// Revenue of a month.
struct Recognise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Release the deferred revenue of a month.",
    discussion: """
      Makes the entries of what is due and not released yet, dated the last day of the month, in \
      one document of its own. Run again, it makes only what came since. Months before it that are \
      closed are caught up; open ones have to be recognised first.
      """)

  @OptionGroup var books: PeriodOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let (plan, stored) = try await books.carryOut(options) { Recognition($0.acceptance) }
    EntryListing.show(
      plan.entries.map(\.entry), stored, options,
      columns: [
        ("Revenue", [.revenue, .discount, .intercompanyRevenue]), ("Cost", [.intercompanyCost]),
      ], empty: "Nothing is due.")
  }
}
