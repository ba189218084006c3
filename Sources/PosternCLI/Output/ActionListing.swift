internal import Ledger
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// What an action on exceptions came to, or would come to.
struct ActionListing {
  let rows: [ExceptionActionRun.Row]
  let isDryRun: Bool

  /// More documents are shown by the sums of their accounts alone.
  private static let mostDocumentsInFull = 5

  func print(_ options: GlobalOptions) {
    var listing = Listing(
      options, "exceptions",
      [
        ("Id", .right), ("Class", .left), ("Entity", .left), ("Amount", .right),
        ("Document", .left), ("Result", .left),
      ])
    for row in rows {
      listing.add(
        [
          String(row.exception.id ?? 0), row.exception.exceptionClass, row.exception.entity.code,
          row.exception.amount.description, row.document?.description ?? "",
          isDryRun ? row.result.conditional : row.result.text,
        ]) { $0.write(row) }
    }
    listing.finish(empty: "No open exceptions.")
    guard !options.isJSON else { return }
    let changed = rows.filter { !$0.entries.isEmpty }
    guard !changed.isEmpty else { return }
    Console.print("")
    if changed.count <= ActionListing.mostDocumentsInFull {
      for row in changed { Console.print(text(of: row.entries)) }
    } else {
      Console.print(sums(of: changed))
    }
  }

  private func text(of entries: EntryChange) -> String {
    let parts =
      entries.withdrawn.map { ("- ", $0) } + entries.added.map { ("+ ", $0) }
    return parts.map { mark, record in
      let head = record.entry.head
      let title = "\(mark)\(record.key) \(head.legalEntity) \(head.kind.rawValue) "
      return title + "\(head.postingDate), \(head.description)\n" + EntryText.table(record.entry)
    }.joined(separator: "\n")
  }

  /// Debits less credits by entity and account, before and after.
  private func sums(of rows: [ExceptionActionRun.Row]) -> String {
    struct Account: Hashable, Comparable {
      let entity: String
      let account: String
      let currency: Currency

      static func < (left: Self, right: Self) -> Bool {
        (left.entity, left.account, left.currency.code)
          < (right.entity, right.account, right.currency.code)
      }
    }
    var sums: [Account: (old: Money, new: Money)] = [:]
    func add(_ record: EntryRecord, _ change: (inout (old: Money, new: Money), Money) -> Void) {
      let head = record.entry.head
      for line in record.entry.lines {
        let account = Account(
          entity: head.legalEntity.code, account: line.account.code, currency: head.currency)
        let none = Money.zero(head.currency)
        change(
          &sums[account, default: (none, none)],
          line.side == .debit ? line.amount : -line.amount)
      }
    }
    for row in rows {
      for record in row.entries.withdrawn { add(record) { $0.old += $1 } }
      for record in row.entries.added { add(record) { $0.new += $1 } }
    }
    var table = TextTable([
      ("Entity", .left), ("Account", .left), ("Before", .right), ("After", .right),
    ])
    for (account, sum) in sums.sorted(by: { $0.key < $1.key }) {
      table.add([account.entity, account.account, sum.old.description, sum.new.description])
    }
    return "Entries of \(rows.count) documents, debits less credits:\n"
      + table.text(width: Console.width)
  }
}
