internal import ArgumentParser
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// Where everything stands.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Where everything stands: documents, postings and amounts by entity and ERP.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let round = installation.summaryRound(store: store, commit: GroupCommit(store: store))
    let (counts, totals, backlog, waiting) = try store.read {
      (
        try $0.counts(), try $0.totals(), try round.backlog(in: $0),
        try $0.documentsWaiting(for: .reference).count + $0.documentsWaiting(for: .period).count
      )
    }
    var listing = Listing(
      options, "entities",
      [
        ("Entity", .left), ("ERP", .left), ("Documents", .right), ("Entries", .right),
        ("Posted", .right), ("Open", .right), ("Exceptions", .right),
        ("Debits posted", .right), ("Debits open", .right),
      ])
    for rules in installation.configuration.rules.entities.values.sorted(by: {
      $0.entity.id < $1.entity.id
    }) {
      let entity = rules.entity.id
      for connection in Set(rules.connections.values).sorted() {
        var row = StatusRow(entity, connection, rules.entity.functionalCurrency, counts, totals)
        row.backlog = backlog.filter {
          $0.entity == entity && rules.connections[$0.ledger] == connection
        }
        listing.add(row.cells) { $0.write(row) }
      }
    }
    listing.finish()
    guard !options.isJSON else { return }
    if waiting > 0 {
      Console.print(
        "\(waiting) document\(waiting == 1 ? " waits for another" : "s wait for others") "
          + "or for a period: see 'postern list documents --state accepted'.")
    }
    for waiting in backlog {
      let when = waiting.due.map { "due on \($0)" } ?? "made by 'postern summarise'"
      Console.print(
        "\(waiting.entity) \(waiting.ledger) \(waiting.period): \(waiting.entries) entries wait for "
          + "their summary, \(when).")
    }
  }
}

/// One entity and the ERP it posts to.
private struct StatusRow {
  let entity: LegalEntityID
  let connection: ConnectionID
  let documents: Int
  let exceptions: Int
  var posted = 0
  var open = 0
  var debitsPosted: Money
  var debitsOpen: Money
  /// What waits for a summary.
  var backlog: [SummaryRound.Backlog] = []

  init(
    _ entity: LegalEntityID, _ connection: ConnectionID, _ currency: Currency,
    _ counts: [StoreCount], _ totals: [EntityTotal]
  ) {
    self.entity = entity
    self.connection = connection
    func count(_ kind: StoreCount.Kind, _ state: String? = nil) -> Int {
      counts.filter {
        $0.kind == kind && $0.entity == entity && (state == nil || $0.state == state)
      }.reduce(0) { $0 + $1.count }
    }
    documents = count(.document)
    exceptions = count(.exception, ExceptionState.open.rawValue)
    debitsPosted = .zero(currency)
    debitsOpen = .zero(currency)
    for total in totals where total.entity == entity && total.connection == connection {
      switch total.state {
      case .posted, .reversed:
        posted += total.entries
        debitsPosted += total.debits
      case .cancelled: break
      case .due, .waiting, .sending, .submitted, .unknown, .rejected:
        open += total.entries
        debitsOpen += total.debits
      }
    }
  }

  var cells: [String] {
    [
      entity.code, connection.code, String(documents), String(posted + open), String(posted),
      String(open), String(exceptions), debitsPosted.description, debitsOpen.description,
    ]
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ row: StatusRow) {
    object { writer in
      writer.key("entity")
      writer.string(row.entity.code)
      writer.key("connection")
      writer.string(row.connection.code)
      for (name, count) in [
        ("documents", row.documents), ("entries", row.posted + row.open),
        ("posted", row.posted), ("open", row.open), ("exceptions", row.exceptions),
      ] {
        writer.key(name)
        writer.number(count)
      }
      writer.key("currency")
      writer.string(row.debitsPosted.currency.code)
      writer.key("debitsPosted")
      writer.string(row.debitsPosted.text)
      writer.key("debitsOpen")
      writer.string(row.debitsOpen.text)
      guard !row.backlog.isEmpty else { return }
      writer.key("waitingForSummary")
      writer.array { writer in
        for waiting in row.backlog {
          writer.object { writer in
            writer.string("ledger", waiting.ledger)
            writer.string("period", waiting.period.text)
            writer.key("entries")
            writer.number(waiting.entries)
            writer.date("due", waiting.due)
          }
        }
      }
    }
  }
}
