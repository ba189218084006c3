internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Who acts.
struct ActorOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: "Who does it, for the audit trail. Default: the user of the operating system.")
  var name: String?

  var actor: String { name ?? NSUserName() }
}

/// What every action on exceptions takes.
struct ActionOptions: ParsableArguments {
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var who: ActorOptions
  @Flag(help: "Only tell what it would touch, and what the entries would become.")
  var dryRun = false
  @OptionGroup var options: GlobalOptions

  /// - Parameter takesAll: whether no selection means everything that is open.
  func run(_ action: ExceptionAction, takesAll: Bool = false) async throws {
    let selection = selection.selection()
    guard takesAll || selection.isNarrow else {
      throw Problem(
        code: "usage", detail: "Nothing says which exceptions are meant",
        fix: "Name ids, --group, --class, --entity, --connection, --customer or --source")
    }
    let installation = try Installation(options)
    let store = try installation.openBooks()
    try checkIDs(selection.ids, in: store)
    let outcome = try await installation.exceptionDesk(store).run(as: who.actor)
      .run(action, selection, isDryRun: dryRun)
    switch outcome {
    case .rows(let rows):
      ActionListing(rows: rows, isDryRun: dryRun).print(options)
      if !dryRun, rows.contains(where: \.result.isOpen) {
        throw ExitStatus.doneWithTrouble.code
      }
    case .proposed(let proposal):
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("proposal")
          writer.write(proposal)
        }
        Console.print(bytes: writer.bytes)
      } else {
        Console.print(
          "Proposal \(proposal.id ?? 0): \(proposal.action.text), for "
            + "\(proposal.exceptions.count) exception"
            + "\(proposal.exceptions.count == 1 ? "" : "s"). Another person approves it with "
            + "'postern exceptions approve \(proposal.id ?? 0)'.")
      }
    }
  }

  private func checkIDs(_ ids: [Int64], in store: SQLStore) throws {
    for id in ids where try store.read({ try $0.exception(id)?.state }) != .open {
      throw Problem(
        code: "not_found", pointer: String(id), detail: "No open exception has this id",
        fix: "See 'postern list exceptions --state open'")
    }
  }
}
