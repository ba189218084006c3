internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Hands a window of documents over again.
struct ReplayVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Hand documents over again, by the time of their acceptance; nothing changes.",
    discussion: """
      Every document is answered as a repeat, and the command says so. A document whose stored \
      content is not what its hash says is listed.
      """)

  @OptionGroup var filter: FilterOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let result = try await Replay(
      store: store, commit: GroupCommit(store: store), acceptance: installation.acceptance,
      clock: installation.clock
    ).run(filter.filter(states: ListedStates.documents))
    if options.isJSON {
      var writer = JSONWriter()
      writer.object { writer in
        writer.key("documents")
        writer.number(result.documents)
        writer.key("repeats")
        writer.number(result.repeats)
        writer.key("isNoOp")
        writer.bool(result.isNothing)
        writer.key("others")
        writer.array { writer in
          for verdict in result.others { writer.write(verdict) }
        }
        writer.key("damaged")
        writer.array { writer in
          for identity in result.damaged { writer.string(identity.description) }
        }
      }
      Console.print(bytes: writer.bytes)
    } else if result.isNothing {
      Console.print(
        "\(result.documents) documents handed over again: all repeats, nothing changed.")
    } else {
      Console.print("\(result.documents) documents handed over again, \(result.repeats) repeats.")
      for identity in result.damaged {
        Console.print("\(identity): its content is not what its hash says")
      }
      for verdict in result.others {
        Console.print("\(verdict.id ?? ""): \(verdict.kind.rawValue)")
      }
    }
    if !result.isNothing { throw ExitStatus.doneWithTrouble.code }
  }
}
