internal import JournalExport
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine

/// The journal on standard output, in a layout of other people's programs.
struct JournalFile {
  private let format: JournalFormat
  private let accounts: AccountPaths

  init(_ format: JournalFormat, of installation: Installation) {
    self.format = format
    var accounts = AccountPaths()
    for entity in installation.configuration.entities {
      for account in entity.chart?.accounts ?? [] {
        guard let type = account.type, let root = AccountPaths.Root(chartType: type) else {
          continue
        }
        accounts.tell(root, of: account.number, in: entity.id)
      }
    }
    self.accounts = accounts
  }

  /// Writes every entry of a filter, page by page, as they stand at one moment.
  ///
  /// - Parameter limit: nil writes all.
  func write(_ filter: ListFilter, limit: Int?, from store: any PostingStore) throws {
    var writer = format.writer(accounts)
    var filter = filter
    var left = limit ?? .max
    Console.write(writer.head())
    try store.read { queries in
      while left > 0 {
        filter.limit = min(left, ListFilter.maximumLimit)
        let page = try queries.entries(filter)
        var text = ""
        // What a summary holds stands in the entries that it sums up.
        for entry in page where entry.record.entry.head.kind != .summary {
          text += writer.text(
            of: ExportedEntry(
              key: entry.record.key.text, set: entry.record.set.text, entry: entry.record.entry,
              state: entry.postingState?.rawValue, erpNumber: entry.erpNumber))
        }
        Console.write(text)
        guard page.count == filter.limit, let last = page.last else { return }
        left -= page.count
        filter.cursor = last.number
      }
    }
  }
}
