internal import Ledger
internal import LedgerJSON
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// The entries of a month-end run as a table, and as JSON.
enum EntryListing {
  /// - Parameters:
  ///   - stored: the run; nil when nothing is stored.
  ///   - columns: what the entries are about, by the head of its column: credits less debits of
  ///     some roles.
  static func show(
    _ entries: [JournalEntry], _ stored: StoredRun?, _ options: GlobalOptions,
    columns: [(head: String, roles: Set<AccountRole>)], empty: String
  ) {
    var listing = Listing(
      options, "entries",
      [
        ("Kind", .left), ("Date", .left), ("Document", .left),
      ] + columns.flatMap { [($0.head, .right), ("In the books", .right)] })
    for entry in entries {
      let head = entry.head
      let amounts = columns.flatMap { column -> [String] in
        let lines = entry.lines.filter { column.roles.contains($0.role) }
        func sum(_ amount: (JournalLine) -> Money, _ currency: Currency) -> String {
          let signed = lines.map { $0.side == .credit ? amount($0) : -amount($0) }
          return (try? Money.sum(signed, in: currency))?.description ?? ""
        }
        return [
          sum(\.amount, head.currency), sum(\.functionalAmount, head.functionalCurrency),
        ]
      }
      listing.add(
        [head.kind.rawValue, head.postingDate.text, head.source.document.description] + amounts
      ) { write(entry, stored, to: &$0) }
    }
    listing.finish(empty: empty)
  }

  /// With the key that it has when it is stored.
  static func write(_ entry: JournalEntry, _ stored: StoredRun?, to writer: inout JSONWriter) {
    if let record = stored?.records.first(where: { $0.entry == entry }) {
      writer.write(record)
    } else {
      EntryWriter.write(entry, identity: nil, to: &writer)
    }
  }
}
