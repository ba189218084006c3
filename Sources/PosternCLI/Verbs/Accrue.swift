internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PosternService
internal import PostingEngine

/// Revenue of usage that no invoice bills yet.
struct Accrue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Accrue rated usage that is not billed at the end of a month.",
    discussion: """
      Books what rated usage ('ratedUsage') no invoice bills, dated the last day of the month. By the \
      entity's policy 'usageAccrual' it is taken back on the next day ('nextDay'), or when an \
      invoice bills it, in part as well ('whenBilled'). Run again, it makes only what changed since.
      """)

  @OptionGroup var books: PeriodOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let (plan, stored) = try await books.carryOut(options) { Accrual($0.acceptance) }
    EntryListing.show(
      plan.entries.map(\.entry), stored, options, columns: [("Usage", [.revenue])],
      empty: "Nothing is unbilled.")
  }
}
