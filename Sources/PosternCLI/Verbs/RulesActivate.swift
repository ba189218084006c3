internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PostingEngine
internal import StrictJSON

/// Puts the rules in the folder in force.
struct RulesActivate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activate",
    abstract: "Put the rules in the folder in force.",
    discussion: """
      Where postern.yaml says 'activation: required', changed rules are used only after this; with \
      'secondPerson' the first call proposes them, and another person's puts them in force. Both \
      are kept in the audit log.
      """)

  @Option(help: "Why: the audit log keeps it.")
  var reason = ""

  @Option(help: "Who does it. Default: the user of this system.")
  var by = NSUserName()

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let rules = installation.rulesInForce
    let now = installation.clock.now
    let result = try await GroupCommit(store: try installation.openStore()).write { [by, reason] in
      try rules.activate(by: by, reason: reason, at: now, in: $0)
    }
    guard options.isJSON else {
      switch result {
      case .activated: Console.print("In force: \(rules.version)")
      case .proposed:
        Console.print("Proposed: \(rules.version). Another person has to run this as well.")
      case .alreadyInForce: Console.print("Already in force: \(rules.version)")
      }
      return
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("rulesVersion", rules.version)
      writer.key("inForce")
      writer.bool(result != .proposed)
    }
    Console.print(bytes: writer.bytes)
  }
}
