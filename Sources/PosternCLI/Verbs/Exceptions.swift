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
    subcommands: [
      ListGroups.self, Retry.self, Hold.self, Release.self, NextPeriod.self, Resolve.self,
      Reverse.self, Discard.self, Assign.self, Tag.self, Comment.self, Proposals.self,
      Approve.self, Reject.self,
    ],
    defaultSubcommand: ListGroups.self)

  struct ListGroups: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Open exceptions, grouped by cause.")

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let installation = try Installation(options)
      let store = try installation.openStore()
      let exceptions = try store.read { try selection.selection().exceptions(in: $0) }
      let groups = ExceptionGroup.groups(of: exceptions)
      let now = installation.clock.now
      let held = Dictionary(
        grouping: exceptions.filter { $0.isHeld(at: now) }, by: \.fingerprint)
      var listing = Listing(
        options, "groups",
        [
          ("Count", .right), ("Held", .right), ("Amount", .right), ("Entity", .left),
          ("Class", .left),
          ("Since", .left), ("Group", .left), ("Cause", .left),
        ])
      for group in groups {
        listing.add(
          [
            String(group.count), held[group.fingerprint].map { String($0.count) } ?? "",
            group.amounts.map(\.description).joined(separator: ", "), group.entity.code,
            group.exceptionClass, group.since.date.text, group.fingerprint, group.cause,
          ]) { $0.write(group) }
      }
      listing.finish(empty: "No open exceptions.")
      if !options.isJSON {
        for group in groups {
          Console.print("fix (\(group.fingerprint)): \(group.fix)")
          Console.print("  see \(Runbook.page(of: group.exceptionClass))")
        }
      }
      if !groups.isEmpty { throw ExitStatus.doneWithTrouble.code }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try again: convert by the rules in force now, or send what was refused.",
      discussion: """
        Without ids or a filter, every open exception. Entries that an ERP refused take the \
        accounts of the rules in force; the entries that go and come are listed.
        """)

    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.retry, takesAll: true) }
  }

  struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put exceptions aside until a day; then they are tried again.")

    @Option(help: "The day or moment: 2026-10-31, 2026-10-31T18:00:00Z.")
    var until: String
    @OptionGroup var work: ActionOptions

    func run() async throws {
      try await work.run(.hold(until: try Moment(option: until, of: "--until")))
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a hold.")

    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.release) }
  }

  struct NextPeriod: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Post on the first day of the next open period.")

    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.nextPeriod) }
  }

  struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what is known: the entry is in the ERP under a number, or it is not there.",
      discussion: "An entry that is not there is sent again; say so only after looking.")

    @Option(help: "The number that the entry has in the ERP.")
    var erpNumber: String?
    @Flag(help: "The entry is proven not to be in the ERP.")
    var absent = false
    @OptionGroup var work: ActionOptions

    func validate() throws {
      guard (erpNumber != nil) != absent else {
        throw ValidationError("Give either --erp-number NUMBER or --absent.")
      }
    }

    func run() async throws {
      try await work.run(erpNumber.map { .resolve(erpNumber: $0) } ?? .declareAbsent)
    }
  }

  struct Reverse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compensate the documents in the ERPs that have them.")

    @Option(help: "Why; kept in the audit trail.")
    var reason: String
    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.reverse(reason: reason)) }
  }

  struct Discard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give documents up that never reached an ERP.")

    @Option(help: "Why; kept in the audit trail.")
    var reason: String
    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.discard(reason: reason)) }
  }

  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say who works on exceptions.")

    @Option(help: "A person or a team.")
    var owner: String
    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.assign(owner: owner)) }
  }

  struct Tag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tag exceptions.")

    @Option(help: "The tag.")
    var tag: String
    @Flag(help: "Take it off instead.")
    var remove = false
    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(remove ? .untag(tag) : .tag(tag)) }
  }

  struct Comment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Note something about exceptions.")

    @Option(help: "What there is to say.")
    var text: String
    @OptionGroup var work: ActionOptions

    func run() async throws { try await work.run(.comment(text)) }
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

  @Option(help: "Only this customer's.")
  var customer: String?

  @Option(help: "Only documents of this source.")
  var source: String?

  func selection() -> ExceptionSelection {
    ExceptionSelection(
      ids: ids, fingerprint: group, exceptionClass: exceptionClass,
      entities: entity.map { LegalEntityID($0) }, connection: connection.map { ConnectionID($0) },
      customer: customer, source: source)
  }
}
