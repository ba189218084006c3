internal import AdapterKit
internal import ArgumentParser
internal import JournalExport
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Lists of everything.
struct List: ParsableCommand {
  enum What: String, ExpressibleByArgument, CaseIterable {
    case documents, entries, postings, exceptions, refused, events

    var states: [String] {
      switch self {
      case .documents: ListedStates.documents
      case .entries, .postings: ListedStates.postings
      case .exceptions: ListedStates.exceptions
      case .events: ListedStates.events
      case .refused: []
      }
    }
  }

  /// A journal goes to other people's programs too.
  enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv, hledger, beancount
  }

  static let configuration = CommandConfiguration(
    abstract: "List documents, entries, postings, exceptions, intake that was refused, or events.",
    discussion: """
      Entries are also written as a journal of any size: --output csv, hledger or beancount.
      """)

  @Argument(help: "documents, entries, postings, exceptions, refused or events.")
  var what: What

  @OptionGroup var filter: FilterOptions

  @Option(
    help: "A table for people, one JSON value; for entries also csv, hledger or beancount.")
  var output: OutputFormat = .table

  @OptionGroup var place: PlaceOptions

  private var options: GlobalOptions {
    var options = GlobalOptions()
    options.place = place
    options.output = output == .json ? .json : .table
    return options
  }

  func run() throws {
    let installation = try Installation(options)
    let filter = try filter.filter(states: what.states)
    let store = try installation.openStore()
    if let format = JournalFormat(rawValue: output.rawValue) {
      guard what == .entries else {
        throw Problem(
          code: "usage", pointer: "--output",
          detail: "Only entries are written as \(format.rawValue), not \(what.rawValue)",
          fix: "Use 'list entries', or --output table or json")
      }
      return try JournalFile(format, of: installation).write(
        filter, limit: self.filter.limit, from: store)
    }
    let policy = ExceptionPolicy(installation.configuration.exceptions)
    try store.read { queries in
      switch what {
      case .documents: try documents(queries, filter)
      case .entries: try entries(queries, filter)
      case .postings: try postings(queries, filter, at: installation.clock.now)
      case .events: try events(queries, filter)
      case .exceptions: try exceptions(queries, filter, policy, at: installation.clock.now)
      case .refused: try refused(queries, filter)
      }
    }
  }

  private func documents(_ queries: any PostingQueries, _ filter: ListFilter) throws {
    var listing = Listing(
      options, "documents",
      [
        ("Document", .left), ("Entity", .left), ("Customer", .left), ("Date", .left),
        ("Receivable", .right), ("State", .left), ("Waiting", .left),
      ])
    for row in try queries.documents(filter) {
      let waiting = row.state == .accepted ? try queries.wait(of: row.number)?.detail : nil
      listing.add(
        [
          row.identity.description, row.entity.code, row.customer ?? "",
          row.documentDate.text, row.receivable?.description ?? "", row.state.rawValue,
          waiting ?? "",
        ]) { $0.write(row, waiting: waiting) }
    }
    listing.finish(limit: filter.limit)
  }

  private func entries(_ queries: any PostingQueries, _ filter: ListFilter) throws {
    var listing = Listing(
      options, "entries",
      [
        ("Key", .left), ("Entity", .left), ("Kind", .left), ("Posting date", .left),
        ("Amount", .right), ("Posting", .left), ("ERP number", .left), ("Reference", .left),
      ])
    for row in try queries.entries(filter) {
      let head = row.record.entry.head
      listing.add(
        [
          row.record.key.text, head.legalEntity.code, head.kind.rawValue, head.postingDate.text,
          row.record.entry.total?.description ?? "", row.postingState?.rawValue ?? "",
          row.erpNumber ?? "", head.reference,
        ]) { $0.write(row.record) }
    }
    listing.finish(limit: filter.limit)
  }

  private func events(_ queries: any PostingQueries, _ filter: ListFilter) throws {
    var listing = Listing(
      options, "events",
      [
        ("Id", .right), ("At", .left), ("Kind", .left), ("Entity", .left), ("Document", .left),
        ("Revision", .right),
      ])
    for row in try queries.events(filter) {
      var json = JSONWriter()
      try json.write(row, in: queries)
      listing.add(
        [
          String(row.number), row.at.text, row.kind.rawValue, row.entity.code,
          row.identity.description, String(row.revision),
        ]) { $0.json(json.bytes) }
    }
    listing.finish(limit: filter.limit)
  }

  private func postings(
    _ queries: any PostingQueries, _ filter: ListFilter, at now: Moment
  ) throws {
    let outlook = try DeliveryOutlook(at: now, in: queries)
    var listing = Listing(
      options, "postings",
      [
        ("Posting", .right), ("Entry", .left), ("Entity", .left), ("Connection", .left),
        ("State", .left), ("Reason", .left), ("Attempts", .right), ("ERP number", .left),
      ])
    for row in try queries.postings(filter) {
      let attempts = options.isJSON ? try queries.attempts(of: row.number) : []
      let hold = outlook.hold(of: row)
      listing.add(
        [
          String(row.number.value), row.entry.text, row.entity.code, row.connection.code,
          hold == nil ? row.state.rawValue : PostingState.waiting.rawValue,
          hold?.text ?? row.reason?.rawValue ?? "", String(row.attemptCount),
          row.receipt?.number ?? "",
        ]) { $0.write(row, attempts: attempts, hold: hold) }
    }
    listing.finish(limit: filter.limit)
  }

  private func exceptions(
    _ queries: any PostingQueries, _ filter: ListFilter, _ policy: ExceptionPolicy,
    at now: Moment
  ) throws {
    var listing = Listing(
      options, "exceptions",
      [
        ("Id", .right), ("Class", .left), ("Entity", .left), ("Amount", .right), ("State", .left),
        ("Owner", .left), ("Due", .left), ("Document", .left), ("Cause", .left),
      ])
    for row in try queries.exceptions(filter) {
      let identity = try row.document.flatMap { try queries.document($0)?.identity }
      let terms = policy.terms(of: row)
      let held = row.isHeld(at: now) ? row.heldUntil : nil
      listing.add(
        [
          String(row.id ?? 0), row.exceptionClass, row.entity.code, row.amount.description,
          held.map { "held until \($0.date)" } ?? row.state.rawValue, terms.owner ?? "",
          terms.dueAt?.date.text ?? "",
          identity?.description ?? "", row.cause,
        ]) { $0.write(row, document: identity, terms: terms) }
    }
    listing.finish(limit: filter.limit)
  }

  private func refused(_ queries: any PostingQueries, _ filter: ListFilter) throws {
    var listing = Listing(
      options, "refused",
      [("Id", .right), ("At", .left), ("Document", .left), ("Faults", .left)])
    for row in try queries.refused(filter) {
      listing.add(
        [
          String(row.id ?? 0), row.at.text, row.identity ?? row.source,
          row.problems.map(\.code).joined(separator: ", "),
        ]) { $0.write(row) }
    }
    listing.finish(limit: filter.limit)
  }
}
