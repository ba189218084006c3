internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// What is stopped, grouped by cause, and what to do about it.
struct Exceptions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open exceptions, grouped by cause; and actions on them.",
    subcommands: [ListGroups.self, Retry.self, Resolve.self, Discard.self],
    defaultSubcommand: ListGroups.self)

  struct ListGroups: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Open exceptions, grouped by cause.")

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let store = try Installation(options).openStore()
      var exceptions: [PostingException] = []
      try store.read { queries in
        try selection.selection().forEachPage(in: queries) { exceptions += $0 }
      }
      let groups = ExceptionGroup.groups(of: exceptions)
      var listing = Listing(
        options, "groups",
        [
          ("Count", .right), ("Amount", .right), ("Entity", .left), ("Class", .left),
          ("Group", .left), ("Cause", .left),
        ])
      for group in groups {
        listing.add(
          [
            String(group.count), group.amount.description, group.entity.code,
            group.exceptionClass, group.fingerprint, group.cause,
          ]) { $0.write(group) }
      }
      listing.finish(empty: "No open exceptions.")
      if !options.isJSON {
        for group in groups { Console.print("fix (\(group.fingerprint)): \(group.fix)") }
      }
      if !groups.isEmpty { throw ExitStatus.doneWithTrouble.code }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try again: convert by the rules in force now, or send what was refused.",
      discussion: "Without ids or a filter, every open exception.")

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Only list what it would touch.")
    var dryRun = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      let store = try installation.openBooks()
      let run = ExceptionRetryRun(
        store: store, commit: GroupCommit(store: store), acceptance: installation.acceptance,
        clock: installation.clock, actor: "operator")
      let rows = try await run.retry(selection.selection(), isDryRun: dryRun)
      var listing = Listing(
        options, "exceptions",
        [
          ("Id", .right), ("Class", .left), ("Entity", .left), ("Amount", .right),
          ("Result", .left),
        ])
      for row in rows {
        listing.add(
          [
            String(row.exception.id ?? 0), row.exception.exceptionClass, row.exception.entity.code,
            row.exception.amount.description, row.resultText,
          ]) { $0.write(row) }
      }
      listing.finish()
      if rows.contains(where: \.stays) { throw ExitStatus.doneWithTrouble.code }
    }
  }

  struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what is known: the entry is in the ERP under a number, or it is not there.",
      discussion: "An entry that is not there is sent again; say so only after looking.")

    @Argument(help: "The exception's id.")
    var id: Int64
    @Option(help: "The number that the entry has in the ERP.")
    var erpNumber: String?
    @Flag(help: "The entry is proven not to be in the ERP.")
    var absent = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard (erpNumber != nil) != absent else {
        throw ValidationError("Give either --erp-number NUMBER or --absent.")
      }
    }

    func run() async throws {
      let erpNumber = erpNumber
      try await Exceptions.decide(id, options) { decision, exception, now, transaction in
        if let erpNumber {
          try decision.resolve(exception, erpNumber: erpNumber, at: now, in: transaction)
        } else {
          try decision.declareAbsent(exception, at: now, in: transaction)
        }
      }
    }
  }

  struct Discard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a document up that never reached an ERP.")

    @Argument(help: "The exception's id.")
    var id: Int64
    @Option(help: "Why; kept in the audit trail.")
    var reason: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await Exceptions.decide(id, options) { decision, exception, now, transaction in
        try decision.discard(exception, reason: reason, at: now, in: transaction)
      }
    }
  }

  private static func decide(
    _ id: Int64, _ options: GlobalOptions,
    _ body:
      @escaping @Sendable (
        ExceptionDecision, PostingException, Moment, any PostingTransaction
      ) throws -> Void
  ) async throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let now = installation.clock.now
    try await GroupCommit(store: store).write { transaction in
      var found: PostingException?
      try ExceptionSelection(ids: [id]).forEachPage(in: transaction) { found = found ?? $0.first }
      guard let exception = found else {
        throw Problem(
          code: "not_found", pointer: String(id), detail: "No open exception has this id",
          fix: "See 'postern list exceptions --state open'")
      }
      try body(ExceptionDecision(actor: "operator"), exception, now, transaction)
    }
    if options.isJSON {
      Console.print(#"{"done":true}"#)
    } else {
      Console.print("Done.")
    }
  }
}

/// Which exceptions.
struct SelectionOptions: ParsableArguments {
  @Argument(help: "Ids of exceptions.")
  var ids: [Int64] = []

  @Option(help: "One group, as 'postern exceptions' names it.")
  var group: String?

  @Option(name: .customLong("class"), help: "One class, for instance missing_mapping.")
  var exceptionClass: String?

  @Option(help: "Only these legal entities; may be repeated.")
  var entity: [String] = []

  @Option(help: "Only this connection's.")
  var connection: String?

  func selection() -> ExceptionSelection {
    ExceptionSelection(
      ids: ids, fingerprint: group, exceptionClass: exceptionClass,
      entities: entity.map { LegalEntityID($0) }, connection: connection.map { ConnectionID($0) })
  }
}
