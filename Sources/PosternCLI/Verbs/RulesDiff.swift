internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import StrictJSON

/// Past documents through other rules.
struct RulesDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Put past documents through other rules, and show what would stand elsewhere.",
    discussion: """
      Compares the journal with what the rules of this configuration would make of the same \
      documents, or those of another folder with --against. Nothing is written. Exit status 1 says \
      that something would change.
      """)

  @Option(help: "Documents accepted from this day or moment on.")
  var since: String?

  @Option(help: "Documents accepted through this day or moment.")
  var until: String?

  @Option(help: "Only these legal entities; may be repeated.")
  var entity: [String] = []

  @Option(help: ArgumentHelp("The folder whose rules are tried.", valueName: "dir"))
  var against: String?

  @Flag(help: "Show the documents that would change, line by line.")
  var documents = false

  @Option(help: "At most so many documents are shown.")
  var limit = 1_000

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let rules =
      try against.map { try Installation.loader.load($0).rules } ?? installation.configuration.rules
    var wanted = RulesTrial.Options()
    let filter = try FilterOptions.window(since: since, until: until)
    wanted.since = filter.since
    wanted.until = filter.until
    wanted.entities = entity.isEmpty ? [] : try installation.entities(entity).map(\.entity.id)
    wanted.documentLimit = documents ? max(limit, 1) : 0
    wanted.workers = ProcessInfo.processInfo.activeProcessorCount
    let acceptance = Acceptance(
      ruleBook: rules, installation: installation.configuration.installation.id)
    let result = try await RulesTrial(acceptance, store: try installation.openStore()).run(wanted)
    if options.isJSON { Console.print(bytes: json(result, rules)) } else { show(result) }
    if result.changed > 0 { throw ExitStatus.doneWithTrouble.code }
  }

  private func show(_ result: TrialResult) {
    Console.print("\(result.looked) documents looked at, \(result.changed) would change.")
    for (reason, count) in result.stopped.sorted(by: { $0.key < $1.key }) {
      Console.print("\(count) of them would give no entries: \(reason)")
    }
    guard !result.changes.isEmpty else { return }
    var table = TextTable([
      ("Entity", .left), ("Period", .left), ("Account", .left), ("Before", .right),
      ("After", .right), ("Difference", .right), ("Documents", .right),
    ])
    for (place, change) in result.changes.sorted(by: { $0.key < $1.key }) {
      table.add([
        place.entity.code, place.period.text, place.account.code, change.before.description,
        change.after.description, change.difference.description, String(change.documents),
      ])
    }
    Console.print(table.text(width: Console.width))
    for (_, document) in result.documents {
      Console.print(
        "\(document.identity) revision \(document.revision)"
          + (document.because.map { ": \($0)" } ?? ""))
      for line in document.lines {
        Console.print(
          "  \(line.place.entity) \(line.place.period) \(line.place.account): \(line.before) → \(line.after)"
        )
      }
    }
  }

  private func json(_ result: TrialResult, _ rules: RuleBook) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("rulesVersion", rules.version)
      writer.key("documents")
      writer.number(result.looked)
      writer.key("changed")
      writer.number(result.changed)
      writer.key("stopped")
      writer.object { writer in
        for (reason, count) in result.stopped.sorted(by: { $0.key < $1.key }) {
          writer.key(reason)
          writer.number(count)
        }
      }
      writer.key("differences")
      writer.array { writer in
        for (place, change) in result.changes.sorted(by: { $0.key < $1.key }) {
          writer.object { writer in
            writer.members(of: place)
            writer.string("currency", change.before.currency.code)
            writer.money("before", change.before)
            writer.money("after", change.after)
            writer.money("difference", change.difference)
            writer.key("documents")
            writer.number(change.documents)
          }
        }
      }
      guard documents else { return }
      writer.key("changedDocuments")
      writer.array { writer in
        for (_, document) in result.documents { writer.write(document) }
      }
    }
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func members(of place: TrialResult.Place) {
    string("entity", place.entity.code)
    string("ledger", place.ledger)
    string("period", place.period.text)
    string("account", place.account.code)
  }

  fileprivate mutating func write(_ document: TrialResult.ChangedDocument) {
    object { writer in
      writer.string("source", document.identity.source)
      writer.string("type", document.identity.type.rawValue)
      writer.string("id", document.identity.id)
      writer.key("revision")
      writer.number(document.revision)
      writer.string("because", document.because)
      writer.key("lines")
      writer.array { writer in
        for line in document.lines {
          writer.object { writer in
            writer.members(of: line.place)
            writer.money("before", line.before)
            writer.money("after", line.after)
          }
        }
      }
    }
  }
}
