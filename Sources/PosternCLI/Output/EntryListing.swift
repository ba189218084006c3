internal import Ledger
internal import LedgerJSON
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// The entries of a month-end run as a table, and as JSON.
enum EntryListing {
  /// - Parameters:
  ///   - stored: the run; nil when nothing is stored.
  ///   - amount: what the entries are about, as the head of its column.
  static func show(
    _ entries: [JournalEntry], _ stored: StoredRun?, _ options: GlobalOptions, amount: String,
    empty: String
  ) {
    var listing = Listing(
      options, "entries",
      [
        ("Kind", .left), ("Date", .left), ("Document", .left), (amount, .right),
        ("In the books", .right),
      ])
    for entry in entries {
      let head = entry.head
      let functional = entry.lines.filter { $0.side == .debit }.map(\.functionalAmount)
      listing.add([
        head.kind.rawValue, head.postingDate.text, head.source.document.description,
        entry.total?.description ?? "",
        (try? Money.sum(functional, in: head.functionalCurrency))?.description ?? "",
      ]) { write(entry, stored, to: &$0) }
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
